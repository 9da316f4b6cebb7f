import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segstudio.domain.classes import LabelClass
from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled
from segstudio.errors import UserError
from segstudio.store import codecs
from segstudio.store.writing import write_entropy, write_mask

CLASSES = [LabelClass(0, "ground", (1, 2, 3)), LabelClass(3, "roof", (200, 100, 50))]
GEOREF = {"wkt": "", "epsg": None, "transform": [0.5, 0.0, 1000.0, 0.0, -0.5, 2000.0]}


def ids_of(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).choice(np.array([0, 3, 255], np.uint8), (height, width))


class Watch:
    """A task that notes its reports and stops after some."""

    def __init__(self, stop_after: int = 1000) -> None:
        self.done: list[tuple[int, int]] = []
        self._stop_after = stop_after

    def report(self, done: int, total: int, text: str) -> None:
        self.done.append((done, total))
        if len(self.done) > self._stop_after:
            raise Cancelled


def test_a_png_has_ids_colours_and_a_transparent_255(tmp_path: Path) -> None:
    ids = ids_of(600, 40)
    path = tmp_path / "out" / "a.png"
    boxes: list[Box] = []

    def rows(box: Box) -> np.ndarray:
        boxes.append(box)
        return ids[box.slices]

    watch = Watch()
    write_mask(path, 600, 40, rows, CLASSES, task=watch)
    with Image.open(path) as image:
        assert image.mode == "P"
        np.testing.assert_array_equal(np.asarray(image), ids)
        shown = np.asarray(image.convert("RGBA"))
    assert {tuple(c) for c in shown[ids == 3]} == {(200, 100, 50, 255)}
    assert (shown[ids == 255][:, 3] == 0).all()
    assert all(box.width == 40 and box.height <= 256 for box in boxes)
    assert watch.done[0] == (0, 600)
    assert watch.done[-1] == (600, 600)


def test_a_geotiff_keeps_the_place_and_the_colours(tmp_path: Path) -> None:
    rasterio = codecs.rasterio()
    ids = ids_of(300, 700)
    georef = GEOREF | {"wkt": rasterio.crs.CRS.from_epsg(32643).to_wkt()}
    path = tmp_path / "a.tif"
    write_mask(path, 300, 700, lambda box: ids[box.slices], CLASSES, georef)
    with rasterio.open(path) as dataset:
        np.testing.assert_array_equal(dataset.read(1), ids)
        assert dataset.crs.to_epsg() == 32643
        assert list(dataset.transform)[:6] == georef["transform"]
        assert dataset.nodata == 255
        assert dataset.colormap(1)[3] == (200, 100, 50, 255)
        assert dataset.profile["tiled"]
        assert dataset.profile["compress"] == "deflate"
        assert dataset.dtypes == ("uint8",)
    assert list(tmp_path.iterdir()) == [path]


def test_entropy_is_float32(tmp_path: Path) -> None:
    entropy = np.random.default_rng(0).random((300, 280), np.float32)
    entropy[:10] = np.nan
    path = tmp_path / "a.entropy.tif"
    write_entropy(path, 300, 280, lambda box: entropy[box.slices], GEOREF)
    with codecs.rasterio().open(path) as dataset:
        np.testing.assert_array_equal(dataset.read(1), entropy)
        assert np.isnan(dataset.nodata)
        assert list(dataset.transform)[:6] == GEOREF["transform"]
        assert dataset.crs is None


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_a_cancelled_file_leaves_the_old_one(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    ids = ids_of(2000, 30)
    with pytest.raises(Cancelled):
        write_mask(path, 2000, 30, lambda box: ids[box.slices], CLASSES, task=Watch(3))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from segstudio.errors import UserError
from segstudio.store.writing import write_entropy, write_mask

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
side = int(sys.argv[2])
noise = np.random.default_rng(0).integers(0, 255, (side, side), dtype=np.uint8)
for name, write in (
    ("a.png", lambda path: write_mask(path, side, side, lambda box: noise[box.slices], [])),
    ("a.tif", lambda path: write_mask(path, side, side, lambda box: noise[box.slices], [])),
    ("b.tif", lambda path: write_entropy(
        path, side, side, lambda box: noise[box.slices].astype(np.float32))),
):
    try:
        write(Path(sys.argv[1]) / name)
    except UserError as error:
        print(name, error.message)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits on file sizes are POSIX")
@pytest.mark.parametrize("side", [320, 3000])
def test_a_file_that_cannot_grow_is_not_left_half_written(tmp_path: Path, side: int) -> None:
    """The smaller files are still in GDAL's cache when they are closed."""
    command = [sys.executable, "-c", FULL, str(tmp_path), str(side)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["a.png", "a.tif", "b.tif"]
    assert result.stdout.count("nothing was written") == 3
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for name in ("a.png", "a.tif"):
        with pytest.raises(UserError, match="not saved"):
            write_mask(tmp_path / "file" / name, 2, 2, lambda box: ids_of(2, 2), CLASSES)
