import time

import numpy as np

from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.history import Entry, History
from segstudio.domain.tiles import TILE, Layer, Packed

SIZE = TILE * TILE + 64 + 256
"""Bytes of an edit of one new tile."""


def entry(id, held=True):
    tile = Packed(np.full((TILE, TILE), id, np.uint8))
    edit = Edit(f"edit {id}", (TileChange(1, Layer.MASK, (0, 0), None, tile),))
    assert edit.nbytes == SIZE
    return Entry(id, edit.text, float(id), frozenset({1}), edit if held else None)


def pushed(*ids):
    history = History()
    for id in ids:
        history.push(entry(id))
    return history


def ids(history):
    return [e.id for e in history.entries]


def test_stepping_back_and_forward():
    history = pushed(1, 2, 3)
    assert history.next_redo is None
    assert [history.step_back().id, history.step_back().id] == [3, 2]
    assert history.next_undo.id == 1
    assert history.next_redo.id == 2
    assert history.step_forward().id == 2
    history.step_back()
    history.step_back()
    assert history.next_undo is None


def test_a_push_after_undo_forgets_what_was_undone_but_never_reuses_its_id():
    history = pushed(1, 2, 3)
    history.step_back()
    history.step_back()
    assert history.next_id == 4
    history.push(entry(4))
    assert ids(history) == [1, 4]
    assert history.next_redo is None
    assert history.done == 2


def test_trimming_lets_go_of_the_oldest_edits_first():
    history = pushed(1, 2, 3, 4)
    history.trim(2 * SIZE)
    assert [e.edit is None for e in history.entries] == [True, True, False, False]
    assert ids(history) == [1, 2, 3, 4]
    assert history.done == 4


def test_the_newest_edit_is_held_however_large():
    history = pushed(1, 2)
    history.trim(1)
    assert [e.edit is None for e in history.entries] == [True, False]


def test_what_was_forgotten_does_not_count_against_the_budget():
    history = pushed(1, 2, 3)
    history.step_back()
    history.step_back()
    history.push(entry(4))
    history.trim(2 * SIZE)
    assert [e.edit is None for e in history.entries] == [False, False]


def test_pushing_on_a_trimmed_history_trims_on():
    history = pushed(1, 2, 3)
    history.trim(SIZE)
    history.push(entry(4))
    history.trim(2 * SIZE)
    assert [e.id for e in history.entries if e.edit] == [3, 4]


def test_an_edit_is_measured_anew_when_it_is_saved():
    history = pushed(1, 2, 3)
    for each in history.entries:
        assert each.size == SIZE
        each.edit.tiles[0].after.release()
        history.saved(each.id)
        assert each.size < 500
    history.saved(99)
    history.trim(1500)
    assert [e.edit is None for e in history.entries] == [False, False, False]


def test_ten_thousand_edits_are_trimmed_in_no_time():
    began = time.perf_counter()
    history = History()
    for id in range(10_000):
        history.push(entry(id % 200))
        history.saved(id % 200)
        if id > 100:
            history.trim(50 * SIZE)
    assert sum(e.edit is not None for e in history.entries) <= 50
    assert time.perf_counter() - began < 5


def test_forgetting_what_the_disk_has_dropped():
    history = pushed(1, 2, 3, 4)
    history.step_back()
    history.forget(3)
    assert ids(history) == [3, 4]
    assert history.done == 1
    history.forget(9)
    assert history.entries == []
    assert history.done == 0
    assert history.next_undo is history.next_redo is None


def test_a_history_from_disk_goes_on():
    history = History([entry(3, held=False), entry(8, held=False)], 1)
    assert history.next_undo.id == 3
    assert history.next_redo.id == 8
    assert history.next_id == 9
    assert History().next_id == 1
