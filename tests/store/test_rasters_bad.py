"""Rasters that lie, are cut, hold nothing or go away: a clear message, and nothing else breaks."""

import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.store import codecs, pictures, rasters
from segstudio.store.pictures import check, open_picture, probe
from segstudio.store.rasters import RasterPicture, describe

WIDTH_TAG, HEIGHT_TAG = 256, 257


def noise(bands: int = 3, dtype: str = "uint8") -> NDArray[Any]:
    values = np.random.default_rng(5).integers(0, 100, (bands, 300, 400))
    return values.astype(dtype)


def tiff(path: Path, data: NDArray[Any], **options: Any) -> Path:
    mask = options.pop("mask", None)
    shape = {"count": len(data), "height": data.shape[1], "width": data.shape[2]}
    with codecs.rasterio().open(
        path, "w", driver="GTiff", dtype=options.pop("dtype", data.dtype), **shape, **options
    ) as dataset:
        dataset.write(data)
        if mask is not None:
            dataset.write_mask(mask)
    return path


def lie(path: Path, tag: int, value: int) -> None:
    """Write another number into a TIFF's header."""
    data = bytearray(path.read_bytes())
    (start,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, start)
    for entry in range(start + 2, start + 2 + 12 * count, 12):
        if struct.unpack_from("<H", data, entry)[0] == tag:
            struct.pack_into("<HHII", data, entry, tag, 4, 1, value)
    path.write_bytes(data)


def windowed(path: Path) -> RasterPicture:
    return RasterPicture(path, *describe(path))


@pytest.mark.parametrize("tag", [WIDTH_TAG, HEIGHT_TAG])
@pytest.mark.parametrize("value", [9000, 900_000])
@pytest.mark.parametrize("compress", [None, "lzw"])
@pytest.mark.parametrize("tiled", [True, False])
def test_a_size_that_is_a_lie_is_found(
    tmp_path: Path, tag: int, value: int, compress: str | None, tiled: bool
) -> None:
    options = {"compress": compress} if compress else {}
    path = tiff(tmp_path / "a.tif", noise(), tiled=tiled, **options)
    lie(path, tag, value)
    words = rf"promises .*{value}.* more than the file holds"
    if not tiled and tag == WIDTH_TAG:  # as many strips as there were: their content tells
        with pytest.raises(UserError, match="damaged" if compress else words):
            check(path)
        return
    for read in (check, probe, open_picture):
        with pytest.raises(UserError, match=words):
            read(path)


@pytest.mark.parametrize("compress", [None, "deflate"])
def test_one_that_was_cut_is_refused_and_shows_the_rest(
    tmp_path: Path, compress: str | None
) -> None:
    options = {"compress": compress} if compress else {}
    path = tiff(tmp_path / "a.tif", noise(), tiled=True, blockxsize=64, blockysize=64, **options)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match="too early"):
        check(path)
    picture = windowed(path)  # one that was added when it was whole
    with pytest.raises(UserError, match=r"damaged|early"):
        picture.read(Box(236, 0, 300, 64))
    np.testing.assert_array_equal(
        picture.read(Box(0, 0, 64, 64)).pixels, np.moveaxis(noise(), 0, -1)[:64, :64]
    )


def test_what_holds_no_data_opens_and_says_so(tmp_path: Path) -> None:
    paths = [
        tiff(tmp_path / "nodata.tif", noise() * 0, nodata=0),
        tiff(tmp_path / "nan.tif", np.full((1, 300, 400), np.nan, np.float32)),
        tiff(tmp_path / "mask.tif", noise(), mask=np.zeros((300, 400), np.uint8)),
    ]
    for path in paths:
        assert check(path).note == "none of its pixels holds data"
        for picture in (open_picture(path), windowed(path)):
            for stride in (1, 4):
                tile = picture.read(picture.info.box, stride)
                assert tile.valid is not None
                assert not tile.any_valid
    data = noise()
    data[:, 17, 23] = 0
    assert probe(tiff(tmp_path / "nearly.tif", data, nodata=0)).note == ""
    data[:] = 0
    data[:, 150, 200] = 1
    assert probe(tiff(tmp_path / "one.tif", data, nodata=0)).note == ""


