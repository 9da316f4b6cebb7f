import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.store import pictures
from segstudio.store.pictures import check, open_picture, preview, probe

DATA = Path(os.environ.get("SEGSTUDIO_DATA", "no-data"))
tricky = pytest.mark.skipif(
    not (DATA / "tricky_images").is_dir(), reason="SEGSTUDIO_DATA has no tricky_images"
)


def noise(*shape: int, dtype: str = "uint8") -> NDArray[Any]:
    most = np.iinfo(dtype).max
    return np.random.default_rng(0).integers(0, most, shape, dtype=dtype, endpoint=True)


def pixels_of(path: Path) -> NDArray[Any]:
    """Return all pixels, after making sure that the header promised such."""
    info = check(path)
    assert info == probe(path)
    picture = open_picture(path)
    tile = picture.read(info.box)
    assert picture.info == info
    assert tile.pixels.shape == (info.height, info.width, info.bands)
    assert tile.pixels.dtype == info.dtype
    picture.close()
    return tile.pixels


def chunked(path: Path, *chunks: tuple[bytes, bytes]) -> Path:
    """Write a PNG from its chunks."""
    data = b"\x89PNG\r\n\x1a\n"
    for name, content in chunks:
        crc = zlib.crc32(name + content)
        data += struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("ending", ["png", "bmp", "tga", "ppm", "tif"])
def test_exact_formats_give_exact_pixels(tmp_path: Path, ending: str) -> None:
    pixels = noise(31, 47, 3)
    path = tmp_path / f"a.{ending}"
    Image.fromarray(pixels).save(path)
    np.testing.assert_array_equal(pixels_of(path), pixels)


@pytest.mark.parametrize("ending", ["png", "bmp", "tga", "pgm", "tif", "jp2"])
def test_grey_stays_one_band(tmp_path: Path, ending: str) -> None:
    pixels = noise(31, 47)
    path = tmp_path / f"a.{ending}"
    Image.fromarray(pixels).save(path)
    np.testing.assert_array_equal(pixels_of(path)[:, :, 0], pixels)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_jpeg_looks_as_pillow_shows_it(tmp_path: Path, mode: str) -> None:
    smooth = np.asarray(Image.fromarray(noise(8, 8, 3)).resize((80, 60), Image.Resampling.BICUBIC))
    path = tmp_path / "a.jpg"
    Image.fromarray(smooth).convert(mode).save(path, quality=95)
    with Image.open(path) as image:
        expected = np.asarray(image if mode == "L" else image.convert("RGB"))
    found = pixels_of(path)
    assert found.shape[2] == (1 if mode == "L" else 3)
    difference = np.abs(found.astype(int) - np.atleast_3d(expected))
    assert difference.mean() < 1
    assert difference.max() <= 4


@pytest.mark.parametrize(
    ("ending", "bands"), [("png", 1), ("png", 3), ("png", 4), ("tif", 1), ("tif", 3)]
)
def test_16_bits_are_kept(tmp_path: Path, ending: str, bands: int) -> None:
    import cv2

    pixels = noise(31, 47, bands, dtype="uint16")
    path = tmp_path / f"a.{ending}"
    cv2.imwrite(str(path), pixels)
    found = pixels_of(path)
    assert found.dtype == np.uint16
    expected = pixels if bands == 1 else pixels[:, :, [2, 1, 0]]
    np.testing.assert_array_equal(found, expected)


def test_1_bit_becomes_black_and_white(tmp_path: Path) -> None:
    pixels = noise(31, 47) > 127
    for ending in ("png", "tif", "pbm"):
        path = tmp_path / f"a.{ending}"
        Image.fromarray(pixels).save(path)
        np.testing.assert_array_equal(pixels_of(path)[:, :, 0], np.where(pixels, 255, 0))


def test_a_palette_becomes_colours(tmp_path: Path) -> None:
    image = Image.fromarray(noise(31, 47, 3)).quantize(16)
    for ending in ("png", "gif", "bmp", "tif"):
        path = tmp_path / f"a.{ending}"
        image.save(path)
        np.testing.assert_array_equal(pixels_of(path), np.asarray(image.convert("RGB")))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("ending", ["png", "tif", "webp"])
