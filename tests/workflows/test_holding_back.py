"""Pictures that are held back stay so, however many are labelled after them."""

import numpy as np
import pytest

from segstudio.domain import states
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.records import ImageRecord, Split, State
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.workflows.holding_back import FACT, Before, held_back, note_split
from segstudio.workflows.labels import collect
from segstudio.workflows.shelf import Shelf


def pictures(count, seed=0):
    numbers = np.random.default_rng(seed).integers(0, 1 << 60, count)
    return [
        ImageRecord(n, "p", "p", 8, 8, hash=f"{number:016x}") for n, number in enumerate(numbers)
    ]


def hashes(images, ids):
    return frozenset(image.hash for image in images if image.id in ids)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_that_was_learned_from_is_measured_on(seed):
    images, before, learned = pictures(60, seed), Before(), frozenset()
    for count in range(5, 61, 5):
        held = held_back(images[:count], before)
        back = hashes(images[:count], held)
        assert not back & learned
        assert len(held) == count // 5
        learned |= hashes(images[:count], range(count)) - back
        before = Before(before.held | back, learned)


def test_where_blocks_were_held_back_before_new_pictures_are():
    images = pictures(6)
    before = Before(frozenset(), hashes(images, {0, 1, 2, 3}))
    assert held_back(images[:5], before) == {4}
    assert held_back(images[:4] + images[5:], before) == {5}


def test_where_all_was_learned_from_it_is_every_fifth():
    images = pictures(20)
    assert held_back(images, Before(frozenset(), hashes(images, range(20)))) == held_back(images)
    assert len(held_back(images)) == 4


@pytest.fixture
def pool(project):
    """Four labelled pictures to learn from, none to measure on."""
    rows = [states.changed(image, split=Split.POOL) for image in project.images()]
    project.apply(Edit("Split", rows=tuple(row for row in rows if row)))
    return project


def label(project, name):
    image = next(image for image in project.images() if image.name == name)
    change = TileChange(image.id, Layer.MASK, (0, 0), None, Packed.of(np.ones_like(blank())))
    state = states.changed(image, state=State.REVIEWED)
    project.apply(Edit("Paste", tiles=(change,)).with_rows([state]))


def test_a_project_remembers_what_was_learned_from(pool):
    shelf = Shelf()
    first = collect(pool, shelf, Quiet())
    note_split(pool, first.train, first.held)
    assert Before.of(pool).held == frozenset()  # blocks of pictures that were learned from
    for name in ("p5.png", "p6.png"):
        label(pool, name)
        found = collect(pool, shelf, Quiet())
        assert [example.name for example in found.held] == ["p5.png"]
        note_split(pool, found.train, found.held)
    assert len(Before.of(pool).learned) == 5
    shelf.close()


@pytest.mark.parametrize("text", ["{", "[]", "null", "{}", '{"held": 1, "learned": []}'])
def test_what_does_not_say_it_is_nothing(pool, text):
    pool.set_fact(FACT, text).result()
    assert Before.of(pool) == Before()


def test_a_training_notes_it(trained):
    names = {image.hash: image.name for image in trained.images()}
    before = Before.of(trained)
    assert {names[hash] for hash in before.learned} == {"p1.png", "p2.png", "p3.png"}
    assert {names[hash] for hash in before.held} == {"p4.png"}
