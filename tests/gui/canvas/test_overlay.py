import random
import threading

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, Layer, Packed, SparseLayer, blank, tile_box
from segstudio.gui.canvas import held, overlay
from segstudio.gui.canvas.drawn import decimated, finer, under
from segstudio.gui.canvas.overlay import OverlayTiles
from segstudio.gui.canvas.sources import Still
from segstudio.gui.canvas.viewport import Viewport


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
    assert list(tiles._tiles)
    for level, row, column in tiles._tiles:
        tile = tiles._tiles.get((level, row, column))
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
    assert canvas.over.proposal._tiles.drawn()
    session.undo()
    check(qtbot, canvas, session, canvas.over.proposal)
    assert not any(
        (tile.ids != UNLABELLED).any() for _, tile in canvas.over.proposal._tiles.drawn()
    )
    wait_idle()


def test_another_image_shows_its_own_mask(qtbot, session, canvas, drag, open_image, wait_idle):
    drag((50, 50), (200, 150))
    check(qtbot, canvas, session, canvas.over.mask)
    open_image(2)
    check(qtbot, canvas, session, canvas.over.mask)
    assert not canvas.over.mask._tiles.drawn()
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


# -- large masks ---------------------------------------------------------------------


class Large:
    """A mask of 120 × 120 tiles, which counts what it is asked for and in which thread."""

    def __init__(self):
        ids = np.zeros((TILE, TILE), np.uint8)
        ids[::2] = 1
        tile = Packed.of(ids)
        tile.release()
        self.layer = SparseLayer(SIDE, SIDE)
        for row in range(SIDE // TILE):
            for column in range(SIDE // TILE):
                self.layer.put((row, column), tile)
        self.main = threading.get_ident()
        self.unpacked = self.looked = 0

    box = Box(0, 0, 120 * TILE, 120 * TILE)

    def __len__(self):
        return len(self.layer)

    def __iter__(self):
        self.looked += threading.get_ident() == self.main
        return iter(self.layer)

    def __contains__(self, key):
        self.looked += threading.get_ident() == self.main
        return key in self.layer

    def tile(self, key, stride):
        self.unpacked += threading.get_ident() == self.main
        return self.layer.get(key).array[::stride, ::stride]

    def snapshot(self):
        return Still(self.layer.copy())

    def unsettled(self):
        return []


SIDE = 120 * TILE


@pytest.fixture
def large(qtbot, readers):
    """Draw a mask of 14,400 tiles at any zoom."""
    parent = QObject()
    source = Large()
    tiles = OverlayTiles(source, readers, parent)
    view = Viewport()
    view.resize(1200, 800)
    view.show(source.box)
    target = QImage(1200, 800, QImage.Format.Format_RGB32)

    def paint():
        """Paint once; return how many tiles were looked for and unpacked meanwhile."""
        source.looked = source.unpacked = 0
        painter = QPainter(target)
        tiles.draw(painter, view, view.box(QRectF(0, 0, 1200, 800)), 1.0)
        painter.end()
        return source.looked, source.unpacked

    yield source, tiles, view, paint
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    del parent


def test_no_painting_of_a_large_mask_unpacks_or_looks_for_much(qtbot, large):
    _, tiles, view, paint = large
    for step in range(40):
        looked, unpacked = paint()
        assert looked <= overlay.SCANNED
        assert unpacked <= overlay.AT_ONCE
        view.zoom_at(QPointF(700, 300), 1.35 if step < 20 else 1 / 1.35)
        view.pan(QPointF(37, -21))
        if step % 3 == 0:
            qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    assert paint() == (0, 0)  # all of it is drawn


def test_what_is_drawn_of_a_large_mask_is_right(qtbot, large):
    source, tiles, view, paint = large
    for zoom in (0.026, 0.06, 0.2, 1.0, 0.3, 0.026):
        view.set_zoom(zoom)
        paint()
        qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
        paint()
    for level, row, column in tiles._tiles:
        tile = tiles._tiles.get((level, row, column))
        wanted = np.full((TILE, TILE), UNLABELLED, np.uint8)
        keys = under(source, (level, row, column))
        wanted = decimated(source, (level, row, column), keys)
        assert np.array_equal(wanted, tile.ids if tile else blank())


def test_drawn_tiles_keep_to_their_bytes(qtbot, large, monkeypatch):
    _, tiles, view, paint = large
    monkeypatch.setattr(held, "BUDGET", 40 * held.NBYTES)
    view.set_zoom(1.0)
    for _ in range(30):
        view.pan(QPointF(-200, -100))
        paint()
        qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
        taken = sum(held.NBYTES for _, tile in tiles._tiles.drawn())
        assert taken <= tiles._tiles.nbytes <= 40 * held.NBYTES


def test_a_change_everywhere_is_made_by_the_readers_and_the_old_is_shown_until_then(qtbot, large):
    source, tiles, view, paint = large
    paint()
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    paint()
    assert tiles._tiles.drawn()
    other = Packed.of(np.full((TILE, TILE), 2, np.uint8))
    for key in list(source.layer):
        source.layer.put(key, other)
    source.unpacked = 0
    tiles.patch([tile_box(key) for key in source.layer], view.level(12))
    assert source.unpacked == 0
    before = {place: tile.ids[0, 0] for place, tile in tiles._tiles.drawn()}
    assert set(before.values()) == {1}
    assert paint()[1] == 0
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    paint()
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    after = {tile.ids[0, 0] for place, tile in tiles._tiles.drawn()}
    assert after == {2}


def test_zooming_out_composes_what_is_drawn(qtbot, large):
    _, tiles, view, paint = large
    view.set_zoom(0.5)
    paint()
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    paint()
    place = next(p for p in tiles._tiles if p[0] == 1)
    whole = (2, place[1] // 2, place[2] // 2)
    for part in finer(whole):
        if part not in tiles._tiles:
            tiles._ask(part)
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    assert tiles._composed(whole)
    assert np.array_equal(
        tiles._tiles.get(whole).ids[:128, :128], tiles._tiles.get(finer(whole)[0]).ids[::2, ::2]
    )


def test_nothing_out_of_date_is_kept_where_one_zooms_before_it_is_made_anew(qtbot, large, readers):
    source, tiles, view, paint = large

    def settle():
        paint()
        qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
        paint()

    for zoom in (1.0, 0.5):
        view.set_zoom(zoom)
        settle()
    other = Packed.of(np.full((TILE, TILE), 2, np.uint8))
    for key in list(source.layer):
        source.layer.put(key, other)
    tiles.patch([tile_box(key) for key in source.layer], view.level(12))
    go_on = threading.Event()
    for _ in range(2):  # as many as there are readers
        readers.submit(go_on.wait)
    paint()
    assert tiles._asked
    view.set_zoom(0.25)  # the tiles that were asked for are taken back
    paint()
    view.set_zoom(0.5)
    paint()
    view.set_zoom(0.25)
    paint()
    go_on.set()
    for zoom in (0.25, 0.5, 1.0):
        view.set_zoom(zoom)
        settle()
        drawn = [tile.ids for _, tile in tiles._tiles.drawn()]
        assert drawn
        assert {int(ids.max()) for ids in drawn if (ids != UNLABELLED).all()} == {2}


def test_tiles_that_are_being_made_anew_are_not_composed(qtbot, large, readers):
    _, tiles, view, paint = large
    view.set_zoom(0.5)
    paint()
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    place = next(p for p in tiles._tiles if p[0] == 1)
    whole = (2, place[1] // 2, place[2] // 2)
    for part in finer(whole):
        tiles._tiles.keep(part, blank())
    tiles._tiles.stale |= set(finer(whole))
    assert not tiles._composed(whole)
    go_on = threading.Event()
    for _ in range(2):
        readers.submit(go_on.wait)
    tiles._ask(finer(whole)[3])
    tiles._tiles.stale.clear()
    assert not tiles._composed(whole)
    go_on.set()
    qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
    assert tiles._composed(whole)


def test_a_change_everywhere_while_tiles_are_being_made_reaches_them_too(qtbot, large, readers):
    source, tiles, view, paint = large
    go_on = threading.Event()
    for _ in range(2):
        readers.submit(go_on.wait)
    paint()
    assert tiles._asked
    other = Packed.of(np.full((TILE, TILE), 2, np.uint8))
    for key in list(source.layer):
        source.layer.put(key, other)
    tiles.patch([tile_box(key) for key in source.layer], view.level(12))
    go_on.set()
    for _ in range(2):
        qtbot.waitUntil(lambda: not tiles._asked, timeout=20_000)
        paint()
    assert {int(tile.ids[0, 0]) for _, tile in tiles._tiles.drawn()} == {2}