def test_what_is_transparent_is_not_valid(tmp_path: Path, mode: str, ending: str) -> None:
    if mode == "LA" and ending != "png":
        pytest.skip("the format has no such mode")
    pixels = noise(31, 47, len(mode))
    pixels[:, :, -1] = np.where(np.arange(47) < 10, 0, 200)
    path = tmp_path / f"a.{ending}"
    image = Image.fromarray(pixels, mode)
    image.save(path, lossless=True, exact=True) if ending == "webp" else image.save(path)
    picture = open_picture(path)
    assert picture.info.bands == len(mode) - 1
    tile = picture.read(picture.info.box)
    assert tile.valid is not None
    assert not tile.valid[:, :10].any()
    assert tile.valid[:, 10:].all()
    np.testing.assert_array_equal(tile.pixels[:, 10:], pixels[:, 10:, :-1])
    assert picture.read(Box(0, 20, 31, 47)).valid is None


def test_16_bit_transparency(tmp_path: Path) -> None:
    import cv2

    pixels = noise(8, 8, 4, dtype="uint16")
    pixels[:, :, 3] = 65535
    pixels[0, :, 3] = 0
    cv2.imwrite(str(tmp_path / "a.png"), pixels)
    tile = open_picture(tmp_path / "a.png").read(Box(0, 0, 8, 8))
    assert tile.valid is not None
    assert tile.valid.sum() == 56


def test_a_picture_that_would_be_all_transparent_is_shown(tmp_path: Path) -> None:
    pixels = noise(8, 8, 4)
    pixels[:, :, 3] = 0
    Image.fromarray(pixels).save(tmp_path / "a.tga")
    assert open_picture(tmp_path / "a.tga").read(Box(0, 0, 8, 8)).valid is None


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once(tmp_path: Path, ending: str, orientation: int) -> None:
    upright = Image.fromarray(np.kron(noise(3, 5, 3), np.ones((16, 16, 1), np.uint8)))
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turns[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{ending}"
    stored.save(path, exif=exif, quality=95)
    info = probe(path)
    assert (info.width, info.height, info.orientation) == (80, 48, orientation)
    difference = np.abs(pixels_of(path).astype(int) - np.asarray(upright))
    assert difference.mean() < 12
    small = preview(path, 40)
    assert small.pixels.shape == (24, 40, 3)
    assert small.box == Box(0, 0, 48, 80)
    half = np.asarray(upright.resize((40, 24), Image.Resampling.BOX)).astype(int)
    assert np.abs(small.pixels - half).mean() < 12


@tricky
@pytest.mark.parametrize("group", ["exif__Landscape", "exif__Portrait", "pillow__hopper_orient"])
def test_real_orientations_give_one_picture(group: str) -> None:
    found = sorted((DATA / "tricky_images" / "files").glob(f"{group}*"))
    first = pixels_of(found[0]).astype(int)
    assert len({probe(path).orientation for path in found}) >= 4
    for path in found[1:]:
        assert np.abs(pixels_of(path) - first).mean() < 6


@tricky
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_what_pillow_makes_of_it(orientation: int) -> None:
    from PIL import ImageOps

    path = DATA / "tricky_images" / "generated" / f"orient_{orientation}.jpg"
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image)).astype(int)
    assert np.abs(pixels_of(path) - expected).max() <= 4