def test_of_a_large_raster_only_samples_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.tif"
    shape = {"count": 1, "height": 40_000, "width": 50_000, "dtype": "float32", "nodata": -1}
    with codecs.rasterio().open(path, "w", driver="GTiff", tiled=True, SPARSE_OK=True, **shape):
        pass
    assert check(path).note == "no data were found where it was looked at"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"dtype": "complex64"}, "complex numbers"),
        ({"bands": 513}, "513 bands are too many"),
    ],
)
def test_what_is_refused(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    data = noise(options.pop("bands", 1))[:, :8, :8]
    path = tiff(tmp_path / "a.tif", data.astype(options.pop("dtype", "uint8")))
    with pytest.raises(UserError, match=words):
        probe(path)


def test_200_bands_are_all_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = noise(224, "uint16")
    picture = open_picture(tiff(tmp_path / "a.tif", data, tiled=True))
    assert picture.info.bands == 224
    np.testing.assert_array_equal(picture.read(picture.info.box).pixels, np.moveaxis(data, 0, -1))
    small = picture.read(picture.info.box, 4).pixels
    mean = data.reshape(224, 75, 4, 100, 4).mean(axis=(2, 4))
    np.testing.assert_allclose(small, np.moveaxis(mean, 0, -1), atol=1)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "dtype", ["int8", "int16", "int32", "int64", "uint32", "uint64", "float32", "float64"]
)
def test_numbers_of_every_kind(tmp_path: Path, dtype: str) -> None:
    data = noise(2, dtype)
    data[:, :8, :8] = 100
    picture = windowed(tiff(tmp_path / "a.tif", data))
    assert picture.info.dtype == dtype
    whole = picture.read(picture.info.box)
    np.testing.assert_array_equal(whole.pixels, np.moveaxis(data, 0, -1))
    small = picture.read(picture.info.box, 8)
    assert small.pixels.dtype == dtype
    assert (small.pixels[0, 0] == 100).all()


