import numpy as np
import pytest

from segstudio.imaging.adjacency import Borders, Unions


def by_hand(labels, heights):
    """Return the length and the lowest pass of each border, pixel by pixel."""
    found = {}
    height, width = labels.shape
    for y in range(height):
        for x in range(width):
            for other in ((y + 1, x), (y, x + 1)):
                if other[0] < height and other[1] < width and labels[other] != labels[y, x]:
                    pair = tuple(sorted((int(labels[other]), int(labels[y, x]))))
                    length, lowest = found.get(pair, (0, np.inf))
                    found[pair] = length + 1, min(lowest, max(heights[other], heights[y, x]))
    return found


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (8, 1), (2, 2), (17, 23)])
@pytest.mark.parametrize("count", [1, 2, 12])
def test_pairs_lengths_and_passes_are_those_counted_by_hand(shape, count):
    rng = np.random.default_rng(count)
    labels = rng.integers(0, count, shape).astype(np.int32)
    heights = rng.random(shape).astype(np.float32)
    borders = Borders.of(labels)
    lowest = borders.lowest(heights)
    found = {
        (one, other): (length, low)
        for (one, other), length, low in zip(
            borders.pairs.tolist(), borders.lengths.tolist(), lowest, strict=True
        )
    }
    assert found == by_hand(labels, heights)
    assert borders.pairs.tolist() == sorted(borders.pairs.tolist())


def test_unions_are_numbered_without_gaps():
    unions = Unions(6)
    unions.unite(4, 1)
    unions.unite(2, 5)
    unions.unite(unions.of(1), unions.of(5))
    numbers = unions.numbers().tolist()
    assert sorted(set(numbers)) == [0, 1, 2]
    assert numbers[1] == numbers[2] == numbers[4] == numbers[5]
    assert len({numbers[0], numbers[3], numbers[1]}) == 3