def test_the_first_frame_is_used_and_said(tmp_path: Path) -> None:
    frames = [Image.fromarray(noise(9, 9) // 2), Image.fromarray(255 - noise(9, 9) // 2)]
    for ending in ("gif", "png", "webp"):
        path = tmp_path / f"a.{ending}"
        frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
        assert probe(path).note == "the first of 2 frames is used"
        np.testing.assert_array_equal(pixels_of(path)[:, :, 0], noise(9, 9) // 2)
    path = tmp_path / "a.tif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert probe(path).note == "the first of 2 pages is used"
    np.testing.assert_array_equal(pixels_of(path)[:, :, 0], noise(9, 9) // 2)


def test_a_wrong_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "zip:a!b #1 ü.tif"
    Image.fromarray(noise(9, 9, 3)).save(path, format="PNG")
    assert probe(path).note == "named .tif, but holds PNG"
    np.testing.assert_array_equal(pixels_of(path), noise(9, 9, 3))
    path.unlink()
    Image.fromarray(noise(9, 9, 3)).save(path, format="TIFF")
    np.testing.assert_array_equal(pixels_of(path), noise(9, 9, 3))


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "gif", "webp", "tif", "jp2"])
def test_what_is_cut_off_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    Image.fromarray(noise(64, 64, 3)).save(path)
    data = path.read_bytes()
    for length in (0, 5, 40, len(data) // 2, len(data) - len(data) // 8):
        path.write_bytes(data[:length])
        with pytest.raises(UserError) as caught:
            check(path)
        assert caught.value.message[0].islower()
        with pytest.raises(UserError):
            open_picture(path)


def test_missing_rows_are_not_filled_with_grey(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import cv2

    path = tmp_path / "a.jpg"
    Image.fromarray(noise(64, 64, 3)).save(path)
    path.write_bytes(path.read_bytes()[:-500])
    monkeypatch.setattr(cv2, "imdecode", lambda data, flags: np.full((64, 64, 3), 128, np.uint8))
    with pytest.raises(UserError, match="early"):
        open_picture(path)


@pytest.mark.parametrize("ending", ["jpg", "png", "tif"])
def test_large_pictures_are_checked_without_decoding(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a.{ending}"
    Image.fromarray(noise(300, 300, 3)).save(path)
    data = path.read_bytes()
    monkeypatch.setattr(pictures, "_SMALL_PIXELS", 1000)
    monkeypatch.setattr(pictures.rasters, "_SMALL", 1000)
    if ending != "tif":
        monkeypatch.setattr(pictures.decoding, "decode", None)
    assert check(path).width == 300
    monkeypatch.undo()
    monkeypatch.setattr(pictures, "_SMALL_PIXELS", 1000)
    monkeypatch.setattr(pictures.rasters, "_SMALL", 1000)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match="ends too early"):
        check(path)


def test_promises_that_the_file_cannot_keep_are_refused(tmp_path: Path) -> None:
    size = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    path = chunked(
        tmp_path / "a.png", (b"IHDR", size), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")
    )
    with pytest.raises(UserError, match=r"more than .* bytes can hold"):
        probe(path)


def test_enormous_pictures_are_refused_before_decoding(tmp_path: Path) -> None:
    size = struct.pack(">IIBBBBB", 40000, 40000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(5001) * 40000)
    path = chunked(tmp_path / "a.png", (b"IHDR", size), (b"IDAT", rows), (b"IEND", b""))
    with pytest.raises(UserError, match="too many") as caught:
        probe(path)
    assert "TIFF" in caught.value.hint


@pytest.mark.parametrize("ending", ["jpg", "png", "tif"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_the_preview_is_the_picture_reduced(tmp_path: Path, ending: str, mode: str) -> None:
    smooth = Image.fromarray(noise(5, 7, 3)).resize((701, 403), Image.Resampling.BICUBIC)
    path = tmp_path / f"a.{ending}"
    smooth.convert(mode).save(path, quality=95)
    tile = preview(path, 100)
    assert tile.box == Box(0, 0, 403, 701)
    assert tile.pixels.shape == (51, 88, len(mode))
    picture = open_picture(path)
    whole = picture.read(picture.info.box, 8)
    assert np.abs(tile.pixels.astype(int) - whole.pixels).mean() < 3
    assert preview(path, 1000).pixels.shape == (403, 701, len(mode))


def test_a_closed_picture_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(noise(9, 9)).save(path)
    picture = open_picture(path)
    assert picture.nbytes == 81
    picture.close()
    assert picture.nbytes == 0
    with pytest.raises(UserError, match="closed"):
        picture.read(Box(0, 0, 1, 1))


ALL = """
import sys
from pathlib import Path
from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.store.pictures import check, open_picture, preview

opened = refused = 0
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if not path.is_file() or path.name in ("README.txt", "manifest.csv"):
        continue
    try:
        info = check(path)
        picture = open_picture(path)
        tile = picture.read(Box(0, 0, 64, 64))
        assert tile.pixels.dtype == info.dtype and tile.pixels.shape[2] == info.bands, path
        preview(path, 64)
        opened += 1
    except UserError as error:
        assert error.message, path
        print(path.name, error.message, sep=": ")
        refused += 1
# The high-water mark of getrusage would be that of the process that started this one.
status = Path("/proc/self/status").read_text()
peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
print(opened, refused, int(peak.split()[1]) // 1024)
"""


@tricky
def test_odd_files_open_or_say_why_within_bounds() -> None:
    """In a process of its own, so that its memory can be measured."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of memory is read from /proc")
    command = [sys.executable, "-W", "error", "-c", ALL, str(DATA / "tricky_images")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    *reasons, counts = result.stdout.splitlines()
    opened, refused, megabytes = (int(part) for part in counts.split())
    assert opened > 2 * refused > 20
    assert megabytes < 700
    told = dict(line.split(": ", 1) for line in reasons)
    assert "empty" in told["zero_bytes.png"]
    assert "text" in told["text_named.jpg"]
    assert "early" in told["truncated_half.jpg"]
    assert "pixels" in told["bomb_50000x50000_1bit.png"]
    assert "pixels" in told["bomb_header_only_2147483647x1_1bit.png"]


def test_bombs_take_no_memory(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    test_promises_that_the_file_cannot_keep_are_refused(tmp_path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