@pytest.mark.parametrize("bits", [1, 2, 4, 7])
@pytest.mark.parametrize("bands", [1, 3])
def test_packed_bits_become_greys(tmp_path: Path, bits: int, bands: int) -> None:
    most = (1 << bits) - 1
    data = noise(bands) % (most + 1)
    picture = windowed(tiff(tmp_path / "a.tif", data, nbits=bits))
    pixels = picture.read(picture.info.box).pixels
    assert pixels.shape[2] == picture.info.bands == bands
    np.testing.assert_array_equal(pixels, np.moveaxis(data.astype(int) * 255 // most, 0, -1))


def test_where_it_lies_is_said_where_that_is_odd(tmp_path: Path) -> None:
    affine = codecs.rasterio().Affine
    crs = "EPSG:32643"
    rotated = tiff(tmp_path / "a.tif", noise(), crs=crs, transform=affine(1, 0.5, 0, 0.5, -1, 0))
    assert "rotated" in probe(rotated).note
    south = tiff(tmp_path / "b.tif", noise(), crs=crs, transform=affine(2, 0, 0, 0, 2, 0))
    assert "south is up" in probe(south).note
    north = tiff(tmp_path / "c.tif", noise(), crs=crs, transform=affine(1, 0, 0, 0, -1, 0))
    assert probe(north).note == ""
    for path in (rotated, south, north):
        pixels = open_picture(path).read(Box(0, 0, 300, 400)).pixels
        np.testing.assert_array_equal(pixels, np.moveaxis(noise(), 0, -1))


def test_a_file_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", noise(), tiled=True, compress="lzw")
    picture = windowed(path)
    box = Box(0, 0, 50, 60)
    before = picture.read(box).pixels
    handles = picture._handles
    assert len(handles._free) == 1
    with handles.lend() as lent:
        pass
    assert not lent.closed
    with pytest.raises(OSError, match="cable"), handles.lend() as again:
        raise OSError("cable")
    assert again is lent
    assert lent.closed  # what has failed is opened again
    picture.read(box)
    away = path.rename(tmp_path / "away.tif")
    for stride in (1, 2, 1):
        with pytest.raises(UserError) as caught:
            picture.read(box, stride)
        assert caught.value.message == "the file is not there any more"
        assert "drive" in caught.value.hint
    assert not handles._free  # none holds a drive that is to be taken out
    away.rename(path)
    np.testing.assert_array_equal(picture.read(box).pixels, before)
    data = path.read_bytes()
    path.write_bytes(data[:300])
    with pytest.raises(UserError):
        picture.read(box)
    path.write_bytes(data)
    np.testing.assert_array_equal(picture.read(box).pixels, before)
    tiff(path, noise()[:, :100])
    with pytest.raises(UserError, match="changed"):
        picture.read(box)


def vrt(path: Path, source: Path, size: tuple[int, int]) -> Path:
    path.write_text(
        f'<VRTDataset rasterXSize="{size[0]}" rasterYSize="{size[1]}">'
        '<VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
        f"<SourceFilename>{source}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    return path


@pytest.mark.parametrize("way", ["overviews", "other overviews", "mask", "notes"])
def test_companions_cannot_name_other_files(tmp_path: Path, way: str) -> None:
    secret = tiff(tmp_path / "secret.tif", np.full((1, 300, 400), 99, np.uint8))
    path = tiff(tmp_path / "a.tif", np.zeros((1, 300, 400), np.uint8))
    if way == "notes":
        other = vrt(tmp_path / "other.vrt", secret, (200, 150))
        (tmp_path / "a.tif.aux.xml").write_text(
            '<PAMDataset><Metadata domain="OVERVIEWS">'
            f'<MDI key="OVERVIEW_FILE">{other}</MDI></Metadata></PAMDataset>'
        )
    elif way == "other overviews":
        Image.fromarray(np.full((150, 200), 99, np.uint8)).save(tmp_path / "a.tif.ovr", "PNG")
    elif way == "mask":
        vrt(tmp_path / "a.tif.msk", secret, (400, 300))
    else:
        vrt(tmp_path / "a.tif.ovr", secret, (200, 150))
    picture = windowed(path)
    assert picture.coarsest == 1
    for stride in (1, 2):
        tile = picture.read(picture.info.box, stride)
        assert not tile.pixels.any()
        assert tile.valid is None
    with rasters.opened(path) as dataset:
        assert [Path(name).name for name in dataset.files] == ["a.tif"]


@pytest.mark.parametrize("internal", [True, False])
def test_masks_inside_and_beside(tmp_path: Path, internal: bool) -> None:
    mask = np.zeros((300, 400), np.uint8)
    mask[:150, 100:300] = 255
    with codecs.rasterio().Env(GDAL_TIFF_INTERNAL_MASK=internal):
        path = tiff(tmp_path / "a.tif", noise(), mask=mask)
    assert (tmp_path / "a.tif.msk").exists() != internal
    picture = windowed(path)
    for stride in (1, 2, 5):
        tile = picture.read(picture.info.box, stride)
        np.testing.assert_array_equal(tile.valid, mask[::stride, ::stride] > 0)


@pytest.mark.parametrize("tiled", [True, False])
def test_strips_cover_a_raster_once(
    tmp_path: Path, tiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasters, "_STRIP", 400 * 3 * 40)
    picture = windowed(tiff(tmp_path / "a.tif", noise(), tiled=tiled, blockysize=16, blockxsize=16))
    for stride in (1, 4, 32, 100):
        boxes = list(rasters.strips(picture, stride))
        assert [box.top for box in boxes] == [0, *(box.bottom for box in boxes[:-1])]
        assert boxes[-1].bottom == 300
        assert all((box.left, box.right) == (0, 400) for box in boxes)
        assert all(box.top % stride == 0 for box in boxes)
        assert len(boxes) > 1 or stride == 100
        rows = [picture.read(box, stride).pixels for box in boxes]
        np.testing.assert_array_equal(
            np.concatenate(rows), picture.read(picture.info.box, stride).pixels
        )
    whole = pictures.open_picture(picture._handles.path)
    assert list(rasters.strips(whole, 8)) == [whole.info.box]
    assert whole.coarsest > 1 << 20


def test_reading_needs_no_write_permission(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", noise())
    os.chmod(path, 0o444)
    assert check(path).width == 400
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]
