import numpy as np

from segstudio.learning.dataset import Example
from segstudio.learning.holdout import BLOCK, split


def examples(count, shape=(200, 300)):
    rng = np.random.default_rng(0)
    return [
        Example(f"{n}.png", rng.integers(0, 255, (*shape, 3), np.uint8), mask(shape))
        for n in range(count)
    ]


def mask(shape):
    ids = np.zeros(shape, np.uint8)
    ids[:, shape[1] // 2 :] = 1
    ids[:10] = 255
    return ids


def names(found):
    return {example.name for example in found}


def test_every_fifth_picture_is_held_back():
    given = examples(40)
    found = split(given)
    assert len(found.held) == 8
    assert not found.indicative
    assert names(found.train) | names(found.held) == names(given)
    assert not names(found.train) & names(found.held)


def test_the_choice_depends_on_content_not_on_order():
    given = examples(12)
    assert names(split(given).held) == names(split(given[::-1]).held)
    hashed = [Example(e.name, e.pixels, e.mask, content=f"{n:02}") for n, e in enumerate(given)]
    assert names(split(hashed).held) == {"4.png", "9.png"}


def test_few_pictures_hold_back_blocks_and_the_figure_is_indicative():
    given = examples(2)
    found = split(given)
    assert found.indicative
    assert found.held
    whole = np.stack([e.read_mask() for e in given])
    train = np.stack([e.read_mask() for e in found.train])
    held = np.full_like(whole, 255)
    for example in found.held:
        held[int(example.name[0])] = example.read_mask()
    assert not ((train != 255) & (held != 255)).any()
    assert np.array_equal(np.where(train == 255, held, train), whole)
    share = (held != 255).sum() / (whole != 255).sum()
    assert 0.1 < share < 0.3
    rows, columns = np.nonzero(held[0] != 255)
    for row, column in {(r // BLOCK, c // BLOCK) for r, c in zip(rows, columns, strict=True)}:
        block = np.s_[row * BLOCK : (row + 1) * BLOCK, column * BLOCK : (column + 1) * BLOCK]
        assert (train[0][block] == 255).all()


def test_the_only_block_with_a_class_is_never_held_back():
    ids = np.full((200, 300), 255, np.uint8)
    ids[5:8, 5:200] = 0
    ids[100:103, 100:103] = 1
    found = split([Example("a", np.zeros((200, 300, 3), np.uint8), ids)])
    assert {0, 1} <= set(np.unique(found.train[0].read_mask()))
    assert len(found.held) == 1


def test_two_strokes_in_one_block_hold_nothing_back():
    ids = np.full((60, 60), 255, np.uint8)
    ids[5], ids[50] = 0, 1
    found = split([Example("a", np.zeros((60, 60, 3), np.uint8), ids)])
    assert found.held == []
    assert np.array_equal(found.train[0].read_mask(), ids)
