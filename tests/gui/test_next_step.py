from collections import Counter

import pytest

from segstudio.domain.classes import LabelClass
from segstudio.domain.records import State
from segstudio.gui.next_step import next_step
from segstudio.gui.session import Session

NOTHING = {"preview": False, "model": False, "queue": False, "training": False}


@pytest.fixture
def named(session):
    """Return the text and the command of the next step; what is true can be given."""

    def named(**true):
        states = Counter(image.state for image in session.images.values())
        step = next_step(session, states, **{**NOTHING, **true})
        return step.text, step.command

    return named


def test_without_a_project_it_asks_for_pictures(jobs):
    step = next_step(Session(jobs), {}, **NOTHING)
    assert step.command == "new_project"


def test_labelling_comes_first_and_is_done_by_hand(named):
    assert named() == ("label 4 more pictures, then Train", "")


def test_a_queue_leads_to_what_is_labelled_first(named):
    assert named(queue=True) == ("label 4 more pictures, then Train", "queue_next")


def test_what_waits_for_an_answer_goes_before_all_else(named):
    assert named(preview=True, training=True) == ("accept or discard the preview", "accept")


def test_while_a_network_learns_labelling_goes_on(named):
    text, command = named(training=True)
    assert (text, command) == ("go on labelling while the network learns", "")


def test_enough_labels_ask_for_training(session, named, monkeypatch, wait_saved):
    monkeypatch.setattr("segstudio.gui.next_step.ENOUGH", 2)
    session.set_image([1], "Work", state=State.IN_WORK)
    assert named() == ("label 1 more picture, then Train", "")
    session.set_image([2], "Work", state=State.IN_WORK)
    assert named()[1] == "train"
    assert named(model=True)[1] == "rank"
    assert named(model=True, queue=True)[1] == "queue_next"
    session.set_image([1, 2], "Review", state=State.REVIEWED)
    assert named(model=True, queue=True)[1] == "export"
    wait_saved()


def test_one_class_is_not_enough(session, named):
    session.classes[:] = [LabelClass(0, "background", (127, 127, 127))]
    assert named()[0].startswith("add a second class")
