import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiling import Tile
from segstudio.inference import whole
from segstudio.inference.whole import Holes, drawn, shrunk, stretched


def reader(pixels, valid=None, seen=None):
    def read(box):
        if seen is not None:
            seen.append(box)
        return Tile(pixels[box.slices], box, None if valid is None else valid[box.slices])

    return read


def test_a_large_picture_is_shrunk_part_by_part_to_the_same(monkeypatch):
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (12, 9, 3)).astype(np.uint8)
    pixels = np.kron(coarse, np.ones((64, 64, 1), np.uint8))
    at_once, _ = shrunk(reader(pixels), pixels.shape[:2], (24, 18), Quiet())
    monkeypatch.setattr(whole, "ENOUGH", 1000)
    monkeypatch.setattr(whole, "SIDE", 128)
    seen = []
    in_parts, _ = shrunk(reader(pixels, seen=seen), pixels.shape[:2], (24, 18), Quiet())
    assert max(max(box.shape) for box in seen) <= 128
    assert sum(box.area for box in seen) == pixels.shape[0] * pixels.shape[1]
    assert np.abs(in_parts.astype(int) - at_once).max() <= 1
    assert (in_parts[::2, ::2] == coarse).all()


def test_holes_are_remembered_over_parts():
    valid = np.ones((40, 50), bool)
    valid[10:20, 5:45] = False
    holes = Holes((40, 50))
    for box in Box(0, 0, 40, 50).tiles(16):
        holes.note(box, valid[box.slices])
    assert (holes.over(Box(0, 0, 40, 50)) == ~valid).all()
    assert (holes.over(Box(8, 30, 12, 50)) == ~valid[8:12, 30:50]).all()
    assert holes.over(Box(20, 0, 40, 50)) is None


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32, np.int32])
@pytest.mark.parametrize("bands", [1, 3, 6])
def test_numbers_of_any_kind_are_stretched(dtype, bands):
    pixels = np.full((7, 9, bands), 100, dtype)
    for size in ((3, 4), (20, 30), (3, 30)):
        found = stretched(pixels, *size)
        assert found.shape == (*size, bands)
        assert np.allclose(found, 100)


def test_an_answer_is_drawn_linearly_between_the_centres_of_its_pixels():
    logits = np.array([[[0.0, 4.0]]], np.float32)
    full = drawn(logits, Box(0, 0, 1, 8), (1, 8))[0, 0]
    # Centres at 2 and 6 of 8: 0 up to there, 4 from there on, a straight line between.
    assert full.tolist() == [0, 0, 0.5, 1.5, 2.5, 3.5, 4, 4]
    parts = [drawn(logits, Box(0, n, 1, n + 2), (1, 8))[0, 0] for n in range(0, 8, 2)]
    assert np.concatenate(parts).tolist() == full.tolist()
    one = drawn(np.ones((2, 1, 1), np.float32), Box(0, 0, 3, 5), (3, 5))
    assert (one == 1).all()


def test_shrinking_can_be_cancelled(monkeypatch):
    monkeypatch.setattr(whole, "ENOUGH", 100)
    monkeypatch.setattr(whole, "SIDE", 16)

    class Impatient:
        def report(self, done, total, text):
            if done == 2:
                raise Cancelled

    seen = []
    pixels = np.zeros((64, 64, 3), np.uint8)
    with pytest.raises(Cancelled):
        shrunk(reader(pixels, seen=seen), (64, 64), (8, 8), Impatient())
    assert len(seen) == 2
