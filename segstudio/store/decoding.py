"""Decoding whole pictures: the formats that are not read in windows.

Pillow knows what a file holds; OpenCV is faster and needs less memory for plain JPEG and
PNG, and it alone keeps 16 bits a colour. Orientation is applied here, once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiling import Pixels, Valid
from segstudio.errors import UserError
from segstudio.store import codecs, wholeness
from segstudio.store.formats import PictureInfo, misnamed, noted

_ORIENTATION = 0x0112

_MODES = {
    "1": (1, "uint8"),
    "L": (1, "uint8"),
    "LA": (1, "uint8"),
    "La": (1, "uint8"),
    "I;16": (1, "uint16"),
    "I;16B": (1, "uint16"),
    "I;16L": (1, "uint16"),
    "I": (1, "int32"),
    "F": (1, "float32"),
}
"""Bands and numbers that Pillow's modes become; every other mode becomes RGB."""

_ALPHA = {"RGBA", "LA", "La", "RGBa", "PA"}

_DENSEST = 8300
"""Pixels that one byte can stand for: 1-bit PNG packs best, deflate makes 1032 bytes of one.
A header that promises more than that lies, or the file lacks its end."""

_UNBOUNDED = {"WEBP", "JPEG2000", "AVIF"}
"""Formats in which few bytes may rightly stand for any number of pixels."""

_MAX_UNBOUNDED = 1 << 28


@dataclass(frozen=True)
class Header:
    """What Pillow says of a picture before decoding it; ``width`` and ``height`` as stored."""

    kind: str
    mode: str
    width: int
    height: int
    orientation: int
    note: str
    deep: int = 0
    """Colour bands of 16 bits, where Pillow would keep only 8."""
    plain: bool = False
    """8-bit grey or RGB, without transparency or animation: what OpenCV does as well."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns and bands after orientation."""
        bands = self.deep or _MODES.get(self.mode, (3, "uint8"))[0]
        turned = self.orientation >= 5
        size = (self.width, self.height) if turned else (self.height, self.width)
        return (*size, bands)

    @property
    def dtype(self) -> str:
        if self.deep or (self.kind == "PPM" and self.mode == "I"):
            return "uint16"
        return _MODES.get(self.mode, (3, "uint8"))[1]

    def info(self) -> PictureInfo:
        height, width, bands = self.shape
        return PictureInfo(
            width,
            height,
            bands,
            self.dtype,
            self.kind,
            note=self.note,
            orientation=self.orientation,
        )


def read_header(path: Path, kind: str) -> Header:
    """Return what a file's header says; raise `UserError` for damage and sizes too large."""
    with damage(), codecs.pillow().open(path, formats=[kind]) as image:
        width, height = image.size
        frames = getattr(image, "n_frames", 1) if kind in ("GIF", "PNG", "WEBP", "AVIF") else 1
        header = Header(
            kind,
            image.mode,
            width,
            height,
            _orientation(image, path, kind),
            noted(
                misnamed(path, kind),
                f"the first of {frames} frames is used" if frames > 1 else "",
            ),
            _deep(image) if kind in ("PNG", "PPM") else 0,
            kind in ("JPEG", "PNG")
            and image.mode in ("L", "RGB")
            and "transparency" not in image.info
            and frames == 1,
        )
    _check_bounds(header, path.stat().st_size)
    return header


def decode(path: Path, header: Header, strict: bool = False) -> tuple[Pixels, Valid | None]:
    """Return all pixels, upright, height × width × bands, and their validity (None: all).

    Pixels that are wholly transparent are not valid, unless the whole picture is. Raises
    `UserError` where the file is damaged; ``strict`` finds damage that shows only as
    wrong pixels.
    """
    with damage():
        array = None
        if not strict or header.deep:
            array = _by_cv2(path, header)
        alpha = None
        if array is None:
            array, alpha = _by_pillow(path, header)
            if header.deep:
                raise ValueError("only 8 of its 16 bits can be read")
        elif array.shape[2] > (bands := header.shape[2]):
            alpha, array = array[:, :, -1], array[:, :, :bands]
        array = upright(array, header.orientation)
        if array.shape != header.shape:
            raise ValueError("the size differs from that in the header")
        valid = None
        if alpha is not None and not alpha.all() and alpha.any():
            valid = upright(alpha > 0, header.orientation)
        return array, valid


def decode_reduced(path: Path, header: Header, by: int) -> Pixels | None:
    """Return a plain JPEG at 1/2, 1/4 or 1/8 of its size, upright; None for all else."""
    if header.kind != "JPEG" or not header.plain or by not in (2, 4, 8):
        return None
    import cv2

    flag = getattr(cv2, f"IMREAD_REDUCED_{'GRAYSCALE' if header.mode == 'L' else 'COLOR'}_{by}")
    with damage():
        data = np.fromfile(path, np.uint8)
        array = cv2.imdecode(data, flag | cv2.IMREAD_IGNORE_ORIENTATION)
        if array is None:
            return None
        if array.ndim == 3:
            array = cv2.cvtColor(array, cv2.COLOR_BGR2RGB, dst=array)
        return upright(np.atleast_3d(array), header.orientation)


