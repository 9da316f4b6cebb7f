import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.store import codecs, pictures, rasters
from segstudio.store.pictures import check, open_picture, probe
from segstudio.store.rasters import RasterPicture, Readers, describe

DATA = Path(os.environ.get("SEGSTUDIO_DATA", "no-data"))


def ramp(bands: int, height: int, width: int, dtype: str = "uint16") -> NDArray[Any]:
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 10 + columns + 1000 * band for band in range(1, bands + 1)]).astype(
        dtype
    )


def tiff(path: Path, data: NDArray[Any], **options: Any) -> Path:
    rasterio = codecs.rasterio()
    nir = options.pop("overviews", None)
    mask = options.pop("mask", None)
    table = options.pop("table", None)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=data.shape[2],
            height=data.shape[1],
            count=len(data),
            dtype=data.dtype,
            **options,
        ) as dataset:
            dataset.write(data)
            if mask is not None:
                dataset.write_mask(mask)
            if table is not None:
                dataset.write_colormap(1, table)
        if nir:
            with rasterio.open(path, "r+") as dataset:
                dataset.build_overviews(nir, rasterio.enums.Resampling.average)
    return path


def windowed(path: Path) -> RasterPicture:
    return RasterPicture(path, *describe(path))


def test_coordinates_are_kept(tmp_path: Path) -> None:
    rasterio = codecs.rasterio()
    transform = rasterio.Affine(0.5, 0, 1000, 0, -0.5, 2000)
    path = tiff(tmp_path / "a.tif", ramp(4, 20, 30), crs="EPSG:32643", transform=transform)
    info = probe(path)
    assert (info.width, info.height, info.bands, info.dtype) == (30, 20, 4, "uint16")
    assert info.georef is not None
    assert info.georef["epsg"] == 32643
    assert info.georef["transform"] == [0.5, 0, 1000, 0, -0.5, 2000]
    assert rasterio.crs.CRS.from_wkt(info.georef["wkt"]).to_epsg() == 32643
    assert probe(tiff(tmp_path / "b.tif", ramp(1, 4, 4))).georef is None


@pytest.mark.parametrize("tiled", [True, False])
def test_windows_are_those_of_the_whole(tmp_path: Path, tiled: bool) -> None:
    data = ramp(5, 150, 200)
    options = {"tiled": True, "blockxsize": 64, "blockysize": 64} if tiled else {}
    path = tiff(tmp_path / "a.tif", data, compress="deflate", **options)
    picture = windowed(path)
    for box in (Box(0, 0, 150, 200), Box(10, 20, 75, 130), Box(140, 190, 150, 200)):
        tile = picture.read(box)
        assert tile.valid is None
        assert tile.box == box
        np.testing.assert_array_equal(tile.pixels, np.moveaxis(data, 0, -1)[box.slices])
    assert picture.read(Box(140, 190, 160, 210)).box == Box(140, 190, 150, 200)
    picture.close()
    with pytest.raises(UserError, match="closed"):
        picture.read(Box(0, 0, 1, 1))


