"""Opening pictures: what they are, whether they are whole, and their pixels."""

from pathlib import Path

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.store import decoding, overviews, rasters, wholeness
from segstudio.store.formats import Georef, Picture, PictureInfo, kind_of
from segstudio.store.pyramid import Pyramid, shrink

__all__ = ["Georef", "Picture", "PictureInfo", "check", "open_picture", "preview", "probe"]

_SMALL_PIXELS = 4_000_000
_ANY_STRIDE = 1 << 30


class DecodedPicture:
    """A picture that is held in memory whole, with its smaller versions as they are needed."""

    def __init__(self, info: PictureInfo, pyramid: Pyramid) -> None:
        self._info = info
        self._pyramid: Pyramid | None = pyramid

    @property
    def info(self) -> PictureInfo:
        return self._info

    @property
    def nbytes(self) -> int:
        pyramid = self._pyramid
        return pyramid.nbytes if pyramid else 0

    @property
    def coarsest(self) -> int:
        return _ANY_STRIDE

    def read(self, box: Box, stride: int = 1) -> Tile:
        pyramid = self._pyramid
        if pyramid is None:
            raise UserError("the picture was closed")
        return pyramid.read(box, stride)

    def close(self) -> None:
        self._pyramid = None


def probe(path: Path) -> PictureInfo:
    """Return what the file's header says, reading no pixels.

    Raises `UserError` with the reason, which does not name the file, for what is not a
    picture, is damaged where it shows in the header, or is out of bounds.
    """
    kind = kind_of(path)
    if kind == "TIFF":
        return rasters.describe(path)[0]
    return decoding.read_header(path, kind).info()


def check(path: Path) -> PictureInfo:
    """Return what `probe` does, after making sure that the pixels are there.

    Pictures up to 4 million pixels are decoded. Of larger JPEG and PNG files the end and the
    checksums are looked at, of larger TIFF the places of the blocks; others are decoded.
    """
    kind = kind_of(path)
    if kind == "TIFF":
        info, layout = rasters.describe(path)
        rasters.check(path, info, layout)
        return info
    header = decoding.read_header(path, kind)
    whole = False
    if header.width * header.height > _SMALL_PIXELS:
        with decoding.damage():
            whole = (kind == "JPEG" and wholeness.jpeg_ends(path)) or (
                kind == "PNG" and wholeness.png_ends(path)
            )
    if not whole:
        decoding.decode(path, header, strict=True)
    return header.info()


def open_picture(path: Path, reduced: Path | None = None) -> Picture:
    """Open a picture; raise `UserError` with the reason where that cannot be done.

    Ordinary pictures are decoded here, so call it on a worker. TIFF files that would take
    more than 128 MB are read window by window; ``reduced`` is where the project keeps
    overviews of it (`overviews.place_in_project`), if it does.
    """
    kind = kind_of(path)
    if kind != "TIFF":
        header = decoding.read_header(path, kind)
        return DecodedPicture(header.info(), Pyramid(*decoding.decode(path, header)))
    info, layout = rasters.describe(path)
    if overviews.windowed(info):
        return rasters.RasterPicture(path, info, layout, overviews.find(path, reduced))
    with decoding.damage(), rasters.opened(path) as dataset:
        whole = Box(0, 0, dataset.height, dataset.width)
        pixels, valid = rasters.read_window(dataset, layout, whole, 1)
    pixels = decoding.upright(pixels, info.orientation)
    valid = None if valid is None else decoding.upright(valid, info.orientation)
    return DecodedPicture(info, Pyramid(pixels, valid))


def preview(path: Path, max_side: int, reduced: Path | None = None) -> Tile:
    """Return the whole picture reduced by a power of two until no side is over ``max_side``.

    Quick for JPEG, which is decoded at the smaller size, and for TIFF with overviews, its own
    or those in ``reduced``; other pictures are decoded whole. The tile's box is the whole image.
    """
    info = probe(path)
    stride = 1
    while -(-max(info.width, info.height) // stride) > max_side:
        stride *= 2
    if info.format == "JPEG" and stride > 1:
        header = decoding.read_header(path, info.format)
        first = min(stride, 8)
        small = decoding.decode_reduced(path, header, first)
        if small is not None:
            return Tile(shrink(small, None, stride // first)[0], info.box)
    picture = open_picture(path, reduced)
    try:
        return picture.read(info.box, stride)
    finally:
        picture.close()
