import pytest

from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.workflows.rethink import AROUND, LARGEST, WINDOW, window_of

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
