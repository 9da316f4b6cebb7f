"""The readout: where the cursor is on the earth, and what the pixel holds."""

import threading

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.gui.loading import PictureLoader
from segstudio.gui.pixel_values import PixelValues
from segstudio.gui.status import StatusStrip
from segstudio.store.formats import PictureInfo

WAIT = 20_000
GEOREF = {"wkt": "", "epsg": None, "transform": [0.5, 0, 1000, 0, -0.5, 2000]}


class Bands:
    """A picture whose pixel in row y and column x holds y, x, and more."""

    nbytes, coarsest = 1, 1 << 30

    def __init__(self, bands=6, dtype="int16"):
        self.info = PictureInfo(700, 530, bands, dtype, "TIFF")
        self.allowed = threading.Semaphore(100)
        self.reads = []
        self.broken = self.empty = False

    def read(self, box, stride=1):
        assert self.allowed.acquire(timeout=20)
        self.reads.append((box.left, box.top))
        if self.broken:
            raise UserError("the drive is gone")
        values = [box.top, box.left, *range(2, self.info.bands)][: self.info.bands]
        pixels = np.array(values, self.info.dtype).reshape(1, 1, -1)
        return Tile(pixels, box, np.zeros((1, 1), bool) if self.empty else None)

    def close(self):
        pass


@pytest.fixture
def loader(session, readers):
    return PictureLoader(session, readers)


@pytest.fixture
def strip(qtbot, session, loader, readers, open_image):
    strip = StatusStrip(session, QWidget())
    strip.follow(loader, readers)
    qtbot.addWidget(strip)
    strip.resize(1600, 28)
    strip.show()
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        open_image(1)
    strip.show_zoom(0.5)
    return strip


@pytest.fixture
def picture(strip, loader):
    loader.picture = Bands()
    loader.picture_ready.emit(loader.picture, loader.display)
    return loader.picture


def test_the_readout_shows_pixel_values_class_and_zoom(qtbot, strip):
    strip.show_position((10.5, 20.2))
    assert strip.readout.text().startswith("x 10  y 20")
    qtbot.waitUntil(lambda: "40  40  40" in strip.readout.text(), timeout=WAIT)
    assert strip.readout.text() == "x 10  y 20  ·  40  40  40  ·  unlabelled  ·  50 %"
    strip.show_position((699, 529))
    qtbot.waitUntil(lambda: "200  200  200" in strip.readout.text(), timeout=WAIT)
    strip.show_position((700, 529))
    assert strip.readout.text() == "50 %"
    strip.show_position(None)
    assert strip.readout.text() == "50 %"


def test_the_class_is_that_of_the_mask(strip, stroke):
    stroke((50, 50), (100, 50))
    strip.show_position((75, 50))
    assert "sign" in strip.readout.text()


def test_coordinates_are_shown_where_there_are_any(qtbot, strip, session):
    record = session.images[1]
    session.image = ImageRecord.of({**record.row(), "georef": GEOREF})
    strip.show_position((10.5, 20))
    assert "X 1,005.2  Y 1,990.0" in strip.readout.text()
    qtbot.waitUntil(lambda: "X 1,005.2  Y 1,990.0" in strip.readout.toolTip(), timeout=WAIT)


def test_four_values_are_written_and_all_are_in_the_tip(qtbot, strip, picture):
    strip.show_position((5, 7))
    qtbot.waitUntil(lambda: "7  5  2  3 …" in strip.readout.text(), timeout=WAIT)
    qtbot.waitUntil(lambda: "band 6: 5" in strip.readout.toolTip(), timeout=WAIT)
    assert "4" not in strip.readout.text().split("·")[1]


def test_in_a_narrow_window_values_go_first_and_then_coordinates(qtbot, strip, session, picture):
    session.image = ImageRecord.of({**session.images[1].row(), "georef": GEOREF})
    strip.show_position((5, 7))
    qtbot.waitUntil(lambda: "7  5" in strip.readout.text(), timeout=WAIT)
    strip.readout.setFixedWidth(320)
    strip._write()
    assert "X 1,002" in strip.readout.text()
    assert "7  5" not in strip.readout.text()
    strip.readout.setFixedWidth(200)
    strip._write()
    assert "X 1,002" not in strip.readout.text()
    assert strip.readout.text().endswith("50 %")


def test_only_the_newest_pixel_is_read(qtbot, strip, picture):
    picture.allowed = threading.Semaphore(0)
    for x in range(50):
        strip.show_position((x, 0))
    assert "·  unlabelled" in strip.readout.text()  # nothing of another pixel meanwhile
    picture.allowed.release(100)
    qtbot.waitUntil(lambda: "0  49" in strip.readout.text(), timeout=WAIT)
    assert picture.reads == [(0, 0), (49, 0)]


def test_no_data_is_said(qtbot, strip, picture):
    picture.empty = True
    strip.show_position((3, 3))
    qtbot.waitUntil(lambda: "no data" in strip.readout.text(), timeout=WAIT)


def test_what_cannot_be_read_leaves_the_rest(qtbot, strip, picture):
    picture.broken = True
    strip.show_position((3, 3))
    qtbot.waitUntil(lambda: bool(picture.reads), timeout=WAIT)
    picture.broken = False
    strip.show_position((4, 3))
    qtbot.waitUntil(lambda: "3  4" in strip.readout.text(), timeout=WAIT)


@pytest.mark.parametrize(
    ("dtype", "expected"), [("float32", "3.25"), ("float64", "3.25"), ("uint8", "3")]
)
def test_numbers_are_written_by_their_kind(qtbot, session, readers, loader, dtype, expected):
    class Value:
        def read(self, box, stride=1):
            return Tile(np.array([[[3.25]]]).astype(dtype), Box(0, 0, 1, 1))

    values = PixelValues(loader, readers, session)
    loader.picture = Value()
    with qtbot.waitSignal(values.changed, timeout=WAIT):
        values.ask((0, 0))
    assert values.values == (expected,)
    loader.picture = None
