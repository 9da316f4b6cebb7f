"""The picture of the open image: first coarse, then whole; left in time; said where it is not."""

import threading

import cv2
import numpy as np
import pytest

from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.gui import coarse as coarse_module
from segstudio.gui import loading, opened
from segstudio.gui.coarse import Sample, parts_of, stride_of
from segstudio.gui.loading import PictureLoader
from segstudio.store import display
from segstudio.store.display import Look
from segstudio.store.formats import PictureInfo

WAIT = 20_000


class Raster:
    """A raster of a gradient without overviews; ``allowed`` reads may go on."""

    def __init__(self, height=4096, width=3000, dtype="uint16", nodata=None):
        self.info = PictureInfo(width, height, 2, dtype, "TIFF", None, nodata)
        self.allowed = threading.Semaphore(100)
        self.reads, self.closed = [], 0
        self.broken_below = height
        self.empty = False
        self.coarsest, self.nbytes = 1, 0

    def read(self, box, stride=1):
        self.reads.append(box)
        assert self.allowed.acquire(timeout=20)
        if box.bottom > self.broken_below:
            raise UserError("the file ends too early", "copy it again")
        shape = -(-box.height // stride), -(-box.width // stride)
        rows = (box.top + stride * np.arange(shape[0]))[:, None, None]
        pixels = np.broadcast_to(rows, (*shape, 2)).astype(self.info.dtype)
        return Tile(pixels, box, np.zeros(shape, bool) if self.empty else None)

    def close(self):
        self.closed += 1


@pytest.fixture
def loader(session, readers):
    return PictureLoader(session, readers)


@pytest.fixture
def raster(monkeypatch, session):
    """Put a raster in place of the first picture, read in four strips."""
    made = Raster()

    def strips(picture, stride):
        for top in range(0, made.info.height, 1024):
            yield Box(top, 0, min(top + 1024, made.info.height), made.info.width)

    real = opened.pictures.open_picture
    monkeypatch.setattr(coarse_module, "AT_ONCE", 1 << 20)
    monkeypatch.setattr(coarse_module.rasters, "strips", strips)
    monkeypatch.setattr(
        opened.pictures,
        "open_picture",
        lambda path, reduced=None: made if path.name == "wall-1.png" else real(path, reduced),
    )
    monkeypatch.setattr(loading, "check_unchanged", lambda path, image: None)
    monkeypatch.setattr(
        opened.pictures, "probe", lambda path: PictureInfo(1, 1, 2, "uint16", "TIFF")
    )
    record = session.images[1]
    row = {**record.row(), "height": made.info.height, "width": made.info.width}
    session.images[1] = ImageRecord.of(row)
    return made


@pytest.fixture
def heard(loader):
    """What the loader said, in its order."""
    said = []
    loader.coarse_ready.connect(lambda coarse: said.append(("coarse", coarse)))
    loader.picture_ready.connect(lambda *found: said.append(("picture", found)))
    loader.display_changed.connect(lambda shown: said.append(("display", shown)))
    loader.completed.connect(lambda: said.append(("completed", None)))
    loader.failed.connect(lambda error: said.append(("failed", error)))
    return said


def words(heard):
    return [word for word, _ in heard]


def test_a_picture_comes_coarse_and_whole(qtbot, session, loader, heard, open_image):
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        open_image(1)
    assert words(heard) == ["coarse", "picture", "completed"]
    coarse = heard[0][1]
    assert coarse.box == session.image.box
    assert coarse.stride == 1
    assert coarse.colours[0, 0].tolist() == [40, 40, 40]
    assert loader.complete
    assert loader.display.is_plain


def test_strips_are_shown_as_they_arrive(qtbot, session, loader, heard, raster, open_image):
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        open_image(1)
    seen = [found.box for word, found in heard if word == "coarse"]
    assert seen == [Box(0, 0, bottom, 3000) for bottom in (1024, 2048, 3072, 4096)]
    assert words(heard).index("picture") == 1
    assert all(box.height == 1024 for box in raster.reads)
    # Black and white follow what is known of the picture.
    assert loader.display.high[0] == pytest.approx(0.98 * 4096, rel=0.01)
    last = [found for word, found in heard if word == "coarse"][-1]
    assert last.colours[0, 0, 0] == 0
    assert last.colours[-1, 0, 0] == 255


def test_leaving_the_picture_stops_the_strips(qtbot, session, loader, raster, open_image):
    raster.allowed = threading.Semaphore(1)
    open_image(1)
    qtbot.waitUntil(lambda: loader.picture is raster, timeout=WAIT)
    qtbot.waitUntil(lambda: len(raster.reads) == 2, timeout=WAIT)
    session.close_image()
    raster.allowed.release()
    qtbot.waitUntil(lambda: raster.closed == 1, timeout=WAIT)
    open_image(2)
    qtbot.waitUntil(lambda: loader.complete, timeout=WAIT)
    assert len(raster.reads) == 2


def test_a_picture_that_comes_too_late_is_closed(qtbot, session, loader, raster, open_image):
    raster.allowed = threading.Semaphore(0)
    open_image(1)
    qtbot.waitUntil(lambda: bool(raster.reads), timeout=WAIT)
    session.close_image()
    open_image(2)
    raster.allowed.release()
    qtbot.waitUntil(lambda: raster.closed == 1, timeout=WAIT)
    qtbot.waitUntil(lambda: loader.picture is not None, timeout=WAIT)
    assert loader.picture is not raster
    assert loader.picture.read(session.image.box).pixels.shape == (200, 300, 3)


def test_a_strip_that_cannot_be_read_ends_the_strips_but_not_the_picture(
    qtbot, session, loader, heard, raster, open_image
):
    raster.broken_below = 2500
    with qtbot.waitSignal(loader.failed, timeout=WAIT):
        open_image(1)
    assert loader.picture is raster
    assert not loader.failed_last
    assert not loader.complete
    assert len(raster.reads) == 3


def test_a_picture_without_a_valid_pixel_is_said(qtbot, session, loader, raster, open_image):
    raster.empty = True
    with qtbot.waitSignal(session.said, timeout=WAIT) as said:
        open_image(1)
    assert said.args[0].startswith("nothing can be seen of wall-1.png")


def test_another_size_on_disk_is_refused_and_closed(qtbot, session, loader, raster, open_image):
    row = {**session.images[1].row(), "height": 17}
    session.images[1] = ImageRecord.of(row)
    with qtbot.waitSignal(loader.failed, timeout=WAIT) as failed:
        open_image(1)
    assert "has changed on disk" in failed.args[0].message
    assert loader.failed_last
    assert raster.closed == 1


def test_tones_change_at_once_and_stretches_are_measured(
    qtbot, session, loader, heard, raster, open_image
):
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        open_image(1)
    heard.clear()
    loader.set_look(Look((1,), brightness=0.5))
    assert words(heard) == ["display"]
    assert loader.display.bands == (1,)
    qtbot.waitUntil(lambda: "coarse" in words(heard), timeout=WAIT)
    assert heard[-1][1].colours[0, 0].tolist() == [128, 128, 128]
    heard.clear()
    loader.set_look(Look((1,), stretch="range"))
    assert not heard
    qtbot.waitUntil(lambda: "coarse" in words(heard), timeout=WAIT)
    assert words(heard) == ["display", "coarse"]
    assert loader.display.low == (0.0, 0.0)
    assert len(raster.reads) == 4  # nothing is read for it


def test_many_looks_at_once_end_with_the_last(qtbot, session, loader, heard, raster, open_image):
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        open_image(1)
    for step in range(30):
        loader.set_look(Look((0,), percentiles=(step, 100.0 - step)))
    qtbot.waitUntil(lambda: not loader._busy, timeout=WAIT)
    assert loader.display.low[0] == pytest.approx(0.29 * 4096, rel=0.02)
    assert sum(word == "coarse" for word in words(heard)) == 4 + 2


def test_the_next_picture_of_the_kind_looks_the_same_way(
    qtbot, loader, raster, open_image, session
):
    open_image(2)
    qtbot.waitUntil(lambda: loader.complete, timeout=WAIT)
    loader.set_look(Look((2, 1, 0), "none", gamma=2.0))
    session.close_image()
    open_image(1)
    qtbot.waitUntil(lambda: loader.complete, timeout=WAIT)
    assert loader.look.stretch == "percentiles"  # 16-bit pictures of 2 bands are another kind
    session.close_image()
    open_image(2)
    qtbot.waitUntil(lambda: loader.complete, timeout=WAIT)
    assert loader.look.gamma == 2.0
    assert loader.display.bands == (2, 1, 0)


def test_masks_that_are_read_again_do_not_read_the_picture_again(
    qtbot, session, loader, heard, raster, open_image
):
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        open_image(1)
    heard.clear()
    with qtbot.waitSignal(loader.picture_ready, timeout=WAIT):
        session.image_opened.emit()
    assert words(heard) == ["picture"]
    assert len(raster.reads) == 4
    assert not raster.closed


def test_a_picture_opened_again_replaces_the_old_one(
    qtbot, session, loader, heard, raster, open_image
):
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        open_image(1)
    loader.set_look(Look((1,)))
    heard.clear()
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        loader.reload()
    assert raster.closed == 1
    assert loader.look == Look((1,))
    assert "failed" not in words(heard)


def test_large_jpegs_are_shown_before_they_are_decoded(tmp_path, qtbot, session, loader, heard):
    path = tmp_path / "large.jpg"
    cv2.imwrite(str(path), np.full((2000, 3300, 3), 90, np.uint8))
    record = ImageRecord(9, str(path), path.name, 3300, 2000)
    session.apply(Edit("Add", rows=(RowChange("images", 9, None, record.row()),)))
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        session.open_image(9)
    assert words(heard)[0] == "coarse"
    coarse = [found for word, found in heard if word == "coarse"]
    assert [found.stride for found in coarse] == [4] * len(coarse)
    assert coarse[0].colours.shape == (500, 825, 3)


@pytest.mark.parametrize(
    ("height", "width", "bands", "dtype", "stride"),
    [
        (1600, 100, 3, "uint8", 1),
        (1601, 100, 3, "uint8", 2),
        (30000, 30000, 4, "uint16", 32),
        (1500, 1500, 200, "uint16", 8),
    ],
)
def test_the_coarse_picture_is_small_in_pixels_and_bytes(height, width, bands, dtype, stride):
    assert stride_of(PictureInfo(width, height, bands, dtype, "TIFF")) == stride


def test_overviews_make_one_part_of_it():
    raster = Raster(30000, 30000)
    raster.coarsest = 64
    assert parts_of(raster, 32) == [raster.info.box]


def test_a_sample_keeps_its_limits_until_twice_as_much_is_known(monkeypatch):
    measured = []
    real = display.spread_of
    monkeypatch.setattr(
        display, "spread_of", lambda *given: measured.append(given[0].shape) or real(*given)
    )
    info = PictureInfo(64, 640, 1, "uint16", "TIFF")
    sample = Sample(info, 4)
    for top in range(0, 640, 64):
        box = Box(top, 0, top + 64, 64)
        valid = np.ones((16, 16), bool) if top == 128 else None
        sample.put(Tile(np.full((16, 16, 1), top, np.uint16), box, valid))
        sample.display(Look((0,)))
    assert [shape[0] for shape in measured] == [16, 32, 64, 128, 160]
    assert sample.tile.pixels[:, 0, 0].tolist() == [v for v in range(0, 640, 64) for _ in range(16)]
    assert sample.tile.valid.all()
