import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.interactive.patch import Patch
from segstudio.workflows import rethink
from segstudio.workflows.rethink import AROUND, LARGEST, WINDOW, Rethinker, Sources, window_of

IMAGE = Box(0, 0, 9000, 12000)


@pytest.mark.parametrize("side", [1, 40, 300, 700])
def test_only_a_window_around_the_stroke_is_looked_at(side):
    drawn = Box(4000, 4000, 4000 + side, 4000 + side // 2 + 1)
    window = window_of(drawn, IMAGE)
    assert window.joined(drawn) == window
    assert max(window.shape) <= max(WINDOW, side + 2 * AROUND[0])
    assert drawn.top - window.top >= AROUND[0] - 30


def test_it_ends_at_the_picture_and_gigantic_strokes_are_refused():
    assert window_of(Box(0, 0, 10, 10), IMAGE).top == 0
    with pytest.raises(UserError, match="too many to think about"):
        window_of(Box(0, 0, 10, LARGEST + 1), IMAGE)


class Seeing:
    """Thinks that a bright square is its second class, and the rest its first."""

    def probabilities(self, pixels):
        bright = (pixels[..., 0] > 128).astype(np.float32)
        second = 0.1 + 0.8 * bright
        return np.stack([0.95 - second, second, np.full_like(second, 0.05)])


@pytest.mark.parametrize("boxed", [False, True])
def test_channels_are_classes_of_the_project_by_their_numbers(monkeypatch, boxed):
    """Class 4 is the second channel; that class 1 has its place as number means nothing."""
    square = Box(200, 220, 280, 330)
    pixels = np.full((500, 600, 3), 60, np.uint8)
    pixels[square.slices] = 190
    ids = np.full((500, 600), 255, np.uint8)
    ids[230:240, 240:300] = 1
    sources = Sources(
        Box(0, 0, 500, 600),
        lambda box: pixels[box.slices],
        lambda box: pixels[box.slices],
        lambda box: ids[box.slices].copy(),
    )
    opened = rethink._Open(None, "1", Seeing(), (9, 4, 255))
    monkeypatch.setattr(Rethinker, "_opened", lambda self, project: opened)
    mark = Patch.whole(Box(215, 235, 225, 315))
    box = square.grown(20) if boxed else None
    found = Rethinker().think(None, sources, mark, box, 4, Quiet()).over(sources.image)
    truth = Patch.whole(square).over(sources.image)
    assert (found & truth).sum() / (found | truth).sum() > 0.95
    assert found[230:240, 240:300].all()
