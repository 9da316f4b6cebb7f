import random

import numpy as np
import pytest
from PySide6.QtGui import QColor

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.tiles import TILE, Layer, Packed
from segstudio.gui.canvas import overlay
from segstudio.gui.canvas.colours import argb, darker
from segstudio.gui.canvas.drawn import outline


def seen(session, layer=Layer.MASK):
    """Return the whole layer as it is to be seen, padded to whole tiles of every level."""
    side = TILE * 16
    whole = np.full((side, side), UNLABELLED, np.uint8)
    for row in range(3):
        for column in range(3):
            tile = session.tile(layer, (row, column))
            if tile is not None:
                whole[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE] = tile
    return whole


def check(qtbot, canvas, session, tiles):
    """Draw, wait for what the readers make, and compare each drawn tile with the mask."""
    canvas.grab()
    qtbot.waitUntil(lambda: not tiles._asked, timeout=10_000)
    canvas.grab()
    whole = seen(session, tiles.source.layer)
    assert tiles._tiles
    for (level, row, column), tile in tiles._tiles.items():
        part = whole[:: 1 << level, :: 1 << level]
        part = part[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
        if tile is None:
            assert (part == UNLABELLED).all()
        else:
            assert np.array_equal(tile.ids, part)


@pytest.mark.parametrize("at_once", [24, 0])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_drawn_is_every_nth_pixel_of_the_mask(
    qtbot, session, canvas, mouse, wait_idle, monkeypatch, seed, at_once
):
    monkeypatch.setattr(overlay, "AT_ONCE", at_once)
    rng = random.Random(seed)
    for step in range(12):
        session.view.choose_class(rng.randrange(3))
        session.view.set_brush(rng.choice([1, 7, 40, 150]))
        canvas.view.set_zoom(rng.choice([0.11, 0.24, 0.5, 0.7, 1.0, 3.0]))
        canvas.view.centre_on((rng.uniform(0, 700), rng.uniform(0, 530)))
        points = [(rng.uniform(-30, 730), rng.uniform(-30, 560)) for _ in range(3)]
        mouse("press", points[0])
        canvas.grab()
        for point in points[1:]:
            mouse("move", point)
        if step % 3 == 0:
            check(qtbot, canvas, session, canvas.over.mask)
        if step % 4 == 3:
            assert canvas.cancel_stroke()
        else:
            mouse("release", points[-1])
        check(qtbot, canvas, session, canvas.over.mask)
        if step % 5 == 4:
            session.undo()
            check(qtbot, canvas, session, canvas.over.mask)
    wait_idle()


def test_a_proposal_is_drawn_and_goes(qtbot, session, canvas, wait_idle):
    canvas.grab()
    ids = np.random.default_rng(0).integers(0, 3, (TILE, TILE), dtype=np.uint8)
    change = TileChange(1, Layer.PROPOSAL, (1, 1), None, Packed(ids))
    session.apply(Edit("Predict", (change,)))
    check(qtbot, canvas, session, canvas.over.proposal)
    assert any(tile is not None for tile in canvas.over.proposal._tiles.values())
    session.undo()
    check(qtbot, canvas, session, canvas.over.proposal)
    assert not any(
        tile is not None and (tile.ids != UNLABELLED).any()
        for tile in canvas.over.proposal._tiles.values()
    )
    wait_idle()


def test_another_image_shows_its_own_mask(qtbot, session, canvas, drag, open_image, wait_idle):
    drag((50, 50), (200, 150))
    check(qtbot, canvas, session, canvas.over.mask)
    open_image(2)
    check(qtbot, canvas, session, canvas.over.mask)
    assert all(tile is None for tile in canvas.over.mask._tiles.values())
    wait_idle()


def colour_at(canvas, x, y):
    place = canvas.view.to_view(x, y)
    return canvas.grab().toImage().pixelColor(int(place.x()), int(place.y()))


def test_pixels_have_the_colour_of_their_class_over_the_picture(session, canvas, drag, wait_idle):
    """Without a picture under it, the canvas itself shines through."""
    session.view.choose_class(1)
    session.view.set_brush(60)
    bare = colour_at(canvas, 300, 200)
    drag((250, 200), (350, 200))
    session.view.set_brush(1)
    canvas.pointer.go(None)
    painted = colour_at(canvas, 300, 200)
    wanted = [
        round(0.45 * of_class + 0.55 * under)
        for of_class, under in zip(
            session.class_of(1).colour, (bare.red(), bare.green(), bare.blue()), strict=True
        )
    ]
    found = (painted.red(), painted.green(), painted.blue())
    assert found == pytest.approx(wanted, abs=2)
    session.view.set_overlay(overlay=False)
    assert colour_at(canvas, 300, 200) == bare
    session.view.set_overlay(overlay=True, peeking=True)
    assert colour_at(canvas, 300, 200) == bare
    session.view.set_overlay(peeking=False)
    assert colour_at(canvas, 300, 200) == painted
    wait_idle()


def test_an_invisible_class_is_not_drawn(session, canvas, drag, wait_idle):
    from dataclasses import replace

    session.view.set_brush(60)
    session.view.choose_class(1)
    bare = colour_at(canvas, 300, 200)
    drag((250, 200), (350, 200))
    canvas.pointer.go(None)
    assert colour_at(canvas, 300, 200) != bare
    session.change_class(replace(session.class_of(1), visible=False))
    assert colour_at(canvas, 300, 200) == bare
    wait_idle()


def test_outlines_are_the_pixels_with_another_neighbour():
    ids = np.full((TILE, TILE), UNLABELLED, np.uint8)
    ids[10:20, 10:20] = 3
    found = outline(ids)
    assert (found[19, 10:20] == 3).all()
    assert (found[10:20, 19] == 3).all()
    assert (found[11:18, 11:18] == UNLABELLED).all()
    assert set(np.unique(found).tolist()) == {3, UNLABELLED}
    assert (outline(np.zeros((TILE, TILE), np.uint8)) == UNLABELLED).all()


def test_colours_for_qt():
    colour = QColor.fromRgba(argb((10, 20, 30), 0.5))
    assert (colour.red(), colour.green(), colour.blue(), colour.alpha()) == (10, 20, 30, 128)
    assert darker((80, 160, 8)) == (50, 100, 5)
