"""Pipelines: kept in the project by name, taken over, applied to pictures."""

import threading

import pytest

from segstudio.domain.records import State
from segstudio.domain.tiles import Layer
from segstudio.gui.pipelining import Pipelining
from segstudio.interactive.cleanup import cleanups
from segstudio.methods.segmenter import segmenters
from segstudio.workflows.pipelines import read_pipelines

STEPS = (cleanups["remove_specks"](smaller_than=200_000, classes=(0,)),)


@pytest.fixture
def pipelining(session, proposing, wait_idle):
    made = Pipelining(session, proposing, lambda: [2])
    session.project_changed.emit()
    wait_idle()
    return made


@pytest.fixture
def tidy(proposing, pipelining, wait_idle):
    """A pipeline that makes everything bright, kept as "tidy"."""
    proposing.set_plan("threshold", segmenters["threshold"](thresholds=(90.0,)))
    proposing.set_class(1, 2)
    proposing.set_steps(STEPS)
    pipelining.save("tidy")
    wait_idle()
    return pipelining


def said(session):
    heard = []
    session.said.connect(lambda text, hint: heard.append(text))
    return heard


def test_what_is_saved_is_in_the_project_and_has_its_name(session, tidy):
    (kept,) = read_pipelines(session.project)
    assert (kept.name, kept.method, kept.places) == ("tidy", "threshold", {1: 2})
    assert kept.steps == list(STEPS)
    assert [pipeline.name for pipeline in tidy.saved] == ["tidy"]
    assert tidy.name == "tidy"


def test_a_name_that_is_none_is_refused(session, pipelining):
    heard = said(session)
    assert pipelining.save("   ") is None
    assert heard == ["this is no name for a pipeline"]


def test_taking_one_over_sets_all_of_it(proposing, tidy, wait_idle):
    proposing.set_plan("otsu", segmenters["otsu"]())
    proposing.set_steps([])
    tidy.take("tidy")
    wait_idle()
    plan = proposing.plan
    assert (plan.method, plan.settings.thresholds) == ("threshold", (90.0,))
    assert (plan.steps, plan.mapping, plan.together) == (STEPS, {1: 2}, False)
    assert proposing.regions.count == 2


def test_it_can_be_deleted(session, tidy, wait_idle):
    tidy.delete("tidy")
    wait_idle()
    assert read_pipelines(session.project) == []
    assert (list(tidy.saved), tidy.name) == ([], "")


@pytest.mark.parametrize(
    ("scope", "proposed"), [("image", {1}), ("selected", {2}), ("all", {1, 2})]
)
def test_it_is_applied_to_the_pictures_asked_for(session, tidy, wait_idle, scope, proposed):
    tidy.set_scope(scope)
    tidy.apply()
    wait_idle()
    states = {id: image.state for id, image in session.images.items()}
    assert {id for id, state in states.items() if state == State.PROPOSED} == proposed
    for id in proposed:
        ids = session.project.layers(session.images[id]).proposal.read(session.images[id].box)
        assert (ids == 2).all()
    session.undo()
    wait_idle()
    assert all(image.state == State.UNLABELLED for image in session.images.values())


def test_accepting_at_once_spares_what_was_painted(session, tidy, stroke, wait_idle):
    stroke((100, 100), (200, 100), value=1)
    tidy.accepting = True
    tidy.apply()
    wait_idle()
    mask = session.read(Layer.MASK, session.image.box)
    assert (mask[100, 100:200] == 1).all()
    assert (mask[300] == 2).all()


def test_reviewed_pictures_are_left_out_of_all(session, tidy):
    session.set_image([2], "Mark reviewed", state=State.REVIEWED)
    tidy.set_scope("all")
    assert tidy.ids() == [1]


def test_without_pictures_there_is_a_sentence(session, tidy):
    heard = said(session)
    session.close_image()
    assert tidy.apply() is None
    assert heard == ["there is no picture to propose for"]


def test_what_was_done_before_it_was_cancelled_is_kept(
    qtbot, session, tidy, wait_idle, monkeypatch
):
    from segstudio.workflows import segment

    first, go_on = threading.Event(), threading.Event()
    real = segment.segment

    def slow(segmenter, state, picture, task):
        if picture.image.id == 2:
            first.set()
            go_on.wait(10)
            task.report(0, 1, "")
        yield from real(segmenter, state, picture, task)

    monkeypatch.setattr(segment, "segment", slow)
    heard = said(session)
    tidy.set_scope("all")
    job = tidy.apply()
    qtbot.waitUntil(first.is_set)
    job.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: bool(heard))
    wait_idle()
    states = {id: image.state for id, image in session.images.items()}
    assert states == {1: State.PROPOSED, 2: State.UNLABELLED}
    assert heard == ["tidy was stopped: 1 picture has a proposal"]
