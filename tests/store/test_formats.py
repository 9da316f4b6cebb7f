from pathlib import Path

import pytest

from segstudio.errors import UserError
from segstudio.store.formats import PICTURE_SUFFIXES, kind_of, misnamed, noted


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"II*\0", "TIFF"),
        (b"MM\0+", "TIFF"),
        (b"GIF89a", "GIF"),
        (b"RIFF\n\n\n\nWEBPVP8 ", "WEBP"),
        (b"BM", "BMP"),
        (b"\0\0\0\x20ftypavif", "AVIF"),
        (b"\0\0\0\x20ftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"8BPS\0\1", "PSD"),
        (b"P5\n1 1\n255\n", "PPM"),
    ],
)
def test_the_content_tells_the_kind(tmp_path: Path, head: bytes, kind: str) -> None:
    path = tmp_path / "picture.dat"
    path.write_bytes(head)
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"hello, here is a letter\n" * 500, "text"),
        (("ä" * 3000).encode(), "text"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "archive"),
        (b"<!doctype html><p>404", "web page"),
        (b"\0\0\0\x20ftypheic", "HEIC"),
        (b"\0\1\2\3\xff\xfe", "not a picture"),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(content)
    with pytest.raises(UserError, match=reason):
        kind_of(path)


def test_folders_and_missing_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="folder"):
        kind_of(tmp_path)
    with pytest.raises(UserError, match="not there"):
        kind_of(tmp_path / "missing.png")


def test_wrong_endings_are_noted() -> None:
    assert misnamed(Path("a.png"), "JPEG") == "named .png, but holds JPEG"
    assert misnamed(Path("a.JPG"), "JPEG") == ""
    assert misnamed(Path("a.scan"), "JPEG") == ""
    assert noted("", "one", "", "two") == "one; two"
    assert {".jpg", ".tif", ".png"} <= PICTURE_SUFFIXES
