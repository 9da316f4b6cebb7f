import cv2
import numpy as np
import pytest
from PySide6.QtCore import QSize

from segstudio.domain.geometry import Box
from segstudio.gui import coarse
from segstudio.gui.loading import PictureLoader
from segstudio.gui.panels.object_thumbnails import ObjectThumbnails

WAIT = 20_000
SIZE = QSize(56, 40)


@pytest.fixture
def thumbnails(session, readers, tmp_path, monkeypatch):
    """Thumbnails of a checkerboard of single pixels, of which the coarse picture is grey."""
    monkeypatch.setattr(coarse, "LONGEST", 100)
    pixels = np.zeros((200, 400, 3), np.uint8)
    pixels[::2, ::2] = pixels[1::2, 1::2] = 255
    cv2.imwrite(str(tmp_path / "facade-01.png"), pixels)
    loader = PictureLoader(session, readers)
    return ObjectThumbnails(session, loader, readers, SIZE)


def contrast(pixmap):
    image = pixmap.toImage()
    row = [image.pixelColor(x, 20).lightness() for x in range(10, 46)]
    return max(row) - min(row)


def test_they_are_there_at_once_and_sharper_when_read(qtbot, thumbnails, open_image):
    box = Box(90, 190, 110, 210)
    assert thumbnails.get(box) is None
    open_image(1)
    qtbot.waitUntil(lambda: thumbnails.get(box) is not None, timeout=WAIT)
    made = thumbnails.get(box)
    assert (made.width(), made.height()) == (56, 40)
    qtbot.waitUntil(lambda: contrast(thumbnails.get(box)) > 100, timeout=WAIT)


def test_another_picture_has_others(qtbot, thumbnails, open_image):
    box = Box(90, 190, 110, 210)
    open_image(1)
    qtbot.waitUntil(lambda: thumbnails.get(box) is not None, timeout=WAIT)
    open_image(2)

    def grey():
        found = thumbnails.get(box)
        return found is not None and found.toImage().pixelColor(28, 20).lightness() == 80

    qtbot.waitUntil(grey, timeout=WAIT)


def test_a_sharp_screen_gets_more_pixels(qtbot, thumbnails, open_image):
    box = Box(90, 190, 110, 210)
    open_image(2)
    qtbot.waitUntil(lambda: thumbnails.get(box, 2.0) is not None, timeout=WAIT)
    made = thumbnails.get(box, 2.0)
    assert (made.width(), made.devicePixelRatio()) == (112, 2.0)
