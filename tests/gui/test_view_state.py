import pytest

from segstudio.gui.view_state import BRUSH_LARGEST, ViewState


@pytest.fixture
def view():
    return ViewState()


@pytest.mark.parametrize("size", [1, 2, 9, 10, 11, 39, 40, 95, 999, BRUSH_LARGEST])
@pytest.mark.parametrize("steps", [[1], [-1], [1, 1, -1, -1], [-1] * 5, [1] * 60, [-1] * 60])
def test_as_many_steps_back_end_where_they_began(view, size, steps):
    view.set_brush(size)
    sizes = [view.brush]
    for step in steps:
        view.step_brush(step)
        assert 1 <= view.brush <= BRUSH_LARGEST
        if view.brush != sizes[-1]:
            sizes.append(view.brush)
    if steps in ([1, 1, -1, -1], [-1] * 60, [1] * 60):
        up = steps[-1] == 1
        while view.brush != size:
            before = view.brush
            view.step_brush(-1 if up else 1)
            assert view.brush != before, "it never comes back"
    view.step_brush(0)
    assert len(sizes) > 1 or size in (1, BRUSH_LARGEST)


def test_a_step_there_and_one_back_is_the_same_size(view):
    view.set_brush(40)
    view.step_brush(-1)
    assert view.brush == 36
    view.step_brush(1)
    assert view.brush == 40
    view.step_brush(3)
    view.step_brush(-3)
    assert view.brush == 40


def test_a_size_that_is_set_is_the_one_steps_count_from(view):
    view.step_brush(-2)
    view.set_brush(95)
    view.step_brush(1)
    view.step_brush(-1)
    assert view.brush == 95


def test_one_class_alone_is_told_once(view):
    told = []
    view.overlay_changed.connect(lambda: told.append(view.solo))
    view.set_solo(2)
    view.set_solo(2)
    view.set_solo(None)
    assert told == [2, None]


def test_what_lies_over_the_picture_is_told_only_where_it_changes(view):
    told = []
    view.overlay_changed.connect(lambda: told.append(view.hatch))
    view.set_overlay(hatch=True)
    view.set_overlay(hatch=True, opacity=view.opacity)
    assert told == [True]
