"""Overviews made in a child process: exact, whole or absent, and used by us and by GDAL."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.store import codecs, overview_child, overviews, pictures, rasters
from segstudio.store.datasets import companion
from segstudio.store.pyramid import Pyramid
from segstudio.store.rasters import RasterPicture

HEIGHT, WIDTH = 1300, 1801


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "_LARGE", 1000)
    monkeypatch.setattr(overviews, "_MANY", 1000)


def noise(bands: int, dtype: str = "uint16", height: int = HEIGHT, width: int = WIDTH) -> Any:
    rng = np.random.default_rng(3)
    return rng.integers(1, 250, (bands, height, width)).astype(dtype)


def raster(path: Path, data: NDArray[Any], **options: Any) -> Path:
    rasterio = codecs.rasterio()
    mask, table = options.pop("mask", None), options.pop("table", None)
    count, height, width = data.shape
    shape = {"count": count, "height": height, "width": width, "dtype": data.dtype}
    options = {"tiled": True, "blockxsize": 256, "blockysize": 256, **options}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", driver="GTiff", **shape, **options) as dataset,
    ):
        dataset.write(data)
        if mask is not None:
            dataset.write_mask(mask)
        if table is not None:
            dataset.write_colormap(1, table)
    return path


def made(path: Path, target: Path | None = None) -> RasterPicture:
    """Write overviews in this process, and open the picture with them."""
    target = target or companion(path)
    target.parent.mkdir(exist_ok=True)
    overview_child.write(path, target)
    picture = pictures.open_picture(path, target)
    assert isinstance(picture, RasterPicture)
    return picture


def hole(data: NDArray[Any], value: float) -> NDArray[np.bool_]:
    """Put a value where pixels lack data; return which do not."""
    valid = np.ones(data.shape[1:], bool)
    valid[:301, :403] = False
    valid[700:703, 900:901] = False
    data[:, ~valid] = value
    return valid


def same(picture: RasterPicture, pyramid: Pyramid, apart: int = 0) -> None:
    info = picture.info
    for stride in (2, 4, 12):
        for box in (info.box, Box(0, 1024, 768, info.width), Box(512, 0, info.height, 1024)):
            found, expected = picture.read(box, stride), pyramid.read(box, stride)
            valid = np.ones(found.pixels.shape[:2], bool)
            if expected.valid is not None:
                valid = expected.valid
                assert found.valid is not None
                np.testing.assert_array_equal(found.valid, valid)
            else:
                assert found.valid is None
            values = found.pixels[valid], expected.pixels[valid]
            np.testing.assert_allclose(*values, rtol=1e-6, atol=apart)


@pytest.mark.parametrize(
    ("dtype", "bands", "options"),
    [
        ("uint8", 3, {}),
        ("uint16", 4, {}),
        ("int16", 1, {"tiled": False, "compress": "lzw"}),
        ("float32", 2, {"tiled": False}),
        ("float64", 1, {"interleave": "band", "compress": "deflate"}),
        ("int64", 1, {}),
        ("int8", 5, {"interleave": "band"}),
        ("uint32", 17, {}),
    ],
)
def test_they_are_averages(tmp_path: Path, dtype: str, bands: int, options: Any) -> None:
    data = noise(bands, dtype, 700 if bands > 4 else HEIGHT) - (20 if dtype[0] != "u" else 0)
    if options.get("tiled") is False:
        options = {**options, "blockysize": 7, "blockxsize": None}
    picture = made(raster(tmp_path / "a.tif", data.astype(dtype), **options))
    assert picture.coarsest == 4
    same(picture, Pyramid(np.moveaxis(data, 0, -1), None))


@pytest.mark.parametrize("kind", ["nodata", "mask", "alpha", "nan", "nodata and float"])
def test_only_valid_pixels_are_averaged(tmp_path: Path, kind: str) -> None:
    data = noise(3, "float32" if kind in ("nan", "nodata and float") else "uint8")
    valid = hole(data, {"nan": np.nan, "nodata and float": -9999}.get(kind, 0))
    options: dict[str, Any] = {}
    if kind.startswith("nodata"):
        options["nodata"] = data[0, 0, 0]
    if kind == "mask":
        options["mask"] = valid.astype(np.uint8) * 255
    stored = data
    if kind == "alpha":
        stored = np.concatenate([data, valid[None].astype(np.uint8) * 255])
        options |= {"photometric": "rgb", "alpha": "yes"}
    picture = made(raster(tmp_path / "a.tif", stored, **options))
    # Halves are rounded up in pieces without a hole, to even in those with one, twice.
    same(picture, Pyramid(np.moveaxis(data, 0, -1), valid), 2 * (data.dtype.kind == "u"))


def test_numbers_of_palettes_are_picked(tmp_path: Path) -> None:
    data = noise(1, "uint8") % 4
    table = {0: (255, 0, 0), 1: (0, 255, 0), 2: (0, 0, 255), 3: (9, 8, 7)}
    picture = made(raster(tmp_path / "a.tif", data, table=table, nodata=3))
    colours = np.array(list(table.values()), np.uint8)
    for stride in (2, 8):
        tile = picture.read(picture.info.box, stride)
        picked = data[0, ::stride, ::stride]
        np.testing.assert_array_equal(tile.pixels, colours[picked])
        np.testing.assert_array_equal(tile.valid, picked != 3)


@pytest.mark.parametrize("kind", ["plain", "nodata", "alpha", "palette"])
def test_gdal_reads_them_too(tmp_path: Path, kind: str) -> None:
    """As external overviews: what QGIS shows is what is shown here."""
    data = noise(1 if kind == "palette" else 3, "uint8")
    valid = hole(data, 0) if kind != "plain" else np.ones(data.shape[1:], bool)
    options: dict[str, Any] = {"nodata": 0} if kind in ("nodata", "palette") else {}
    if kind == "alpha":
        data = np.concatenate([data, valid[None].astype(np.uint8) * 255])
        options = {"photometric": "rgb", "alpha": "yes"}
    if kind == "palette":
        options["table"] = {n: (n, 255 - n, 7) for n in range(256)}
    path = raster(tmp_path / "a.tif", data, **options)
    picture = made(path)
    with rasters.opened(path) as dataset:
        assert dataset.overviews(1) == [2, 4]
        layout = rasters.describe(path)[1]
        for stride in (2, 4):
            found, known = rasters.read_window(dataset, layout, picture.info.box, stride)
            tile = picture.read(picture.info.box, stride)
            seen = tile.valid if tile.valid is not None else np.ones(found.shape[:2], bool)
            np.testing.assert_array_equal(found[seen], tile.pixels[seen])
            assert (known is None) == (tile.valid is None)
            if known is not None:
                np.testing.assert_array_equal(known, tile.valid)


def test_a_child_builds_them(tmp_path: Path) -> None:
    path = raster(tmp_path / "a b ü.tif", noise(2))
    info = pictures.probe(path)
    assert overviews.lacking(path, info)
    target = overviews.target(path, tmp_path / "p", "ab12")
    assert target == tmp_path / "a b ü.tif.ovr"
    told = []

    class Watching:
        def report(self, done: int, total: int, text: str) -> None:
            told.append(done / total)

    overviews.build(path, target, Watching())
    assert told == sorted(told)
    assert told[-1] == 1
    assert not overviews.lacking(path, info)
    picture = pictures.open_picture(path)
    assert picture.coarsest == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a b ü.tif", "a b ü.tif.ovr"]
    overviews.build(path, target, Quiet())  # once more is no harm
    assert picture.read(info.box, 4).pixels.shape == (325, 451, 2)


def test_the_project_keeps_those_of_folders_that_may_not_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "disc"
    folder.mkdir()
    path = raster(folder / "a.tif", noise(2))
    monkeypatch.setattr(overviews, "_writable", lambda folder: False)
    target = overviews.target(path, tmp_path / "p", "ab12")
    assert target == overviews.place_in_project(tmp_path / "p", "ab12")
    assert target == tmp_path / "p" / "overviews" / "ab12.tif"
    overviews.build(path, target, Quiet())
    assert [p.name for p in folder.iterdir()] == ["a.tif"]
    info = pictures.probe(path)
    assert overviews.lacking(path, info)
    assert not overviews.lacking(path, info, target)
    picture = pictures.open_picture(path, target)
    assert picture.coarsest == 4
    same_data = Pyramid(np.moveaxis(noise(2), 0, -1), None)
    assert isinstance(picture, RasterPicture)
    same(picture, same_data)
    with pytest.raises(ValueError, match="hash"):
        overviews.place_in_project(tmp_path, "../../x")


class Cancelling:
    """A task that is cancelled once work has begun."""

    def __init__(self, at: float = 0.0) -> None:
        self.told, self._at = 0.0, at

    def report(self, done: int, total: int, text: str) -> None:
        if done / total > self._at:
            self.told = time.monotonic()
            raise Cancelled


def huge(folder: Path) -> Path:
    """Return a raster that takes some seconds to reduce but little of the disk."""
    path = folder / "huge.tif"
    shape = {"count": 1, "height": 16000, "width": 16000, "dtype": "uint8"}
    with codecs.rasterio().open(
        path, "w", driver="GTiff", tiled=True, compress="lzw", SPARSE_OK=True, **shape
    ):
        pass
    return path


def test_cancel_is_quick_and_leaves_nothing(tmp_path: Path) -> None:
    path = huge(tmp_path)
    task = Cancelling()
    with pytest.raises(Cancelled):
        overviews.build(path, companion(path), task)
    assert time.monotonic() - task.told < 1
    assert [p.name for p in tmp_path.iterdir()] == ["huge.tif"]


def test_a_child_that_is_killed_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = huge(tmp_path)
    started: list[Any] = []
    popen = subprocess.Popen

    def start(*args: Any, **kwargs: Any) -> Any:
        started.append(popen(*args, **kwargs))
        return started[-1]

    class Killing:
        def report(self, done: int, total: int, text: str) -> None:
            if done:
                started[0].kill()

    monkeypatch.setattr(subprocess, "Popen", start)
    with pytest.raises(UserError, match="could not be made"):
        overviews.build(path, companion(path), Killing())
    assert [p.name for p in tmp_path.iterdir()] == ["huge.tif"]


@pytest.mark.skipif(sys.platform == "win32", reason="there it is not told of its parent's end")
def test_a_child_whose_parent_was_killed_goes_too(tmp_path: Path) -> None:
    path = huge(tmp_path)
    script = (
        "import sys, os; from pathlib import Path; from segstudio.store import overviews\n"
        "class Dying:\n"
        "    def report(self, done, total, text):\n"
        "        if done: os.kill(os.getpid(), 9)\n"
        "overviews.build(Path(sys.argv[1]), Path(sys.argv[1] + '.ovr'), Dying())"
    )
    root = Path(overviews.__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    died = subprocess.run([sys.executable, "-c", script, str(path)], env=environment)
    assert died.returncode == -signal.SIGKILL
    end = time.monotonic() + 10
    while len(list(tmp_path.iterdir())) > 1 and time.monotonic() < end:
        time.sleep(0.05)
    assert [p.name for p in tmp_path.iterdir()] == ["huge.tif"]


def test_what_is_left_of_a_crash_is_removed_later(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", noise(1))
    old, new = tmp_path / ".a.tif.ovr.0123abcd.part", tmp_path / ".a.tif.ovr.4567abcd.part"
    old.write_bytes(b"x")
    new.write_bytes(b"y")
    os.utime(old, (1, 1))
    overviews.build(path, companion(path), Quiet())
    assert not old.exists()
    assert new.exists()  # another program may be writing it


def test_reasons_come_from_the_child(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", noise(1), compress="lzw")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match=r"damaged|early"):
        overviews.build(path, companion(path), Quiet())
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]
    path.unlink()
    with pytest.raises(UserError, match="not there"):
        overviews.build(path, companion(path), Quiet())


def test_old_overviews_are_not_shown(tmp_path: Path) -> None:
    """A raster written anew is not shown as it was, nor by overviews of another size."""
    path = raster(tmp_path / "a.tif", noise(1))
    kept = tmp_path / "p.tif"
    made(path)
    made(path, kept)
    later = time.time() + 100
    # Renamed, as GDAL removes overviews of what it writes over.
    raster(tmp_path / "new.tif", np.full((1, HEIGHT, WIDTH), 7, np.uint16)).replace(path)
    os.utime(path, (later, later))
    assert companion(path).exists()
    info = pictures.probe(path)
    assert overviews.lacking(path, info, kept)
    picture = pictures.open_picture(path, kept)
    assert picture.coarsest == 1
    assert (picture.read(info.box, 4).pixels == 7).all()
    assert overviews.target(path, tmp_path, "ab") == companion(path)  # ours: written over
    overviews.build(path, companion(path), Quiet())
    assert pictures.open_picture(path).coarsest == 4
    companion(path).unlink()
    raster(path, noise(1, height=1200))
    os.utime(path, (1, 1))
    assert pictures.open_picture(path, kept).coarsest == 1
    os.utime(raster(path, noise(1)), (1, 1))
    assert pictures.open_picture(path, kept).coarsest == 4


def test_those_of_other_programs_are_kept(tmp_path: Path) -> None:
    rasterio = codecs.rasterio()
    path = raster(tmp_path / "a.tif", noise(1, "uint16", 1200, 1600))
    with rasterio.Env(TIFF_USE_OVR="YES"), rasterio.open(path, "r+") as dataset:
        dataset.build_overviews([2, 4], rasterio.enums.Resampling.average)
    os.utime(path, (1, 1))
    picture = pictures.open_picture(path)
    assert picture.coarsest == 4
    assert not overviews.lacking(path, picture.info)
    mean = noise(1, "uint16", 1200, 1600)[0].reshape(300, 4, 400, 4).mean(axis=(1, 3))
    found = picture.read(picture.info.box, 4).pixels[:, :, 0]
    np.testing.assert_allclose(found, mean, atol=1)
    assert overviews.target(path, tmp_path / "p", "ab") == tmp_path / "p" / "overviews" / "ab.tif"


def test_small_and_other_pictures_lack_none(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", noise(1, height=900, width=900))
    assert not overviews.lacking(path, pictures.probe(path))
    path = raster(tmp_path / "b.tif", noise(1))
    info = pictures.probe(path)
    path.unlink()
    assert not overviews.lacking(path, info)
