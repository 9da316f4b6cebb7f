"""Saving what is worked out picture by picture."""

from concurrent.futures import Future

from segstudio.workflows import saving
from segstudio.workflows.saving import Saver


def saved_to(places):
    def save(values):
        places.append(dict(values))
        done = Future()
        done.set_result(None)
        return done

    return save


def test_what_is_held_is_saved_after_a_while_and_at_the_end(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(saving.time, "monotonic", lambda: now[0])
    places = []
    saver = Saver(saved_to(places))
    saver.take(1, 0.5)
    assert places == []
    now[0] += saving.SAVE_EVERY + 1
    saver.take(2, 0.25)
    assert places == [{1: 0.5, 2: 0.25}]
    saver.take(3, 0.75)
    saver.flush()
    saver.flush()
    assert places == [{1: 0.5, 2: 0.25}, {3: 0.75}]
