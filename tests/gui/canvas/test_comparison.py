"""The panes of a comparison on the canvas."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal
from PySide6.QtTest import QTest

from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.tiles import TILE, Layer, Packed
from segstudio.gui.canvas.comparison import Comparison
from segstudio.gui.canvas.handle import HIGH, SwipeHandle
from segstudio.gui.canvas.overlay import OverlayTiles
from segstudio.gui.canvas.panes import Pane, half, pane_at
from segstudio.gui.canvas.sources import compared
from segstudio.gui.comparing import Comparing, Mode


class Idle(QObject):
    """No model, and a picture that never comes."""

    changed = Signal()
    picture_ready = Signal(object, object)
    picture, current = None, None
    runs = ()


@pytest.fixture
def comparing(session, canvas, readers, wait_idle):
    idle = Idle(session)
    made = Comparing(session, idle, idle)
    canvas.compare(Comparison(made, session, canvas.over, readers))
    yield made
    wait_idle()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_the_second_half_begins_on_a_whole_pixel(ratio):
    for width in range(240, 1300, 7):
        at = half(width)
        assert at * ratio == int(at * ratio)
        assert abs(at - width / 2) <= 4


def test_every_point_lies_in_one_pane():
    panes = [Pane(QRect(0, 0, 100, 50), 0, None), Pane(QRect(100, 0, 80, 50), 100, None)]
    assert [pane_at(panes, QPointF(x, 5)) for x in (-3, 99.9, 100, 500)] == [
        panes[0], panes[0], panes[1], panes[1],
    ]  # fmt: skip
    assert panes[1].shown == QRect(0, 0, 80, 50)


def test_panes_fill_the_canvas_without_overlap(canvas, comparing):
    assert [pane.area for pane in canvas.panes()] == [canvas.rect()]
    comparing.toggle()
    for mode in Mode:
        comparing.set_mode(mode)
        for border in (0.0, 0.3, 1.0):
            comparing.move_border(border)
            panes = canvas.panes()
            assert sum(p.area.width() for p in panes) == canvas.width()
            assert all(p.area.height() == canvas.height() for p in panes)
            shifts = {p.shift for p in panes}
            assert len(shifts) == (2 if mode == Mode.SIDE else 1)
    comparing.close()
    assert len(canvas.panes()) == 1


def test_side_by_side_the_view_is_as_large_as_one_pane(canvas, comparing):
    comparing.toggle()
    comparing.set_mode(Mode.SIDE)
    assert canvas.view.size.width() == half(canvas.width())
    assert canvas.visible_box() == canvas.view.image
    canvas.resize(500, 300)
    assert canvas.view.size.width() == half(500)
    comparing.set_mode(Mode.DIFFERENCE)
    assert canvas.view.size.width() == 500


def test_what_changes_is_drawn_again_in_every_pane(canvas, comparing, monkeypatch):
    comparing.toggle()
    comparing.set_mode(Mode.SIDE)
    asked = []
    monkeypatch.setattr(canvas, "update", lambda *area: asked.append(area))
    rect = QRect(20, 30, 50, 40)
    canvas.update_view(rect.toRectF())
    shift = canvas.panes()[1].shift
    assert asked == [(rect,), (rect.translated(shift, 0),)]
    asked.clear()
    over_the_border = QRect(shift - 10, 30, 50, 40)
    canvas.update_view(over_the_border.toRectF())
    assert asked[0][0].right() == shift - 1


def check_difference(qtbot, canvas, session):
    canvas.grab()
    tiles = canvas.comparison._difference
    qtbot.waitUntil(lambda: not tiles._asked, timeout=10_000)
    box = session.image.box
    wanted = np.full((3 * TILE, 3 * TILE), 255, np.uint8)
    wanted[: box.height, : box.width] = compared(
        *(_shown(session, layer) for layer in (Layer.MASK, Layer.PROPOSAL))
    )
    found = [(place, tiles._tiles.get(place)) for place in tiles._tiles if place[0] == 0]
    for (_, row, column), tile in found:
        part = wanted[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
        assert np.array_equal(part, np.full_like(part, 255) if tile is None else tile.ids)
    return len(found)


def _shown(session, layer):
    """Return a layer as it is to be seen, the stroke in progress included."""
    box = session.image.box
    whole = np.full((3 * TILE, 3 * TILE), 255, np.uint8)
    for row in range(3):
        for column in range(3):
            tile = session.tile(layer, (row, column))
            if tile is not None:
                part = (
                    slice(row * TILE, (row + 1) * TILE),
                    slice(column * TILE, (column + 1) * TILE),
                )
                whole[part] = tile
    return whole[: box.height, : box.width]


def test_differences_follow_every_change_of_either(qtbot, session, canvas, comparing, mouse):
    session.view.choose_class(1)
    session.view.set_brush(30)
    canvas.view.set_zoom(1.0)
    comparing.toggle()
    comparing.set_mode(Mode.DIFFERENCE)
    assert check_difference(qtbot, canvas, session)
    ids = np.random.default_rng(0).integers(0, 3, (TILE, TILE), dtype=np.uint8)
    session.apply(Edit("Predict", (TileChange(1, Layer.PROPOSAL, (1, 1), None, Packed(ids)),)))
    assert check_difference(qtbot, canvas, session)
    mouse("press", (200, 200))
    for x in (260, 330, 400):
        mouse("move", (x, 320))
        assert check_difference(qtbot, canvas, session)
    assert canvas.cancel_stroke()
    assert check_difference(qtbot, canvas, session)
    comparing.set_mode(Mode.SWIPE)
    mouse("press", (300, 300))
    mouse("release", (320, 300))
    comparing.set_mode(Mode.DIFFERENCE)
    assert check_difference(qtbot, canvas, session)


def test_a_proposal_is_no_stronger_than_the_mask_while_both_are_compared(
    session, canvas, comparing
):
    def strengths():
        return [tiles._colours.fill[1] >> 24 for tiles in (canvas.over.mask, canvas.over.proposal)]

    canvas.over.recolour()
    mask, proposal = strengths()
    assert proposal > mask
    comparing.toggle()
    assert strengths() == [mask, mask]
    comparing.close()
    assert strengths() == [mask, proposal]


def test_nothing_is_left_behind(session, canvas, comparing, qtbot):
    before = len(canvas.over.findChildren(OverlayTiles))
    for _ in range(4):
        comparing.toggle()
        comparing.set_mode(Mode.DIFFERENCE)
        canvas.grab()
        comparing.close()
    qtbot.waitUntil(lambda: len(canvas.over.findChildren(OverlayTiles)) == before, timeout=5000)


def test_the_knob_follows_the_border_and_arrow_keys_move_it(canvas, comparing):
    knob = SwipeHandle(comparing, canvas)
    assert not knob.isVisible()
    comparing.toggle()
    assert knob.isVisible()
    assert abs(knob.geometry().center().x() - canvas.width() / 2) <= 1
    QTest.keyClick(knob, Qt.Key.Key_Left)
    assert comparing.border == pytest.approx(0.48)
    QTest.keyClick(knob, Qt.Key.Key_Right)
    QTest.keyClick(knob, Qt.Key.Key_Right)
    assert comparing.border == pytest.approx(0.52)
    assert abs(knob.geometry().center().x() - canvas.width() * 0.52) <= 1
    canvas.resize(400, 300)
    assert abs(knob.geometry().center().x() - 400 * 0.52) <= 1
    assert knob.geometry().top() == (300 - HIGH) // 2
    comparing.set_mode(Mode.SIDE)
    assert not knob.isVisible()