@pytest.mark.parametrize("overviews", [None, [2, 4]])
def test_a_stride_averages(tmp_path: Path, overviews: list[int] | None) -> None:
    data = ramp(1, 160, 240, "float32")
    path = tiff(tmp_path / "a.tif", data, tiled=True, overviews=overviews)
    tile = windowed(path).read(Box(0, 80, 160, 240), 4)
    expected = data[0, :, 80:].reshape(40, 4, 40, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(tile.pixels[:, :, 0], expected, atol=0.01)
    assert windowed(path).read(Box(0, 0, 159, 239), 7).pixels.shape == (23, 35, 1)


def test_overviews_are_used(tmp_path: Path) -> None:
    """The overview's own pixels come back, not a reduction of the full size."""
    rasterio = codecs.rasterio()
    path = tiff(tmp_path / "a.tif", np.zeros((1, 512, 512), np.uint8), tiled=True, overviews=[4])
    with rasterio.open(path, "r+", OVERVIEW_LEVEL=0) as small:
        small.write(np.full((1, 128, 128), 77, np.uint8))
    picture = windowed(path)
    assert (picture.read(Box(0, 0, 512, 512), 4).pixels == 77).all()
    assert not picture.read(Box(0, 0, 512, 512)).pixels.any()


def test_validity_comes_from_nodata_masks_alpha_and_numbers(tmp_path: Path) -> None:
    data = ramp(3, 20, 20, "uint8")
    data[:, :5] = 0
    nodata = open_picture(tiff(tmp_path / "a.tif", data, nodata=0)).read(Box(0, 0, 20, 20))
    mask = np.full((20, 20), 255, np.uint8)
    mask[:5] = 0
    masked = open_picture(tiff(tmp_path / "b.tif", data, mask=mask)).read(Box(0, 0, 20, 20))
    alpha_data = np.concatenate([data, mask[None]])
    alpha_path = tiff(tmp_path / "c.tif", alpha_data, photometric="rgb", alpha="yes")
    alpha = open_picture(alpha_path).read(Box(0, 0, 20, 20))
    floats = ramp(2, 20, 20, "float32")
    floats[1, :5] = np.nan
    numbers = open_picture(tiff(tmp_path / "d.tif", floats)).read(Box(0, 0, 20, 20))
    for tile in (nodata, masked, alpha, numbers):
        assert tile.valid is not None
        assert not tile.valid[:5].any()
        assert tile.valid[6:].all()
    assert alpha.pixels.shape[2] == 3
    assert probe(tmp_path / "a.tif").nodata == 0


def test_nodata_does_not_bleed_into_averages(tmp_path: Path) -> None:
    data = np.full((1, 64, 64), 100, np.int16)
    data[:, :, :33] = -9999
    picture = windowed(tiff(tmp_path / "a.tif", data, nodata=-9999, tiled=True, overviews=[2]))
    tile = picture.read(Box(0, 0, 64, 64), 2)
    assert tile.valid is not None
    assert not tile.valid[:, :16].any()
    assert (tile.pixels[tile.valid] == 100).all()


def test_palettes_become_colours(tmp_path: Path) -> None:
    data = np.arange(4, dtype=np.uint8).reshape(1, 2, 2)
    colours = {0: (255, 0, 0), 1: (0, 255, 0), 2: (0, 0, 255), 3: (9, 8, 7)}
    path = tiff(tmp_path / "a.tif", data, table=colours)
    assert probe(path).bands == 3
    pixels = open_picture(path).read(Box(0, 0, 2, 2)).pixels
    assert pixels.reshape(4, 3).tolist() == [list(colours[id]) for id in range(4)]


def test_complex_numbers_are_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", np.ones((1, 4, 4), np.complex64))
    with pytest.raises(UserError, match="complex"):
        probe(path)


def test_other_drivers_are_not_asked(tmp_path: Path) -> None:
    secret = tiff(tmp_path / "secret.tif", ramp(1, 4, 4))
    vrt = tmp_path / "a.tif"
    vrt.write_text(
        '<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="UInt16" band="1">'
        f"<SimpleSource><SourceFilename>{secret}</SourceFilename></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )
    with pytest.raises(UserError):
        probe(vrt)
    with pytest.raises(UserError, match="damaged"):
        describe(vrt)
    with pytest.raises(UserError, match="not there"):
        describe(Path("/vsizip/a.zip/b.tif"))


def test_large_rasters_are_read_in_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiff(tmp_path / "a.tif", ramp(3, 100, 100))
    whole = open_picture(path)
    monkeypatch.setattr(pictures.overviews, "_LARGE", 1000)
    parts = open_picture(path)
    assert isinstance(parts, RasterPicture)
    assert not isinstance(whole, RasterPicture)
    for stride in (1, 2, 4):
        box = Box(0, 20, 100, 100)
        difference = parts.read(box, stride).pixels.astype(int) - whole.read(box, stride).pixels
        assert np.abs(difference).max() <= 1


def test_each_thread_reads_with_a_handle_of_its_own(tmp_path: Path) -> None:
    data = ramp(3, 300, 300)
    picture = windowed(tiff(tmp_path / "a.tif", data, tiled=True, compress="lzw"))
    readers = Readers(4)
    boxes = [Box(top, left, top + 90, left + 70) for top in range(0, 200, 9) for left in (0, 99)]
    for box, future in [(box, readers.submit(picture.read, box)) for box in boxes]:
        np.testing.assert_array_equal(
            future.result(timeout=20).pixels, np.moveaxis(data, 0, -1)[box.slices]
        )
    assert len(picture._handles._free) <= 4
    picture.close()
    readers.close()


def test_closing_during_a_read_is_harmless(tmp_path: Path) -> None:
    picture = windowed(tiff(tmp_path / "a.tif", ramp(1, 20, 20)))
    with picture._handles.lend() as handle:
        picture.close()
        assert not handle.closed
    assert handle.closed


def test_readers_stop(tmp_path: Path) -> None:
    readers = Readers()
    begun, go_on = threading.Event(), threading.Event()
    names = []

    def work() -> None:
        names.append(threading.current_thread().name)
        begun.set()
        go_on.wait(10)

    running = [readers.submit(work), readers.submit(work)]
    waiting = readers.submit(work)
    assert begun.wait(10)
    readers.close(wait=False)
    go_on.set()
    assert waiting.cancelled()
    assert all(future.result(timeout=10) is None for future in running)
    assert all(name.startswith("reader") for name in names)


def test_missing_blocks_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiff(tmp_path / "a.tif", ramp(1, 512, 512), tiled=True, blockxsize=64, blockysize=64)
    monkeypatch.setattr(rasters, "_SMALL", 0)
    assert check(path).width == 512
    data = path.read_bytes()
    path.write_bytes(data[:-1000])
    with pytest.raises(UserError, match="early"):
        check(path)


@pytest.mark.skipif(
    not (DATA / "geotiff_samples").is_dir(), reason="SEGSTUDIO_DATA has no geotiff_samples"
)
def test_real_rasters_open_or_say_why() -> None:
    opened, refused = 0, {}
    for path in sorted((DATA / "geotiff_samples" / "images").iterdir()):
        try:
            info = check(path)
            whole = open_picture(path)
        except UserError as error:
            refused[path.name] = error.message
            continue
        opened += 1
        box = Box(0, 0, 70, 90).clipped(info.box)
        parts = windowed(path).read(box)
        tile = whole.read(box)
        np.testing.assert_array_equal(tile.pixels, parts.pixels)
        assert (tile.valid is None) == (parts.valid is None)
        whole.close()
    assert opened >= 50
    assert refused == {"rioxarray__cint16.tif": "its pixels are complex numbers"}
