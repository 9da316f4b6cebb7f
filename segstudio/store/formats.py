"""What kind of picture a file holds, by its content; and what is known of a picture."""

import re
from codecs import getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.store.files import not_read

Georef = dict[str, Any]
"""``wkt`` (empty where unknown), ``epsg`` (or None), ``transform``: six numbers a…f that
take column and row to x and y, as affine transforms are written. Goes into JSON as it is."""


@dataclass(frozen=True)
class PictureInfo:
    """What is known of a picture before its pixels are read.

    ``width`` and ``height`` are those after the EXIF ``orientation`` (1…8) was applied.
    ``bands`` does not count a band of transparency, which becomes validity. ``note`` says
    what a person may wonder about, such as that only the first frame is used.
    """

    width: int
    height: int
    bands: int
    dtype: str
    format: str
    georef: Georef | None = None
    nodata: float | None = None
    note: str = ""
    orientation: int = 1

    @property
    def box(self) -> Box:
        return Box(0, 0, self.height, self.width)


class Picture(Protocol):
    """A picture whose pixels can be read piece by piece, from any thread."""

    @property
    def info(self) -> PictureInfo: ...

    def read(self, box: Box, stride: int = 1) -> Tile:
        """Return the pixels inside a box, and which of them hold data (None: all do).

        ``stride`` n gives one pixel for each n × n: their average, or the file's own
        overview; ceil(height / n) × ceil(width / n) of them. The tile's box is that part of
        the image, in its own pixels. The arrays are the caller's to change.
        """

    def close(self) -> None:
        """Give back files and memory."""

    @property
    def nbytes(self) -> int:
        """Memory that it holds."""

    @property
    def coarsest(self) -> int:
        """The largest stride at which a read costs little; 1 where every pixel is read."""


_MAGIC: tuple[tuple[str, str], ...] = (
    ("JPEG", r"\xff\xd8\xff"),
    ("PNG", r"\x89PNG\r\n\x1a\n"),
    ("TIFF", r"II[*+]\0|MM\0[*+]"),
    ("GIF", r"GIF8[79]a"),
    ("WEBP", r"RIFF....WEBP"),
    ("BMP", r"BM"),
    ("JPEG2000", r"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"),
    ("AVIF", r"....ftyp(?:avi[fs]|.{8,24}avif)"),
    ("PSD", r"8BPS"),
    ("ICO", r"\0\0\x01\0"),
    ("PPM", r"P[1-6f]\s"),
)
_PATTERNS = [(kind, re.compile(magic.encode("latin-1"), re.DOTALL)) for kind, magic in _MAGIC]

_OTHERS: tuple[tuple[str, str], ...] = (
    ("a PDF document", r"%PDF"),
    ("an archive", r"PK\x03\x04|\x1f\x8b"),
    ("a HEIC picture, which this program cannot read", r"....ftyp(?:hei|mif|msf)"),
    ("a web page or a vector drawing", r"\s*<"),
)
_OTHER_PATTERNS = [(name, re.compile(p.encode("latin-1"), re.DOTALL)) for name, p in _OTHERS]

_SUFFIXES = {
    "JPEG": {"jpg", "jpeg", "jpe", "jfif", "mpo"},
    "PNG": {"png", "apng"},
    "TIFF": {"tif", "tiff", "gtiff"},
    "GIF": {"gif"},
    "WEBP": {"webp"},
    "BMP": {"bmp", "dib"},
    "JPEG2000": {"jp2", "j2k", "jpc", "jpf", "jpx", "j2c"},
    "AVIF": {"avif", "avifs"},
    "PSD": {"psd"},
    "ICO": {"ico"},
    "PPM": {"ppm", "pgm", "pbm", "pnm", "pfm"},
    "TGA": {"tga", "vda", "icb", "vst"},
}
PICTURE_SUFFIXES = frozenset(f".{suffix}" for all in _SUFFIXES.values() for suffix in all)
"""Endings that pictures usually have, for finding them in a folder."""


def kind_of(path: Path) -> str:
    """Return the kind of picture a file holds; raise `UserError` for what is none."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise not_read(path, error) from error
    if not head:
        raise UserError("the file is empty", "copy it again from where it came")
    for kind, pattern in _PATTERNS:
        if pattern.match(head):
            return kind
    # Targa files have no mark of their own, so that the name is all there is to go by.
    if path.suffix[1:].lower() in _SUFFIXES["TGA"]:
        return "TGA"
    raise UserError(f"it is {_otherwise(head)}", "add JPEG, PNG, TIFF or another common format")


def misnamed(path: Path, kind: str) -> str:
    """Return a note where the file's ending says something else than its content, or ''."""
    ending = path.suffix[1:].lower()
    known = any(ending in endings for endings in _SUFFIXES.values())
    if known and ending not in _SUFFIXES[kind]:
        return f"named .{ending}, but holds {kind}"
    return ""


def noted(*notes: str) -> str:
    """Join the notes that say anything."""
    return "; ".join(note for note in notes if note)


def _otherwise(head: bytes) -> str:
    for name, pattern in _OTHER_PATTERNS:
        if pattern.match(head):
            return name
    try:
        # What was read may end in the middle of a character.
        text = getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "not a picture of a kind that this program knows"
    printable = all(letter.isprintable() or letter.isspace() for letter in text)
    return "a text, not a picture" if printable else "not a picture"
