from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segstudio.store.wholeness import jpeg_ends, png_ends, png_exif


@pytest.fixture
def picture() -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def test_a_jpeg_without_its_end_is_found(tmp_path: Path, picture: Image.Image) -> None:
    path = tmp_path / "a.jpg"
    picture.save(path)
    assert jpeg_ends(path)
    data = path.read_bytes()
    path.write_bytes(data + b"\0" * 1000)
    assert jpeg_ends(path)
    path.write_bytes(data[:-2])
    assert not jpeg_ends(path)


def test_a_damaged_or_short_png_is_found(tmp_path: Path, picture: Image.Image) -> None:
    path = tmp_path / "a.png"
    picture.save(path)
    assert png_ends(path)
    data = path.read_bytes()
    path.write_bytes(data + b"more")
    assert png_ends(path)
    for cut in (len(data) - 1, len(data) - 12, len(data) // 2, 20, 0):
        path.write_bytes(data[:cut])
        assert not png_ends(path)
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    path.write_bytes(flipped)
    assert not png_ends(path)


def test_exif_data_are_found_after_the_pixels(tmp_path: Path, picture: Image.Image) -> None:
    path = tmp_path / "a.png"
    picture.save(path)
    assert png_exif(path) == b""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(path, exif=exif)
    data = path.read_bytes()
    start = data.index(b"eXIf") - 4
    length = int.from_bytes(data[start : start + 4])
    chunk = data[start : start + 12 + length]
    moved = data[:start] + data[start + len(chunk) :]
    path.write_bytes(moved[:-12] + chunk + moved[-12:])
    assert png_exif(path) == chunk[8:-4]
