import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.workflows.random_strokes import random_strokes


def layer(ids: np.ndarray) -> SparseLayer:
    builder = LayerBuilder(*ids.shape)
    builder.write(Box(0, 0, *ids.shape), ids)
    return SparseLayer(*ids.shape, builder.finish())


@pytest.fixture
def masks() -> list[SparseLayer]:
    """Two masks over several tiles: classes 1 and 7 by chance, ten pixels of 3, much of nothing."""
    random = np.random.default_rng(0)
    found = []
    for shape in ((300, 520), (40, 270)):
        ids = random.choice(np.array([1, 7, UNLABELLED], np.uint8), shape, p=[0.6, 0.1, 0.3])
        ids[0, :5] = 3
        found.append(layer(ids))
    return found


def counts(strokes: list[SparseLayer]) -> dict[int, int]:
    total = sum(one.counts() for one in strokes)
    return {int(id): int(total[id]) for id in np.flatnonzero(total)}


def test_so_many_pixels_of_each_class_are_kept(masks: list[SparseLayer]) -> None:
    strokes = random_strokes(masks, (1, 3, 7), 200, 0, Quiet())
    assert counts(strokes) == {1: 200, 3: 10, 7: 200}
    for mask, drawn in zip(masks, strokes, strict=True):
        assert drawn.box == mask.box
        kept, whole = drawn.read(drawn.box), mask.read(mask.box)
        assert (kept[kept != UNLABELLED] == whole[kept != UNLABELLED]).all()


def test_they_lie_in_all_masks_by_the_pixels_these_have(masks: list[SparseLayer]) -> None:
    strokes = random_strokes(masks, (1,), 20_000, 1, Quiet())
    shares = [one.counts()[1] / 20_000 for one in strokes]
    sizes = [mask.counts()[1] for mask in masks]
    assert shares == pytest.approx([size / sum(sizes) for size in sizes], abs=0.01)
    left = strokes[0].read(Box(0, 0, 300, 260)) == 1
    right = strokes[0].read(Box(0, 260, 300, 520)) == 1
    assert left.sum() == pytest.approx(right.sum(), rel=0.1)


def test_a_seed_gives_the_same_and_another_others(masks: list[SparseLayer]) -> None:
    one, two, other = (
        random_strokes(masks, (1, 7), 50, seed, Quiet())[0].read(masks[0].box) for seed in (4, 4, 5)
    )
    assert (one == two).all()
    assert (one != other).any()


def test_without_labels_there_are_none() -> None:
    assert random_strokes([], (1,), 50, 0, Quiet()) == []
    assert len(random_strokes([SparseLayer(30, 30)], (1,), 50, 0, Quiet())[0]) == 0
    assert len(random_strokes([layer(np.zeros((9, 9), np.uint8))], (1,), 5, 0, Quiet())[0]) == 0


def test_it_hears_cancel(masks: list[SparseLayer]) -> None:
    class Cancel:
        def report(self, done: int, total: int, text: str) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        random_strokes(masks, (1,), 5, 0, Cancel())