def upright(array: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Turn and mirror an array as an EXIF orientation says."""
    if orientation >= 5:
        array = array.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    return np.ascontiguousarray(array)


class damage:
    """Turns whatever a decoder raises inside it into a `UserError` with a plain reason."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, UserError):
            raise UserError(reason_for(error), "open it elsewhere and save it again") from error


def reason_for(error: Exception) -> str:
    """Say in plain words why a picture could not be decoded."""
    if isinstance(error, MemoryError):
        return "there is not enough memory to open it"
    if isinstance(error, FileNotFoundError):
        return "the file is not there"
    if isinstance(error, PermissionError):
        return "the file may not be read"
    text = str(error).lower()
    if type(error).__name__ == "DecompressionBombError":
        return "it has more pixels than can be opened at once"
    if any(word in text for word in ("truncated", "end of", "not enough", "too short")):
        return "the file ends too early"
    if "cannot identify" in text or "unsupported" in text:
        return "its header is damaged, or of a kind that cannot be read"
    return "the file is damaged"


def _orientation(image: Any, path: Path, kind: str) -> int:
    """Return the EXIF orientation, 1 where there is none that makes sense."""
    try:
        if kind == "PNG":  # Pillow would decode the picture to find it
            exif = codecs.pillow().Exif()
            exif.load(image.info.get("exif") or wholeness.png_exif(path))
        else:
            exif = image.getexif()
        value = exif.get(_ORIENTATION, 1)
    except Exception:  # damaged EXIF data say nothing about the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _deep(image: Any) -> int:
    """Return how many colour bands of 16 bits there are where Pillow would drop 8 of them."""
    if not image.tile:
        return 0
    codec, _, _, arguments = image.tile[0]
    if codec == "ppm" and image.mode == "RGB":
        return 3 if arguments[1] > 255 else 0
    raw = arguments[0] if isinstance(arguments, tuple) else arguments
    return {"RGB;16B": 3, "RGBA;16B": 3, "LA;16B": 1}.get(raw, 0)


def _check_bounds(header: Header, size: int) -> None:
    pixels = header.width * header.height
    lean = header.kind in ("JPEG", "PNG")
    bound = codecs.MAX_PIXELS if lean else _MAX_UNBOUNDED
    memory = pixels * header.shape[2] * np.dtype(header.dtype).itemsize
    if not pixels:
        raise UserError("it has no pixels")
    if header.kind not in _UNBOUNDED and pixels > size * _DENSEST:
        raise UserError(
            f"its header promises {header.width} × {header.height} pixels, "
            f"more than {size} bytes can hold"
        )
    if pixels > bound or memory > codecs.MAX_BYTES:
        raise UserError(
            f"its {header.width} × {header.height} pixels are too many to be opened at once",
            "save it as a tiled TIFF, which is read piece by piece",
        )


def _by_cv2(path: Path, header: Header) -> NDArray[Any] | None:
    """Decode plain JPEG and PNG and deep colour; None for what is left to Pillow."""
    if not header.deep and not header.plain:
        return None
    if header.kind == "JPEG" and not wholeness.jpeg_ends(path):
        return None  # some versions of OpenCV fill what is missing with grey, and say nothing
    import cv2

    grey = header.mode == "L" and not header.deep
    flag = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB
    if header.deep:
        flag = cv2.IMREAD_UNCHANGED
    data = np.fromfile(path, np.uint8)
    array = cv2.imdecode(data, flag | cv2.IMREAD_IGNORE_ORIENTATION)
    if array is None:
        return None
    array = np.atleast_3d(array)
    if header.deep and array.shape[2] >= 3:
        order = [2, 1, 0] if header.deep == 3 else [0]
        array = array[:, :, [*order, *range(3, array.shape[2])]]
    return array


def _by_pillow(path: Path, header: Header) -> tuple[NDArray[Any], NDArray[np.uint8] | None]:
    """Decode anything; return colours or grey, and the transparency where there is one."""
    with codecs.pillow().open(path, formats=[header.kind]) as image:
        image.load()
        alpha = None
        key = image.info.get("transparency")
        if image.mode.startswith("I"):
            alpha = None if key is None else (np.asarray(image) != key).astype(np.uint8)
        elif image.mode in _ALPHA or key is not None:
            image = image.convert("LA" if image.mode in ("L", "LA", "La", "1") else "RGBA")
            alpha = np.asarray(image.getchannel("A"))
            image = image.convert("L" if image.mode == "LA" else "RGB")
        elif image.mode == "1":
            image = image.convert("L")
        elif image.mode not in _MODES and image.mode != "RGB":
            image = image.convert("RGB")
        array = np.asarray(image)
    return np.atleast_3d(array).astype(header.dtype, copy=False), alpha
