"""No search through all objects while torch is loaded, and none through torch's afterwards."""

import gc

import pytest

from segstudio.gui.models import Models
from segstudio.gui.training import Training
from segstudio.gui.training_loading import NEVER, USUAL, Loading
from segstudio.workflows import train as workflow


@pytest.fixture(autouse=True)
def nothing_frozen():
    gc.unfreeze()
    yield
    gc.unfreeze()
    assert gc.get_threshold() == USUAL


def full_searches(make):
    """Return how often all objects are looked through while ``make`` is called."""
    found = []

    def note(phase, info):
        if phase == "start" and info["generation"] == 2:
            found.append(info)

    gc.callbacks.append(note)
    try:
        kept = make()
    finally:
        gc.callbacks.remove(note)
    assert kept
    return len(found)


def many():
    """Return more objects than were there."""
    return [[] for _ in range(len(gc.get_objects()) + 500_000)]


def test_objects_that_come_while_loading_bring_no_full_search():
    assert full_searches(many) > 0
    with Loading():
        assert gc.get_threshold() == (*USUAL[:2], NEVER)
        assert full_searches(many) == 0


def test_what_was_loaded_is_never_looked_through_and_what_comes_later_is():
    with Loading() as loading:
        kept = many()
        loading.loaded()
        assert gc.get_freeze_count() >= len(kept)
        assert gc.get_threshold() == USUAL
    assert gc.isenabled()


def test_only_the_first_training_takes_all_for_here_to_stay():
    with Loading() as loading:
        loading.loaded()
        frozen = gc.get_freeze_count()
        later = [[] for _ in range(10_000)]
        loading.loaded()
    with Loading() as loading:
        loading.loaded()
    assert later
    assert gc.get_freeze_count() <= frozen


def test_a_training_that_ends_before_its_first_step_leaves_the_rest_to_the_next():
    with Loading():
        pass
    assert not gc.get_freeze_count()
    with pytest.raises(KeyError, match="ended"), Loading():
        raise KeyError("ended")
    assert not gc.get_freeze_count()


def test_a_training_in_the_window_has_loaded_with_its_first_step(session, monkeypatch, wait_idle):
    seen = []

    def train(project, choice, task, note, threads, device, resume=None):
        for entry in ({"untrained": {}}, {"step": 1, "loss": 1.0}):
            note({"step": 0, "seconds": 0.1} | entry)
            seen.append((gc.get_threshold()[2] == NEVER, gc.get_freeze_count() > 0))
        raise KeyError("ended")

    monkeypatch.setattr(workflow, "train", train)
    training = Training(session, Models(session))
    training.start()
    wait_idle()
    assert seen == [(True, False), (False, True)]
