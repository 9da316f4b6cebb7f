"""Tiles of the picture: what is asked for, what is drawn meanwhile, what cannot be read."""

from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.gui.canvas import pixels
from segstudio.gui.canvas.pixels import PixelTiles, as_qimage
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.coarse import Coarse
from segstudio.store.display import Display
from segstudio.store.formats import PictureInfo

SIDE = 2048
PLAIN = Display((0, 1, 2), (0.0,) * 3, (255.0,) * 3)
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@dataclass
class Painted:
    """A picture of one colour whose reads are counted, and can be made to fail."""

    colour: tuple[int, int, int] = RED
    side: int = SIDE
    coarsest: int = 1 << 30
    nbytes: int = 1
    broken: bool = False
    valid: bool = True
    reads: list[tuple[Box, int]] = field(default_factory=list)

    @property
    def info(self):
        return PictureInfo(self.side, self.side, 3, "uint8", "TIFF")

    def read(self, box, stride=1):
        self.reads.append((box, stride))
        if self.broken:
            raise UserError("the drive is gone", "plug it in")
        shape = -(-box.height // stride), -(-box.width // stride)
        data = np.empty((*shape, 3), np.uint8)
        data[:] = self.colour
        return Tile(data, box, None if self.valid else np.zeros(shape, bool))

    def close(self):
        pass


class Waiting:
    """Readers that read only when told to."""

    def __init__(self):
        self.tasks = []

    def submit(self, work):
        future = Future()
        self.tasks.append((future, work))
        return future

    def go(self):
        tasks, self.tasks = self.tasks, []
        for future, work in tasks:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except UserError as error:
                    future.set_exception(error)


@pytest.fixture
def waiting():
    return Waiting()


@pytest.fixture
def tiles(qapp, waiting):
    parent = QObject()
    yield PixelTiles(waiting, parent)
    parent.deleteLater()


@pytest.fixture
def view():
    view = Viewport()
    view.resize(600, 400)
    view.show(Box(0, 0, SIDE, SIDE))
    view.zoom = 1.0
    view.centre_on((SIDE / 2, SIDE / 2))
    return view


def draw(tiles, view):
    """Return what is on the screen, a colour a pixel."""
    image = QImage(QSize(600, 400), QImage.Format.Format_RGB32)
    image.fill(0xFF010203)
    painter = QPainter(image)
    tiles.draw(painter, view, view.box(image.rect()), 1.0)
    painter.end()
    return image


def colours(image):
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return {
        tuple(int(v) for v in bgr[::-1]) for bgr in np.unique(data[..., :3].reshape(-1, 3), axis=0)
    }


def settle(waiting, qapp):
    waiting.go()
    qapp.processEvents()


def show(tiles, picture, display=PLAIN, coarse=None):
    tiles.image = picture.info.box
    if coarse is not None:
        data = np.empty((64, 64, 3), np.uint8)
        data[:] = coarse
        tiles.show_coarse(tiles.image, Coarse(data, picture.side // 64, tiles.image))
    tiles.show(picture, display)


def test_coarse_first_then_sharp(tiles, view, waiting, qapp):
    picture = Painted()
    show(tiles, picture, coarse=GREEN)
    assert colours(draw(tiles, view)) == {GREEN}
    assert not tiles.complete
    settle(waiting, qapp)
    assert tiles.complete
    assert colours(draw(tiles, view)) == {RED}
    assert {stride for _, stride in picture.reads} == {1}
    assert len(picture.reads) == 4


def test_old_tiles_stay_until_the_new_display_is_made(tiles, view, waiting, qapp):
    show(tiles, Painted(), coarse=GREEN)
    draw(tiles, view)
    settle(waiting, qapp)
    tiles.set_display(replace(PLAIN, bands=(2, 1, 0)))
    assert colours(draw(tiles, view)) == {RED}
    settle(waiting, qapp)
    assert colours(draw(tiles, view)) == {BLUE}
    assert tiles.complete


def test_the_same_display_makes_nothing_anew(tiles, view, waiting, qapp):
    show(tiles, Painted())
    draw(tiles, view)
    settle(waiting, qapp)
    tiles.set_display(replace(PLAIN))
    draw(tiles, view)
    assert not waiting.tasks


def test_a_display_that_comes_while_tiles_are_made_is_shown_in_the_end(tiles, view, waiting, qapp):
    show(tiles, Painted())
    draw(tiles, view)
    tiles.set_display(replace(PLAIN, bands=(2, 1, 0)))
    settle(waiting, qapp)
    draw(tiles, view)
    settle(waiting, qapp)
    assert colours(draw(tiles, view)) == {BLUE}


def test_numbers_of_rasters_are_kept_so_that_another_display_reads_nothing(
    tiles, view, waiting, qapp
):
    picture = Painted(nbytes=0)
    show(tiles, picture)
    draw(tiles, view)
    settle(waiting, qapp)
    read = len(picture.reads)
    tiles.set_display(replace(PLAIN, brightness=0.1))
    draw(tiles, view)
    settle(waiting, qapp)
    assert len(picture.reads) == read


def test_the_budget_is_kept(tiles, view, waiting, qapp, monkeypatch):
    tiles._tiles.budget, tiles._raw.budget = 3 * 512 * 512 * 4, 2 * 512 * 512 * 3
    show(tiles, Painted(nbytes=0))
    for x in range(256, SIDE, 512):
        for y in range(256, SIDE, 512):
            view.centre_on((x, y))
            draw(tiles, view)
            settle(waiting, qapp)
    assert len(tiles._tiles) == 3
    assert tiles.nbytes <= 3 * 512 * 512 * 4 + 2 * 512 * 512 * 3


def test_what_the_coarse_picture_shows_as_well_is_not_read(tiles, view, waiting):
    picture = Painted()
    show(tiles, picture, coarse=GREEN)  # 32 times smaller
    view.zoom = 1 / 33
    view.centre_on((SIDE / 2, SIDE / 2))
    tiles.image = picture.info.box
    assert view.level(5) == 5
    image = QImage(QSize(600, 400), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    coarse = Coarse(np.zeros((512, 512, 3), np.uint8), 4, tiles.image)
    tiles.show_coarse(tiles.image, coarse)
    tiles.draw(painter, view, tiles.image, 1.0)
    painter.end()
    assert not waiting.tasks


def test_no_tile_is_asked_for_that_takes_too_much_reading(tiles, view, waiting, qapp):
    vast = Painted(side=1 << 15, coarsest=1)
    tiles.image = view.image = vast.info.box
    data = np.zeros((512, 512, 3), np.uint8)
    data[:] = GREEN
    tiles.show_coarse(tiles.image, Coarse(data, 64, tiles.image))
    tiles.show(vast, PLAIN)
    for zoom, asked in ((1 / 16, False), (1 / 2, True)):
        view.zoom = zoom
        view.centre_on((1 << 14, 1 << 14))
        assert colours(draw(tiles, view)) == {GREEN}
        assert bool(waiting.tasks) == asked
    settle(waiting, qapp)
    view.zoom = 1 / 16
    view.centre_on((1 << 14, 1 << 14))
    vast.coarsest = 16  # now that there are overviews
    draw(tiles, view)
    assert waiting.tasks


def test_sharper_tiles_of_other_levels_stand_in(tiles, view, waiting, qapp):
    show(tiles, Painted(), coarse=GREEN)
    view.zoom = 0.25
    view.centre_on((SIDE / 2, SIDE / 2))
    draw(tiles, view)
    settle(waiting, qapp)
    view.zoom = 1.0
    view.centre_on((SIDE / 2, SIDE / 2))
    assert colours(draw(tiles, view)) == {RED}  # from the level above, not the coarse picture
    settle(waiting, qapp)
    tiles.show(Painted(), PLAIN)
    draw(tiles, view)
    settle(waiting, qapp)
    view.zoom = 0.5
    view.centre_on((SIDE / 2, SIDE / 2))
    assert RED in colours(draw(tiles, view))  # from the level below


def test_requests_that_are_out_of_sight_are_taken_back(tiles, view, waiting, qapp):
    picture = Painted()
    show(tiles, picture)
    draw(tiles, view)
    view.centre_on((200, 200))
    draw(tiles, view)
    settle(waiting, qapp)
    assert {box.top for box, _ in picture.reads} == {0}


def test_invalid_pixels_let_the_board_through(tiles, view, waiting, qapp):
    show(tiles, Painted(valid=False))
    draw(tiles, view)
    settle(waiting, qapp)
    seen = colours(draw(tiles, view))
    assert len(seen) == 2  # the two colours of the board
    assert not seen & {RED, (1, 2, 3)}


def test_what_cannot_be_read_is_said_once_and_tried_again_when_the_view_has_moved(
    tiles, view, waiting, qapp, qtbot, monkeypatch
):
    monkeypatch.setattr(pixels, "PATIENCE", -1)
    picture = Painted(broken=True)
    said = []
    tiles.failed.connect(said.append)
    show(tiles, picture, coarse=GREEN)
    draw(tiles, view)
    settle(waiting, qapp)
    assert len(said) == 1
    assert len(picture.reads) == 4
    assert len(colours(draw(tiles, view))) > 1  # hatched
    for _ in range(5):  # painting again is no reason to read again
        draw(tiles, view)
        settle(waiting, qapp)
    assert len(picture.reads) == 4
    view.centre_on((SIDE / 2 + 1, SIDE / 2))
    draw(tiles, view)
    settle(waiting, qapp)
    assert len(picture.reads) == 8
    assert len(said) == 1
    picture.broken = False
    view.centre_on((SIDE / 2 + 2, SIDE / 2))
    draw(tiles, view)
    settle(waiting, qapp)
    assert colours(draw(tiles, view)) == {RED}
    picture.broken = True
    tiles.set_display(replace(PLAIN, brightness=0.5))
    draw(tiles, view)
    settle(waiting, qapp)
    assert len(said) == 2


def test_failures_are_not_retried_at_once(tiles, view, waiting, qapp):
    picture = Painted(broken=True)
    show(tiles, picture)
    draw(tiles, view)
    settle(waiting, qapp)
    read = len(picture.reads)
    for step in range(20):
        view.centre_on((SIDE / 2 + step, SIDE / 2))
        draw(tiles, view)
        settle(waiting, qapp)
    assert len(picture.reads) == read


def test_tiles_of_a_picture_that_was_left_are_dropped(tiles, view, waiting, qapp):
    show(tiles, Painted())
    draw(tiles, view)
    late = list(waiting.tasks)
    show(tiles, Painted(BLUE))
    draw(tiles, view)
    assert all(future.cancelled() for future, _ in late)
    settle(waiting, qapp)
    assert colours(draw(tiles, view)) == {BLUE}


def test_the_same_picture_shown_again_keeps_its_tiles(tiles, view, waiting, qapp):
    picture = Painted()
    show(tiles, picture)
    draw(tiles, view)
    settle(waiting, qapp)
    tiles.show(picture, PLAIN)
    draw(tiles, view)
    assert not waiting.tasks


def test_a_part_of_a_coarse_picture_is_drawn_where_it_lies(tiles, view, qapp):
    tiles.image = Box(0, 0, SIDE, SIDE)
    data = np.zeros((32, 64, 3), np.uint8)
    data[:] = GREEN
    tiles.show_coarse(tiles.image, Coarse(data, 32, Box(0, 0, SIDE // 2, SIDE)))
    image = draw(tiles, view)
    assert image.pixelColor(300, 190).getRgb()[:3] == GREEN
    assert image.pixelColor(300, 210).getRgb()[:3] == (1, 2, 3)


def test_images_own_their_bytes(qapp):
    data = np.full((4, 6, 3), 7, np.uint8)
    image = as_qimage(data)
    data[:] = 0
    assert image.pixelColor(5, 3).getRgb() == (7, 7, 7, 255)
    assert not image.hasAlphaChannel()
    clear = as_qimage(np.zeros((4, 6, 4), np.uint8))
    assert clear.pixelColor(0, 0).alpha() == 0
