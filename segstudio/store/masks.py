"""Reading reference masks that other programs wrote."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED, Colour, LabelClass, hex_of
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Ids
from segstudio.errors import UserError
from segstudio.store import codecs, decoding, rasters
from segstudio.store.formats import kind_of
from segstudio.store.legend import read_legend, write_legend
from segstudio.store.naming import output_names
from segstudio.store.writing import write_entropy, write_mask

__all__ = [
    "mask_windows",
    "output_names",
    "read_legend",
    "read_mask",
    "write_entropy",
    "write_legend",
    "write_mask",
]

_ROWS = 512
_UNKNOWN = 256
_LISTED = 5
_INDEXED = {"1", "L", "P", "I", "I;16", "I;16B", "I;16L"}


def read_mask(
    path: Path,
    size: tuple[int, int],
    classes: Sequence[LabelClass],
    ignore: Collection[int] = (),
    legend: Mapping[Colour, int] | None = None,
) -> Ids:
    """Return the ids of a mask of an image whose height and width are ``size``.

    Indexed and grey masks hold ids, coloured ones the colours of the legend, or of the
    classes where there is none. Ids in ``ignore`` become 255, as does what is transparent.
    Raises `UserError` for another size and for ids and colours that no class has.
    """
    ids = np.full(size, UNLABELLED, np.uint8)
    for box, part in mask_windows(path, size, classes, ignore, legend):
        ids[box.slices] = part
    return ids


def mask_windows(
    path: Path,
    size: tuple[int, int],
    classes: Sequence[LabelClass],
    ignore: Collection[int] = (),
    legend: Mapping[Colour, int] | None = None,
) -> Iterator[tuple[Box, Ids]]:
    """Yield the ids of a mask in bands from top to bottom; as `read_mask`, for any size."""
    used = frozenset(c.id for c in classes)
    by_id = _id_table(used, frozenset(ignore))
    known = legend if legend is not None else {c.colour: c.id for c in classes}
    by_colour = frozenset(
        (colour, UNLABELLED if id in ignore else id) for colour, id in known.items()
    )
    kind = kind_of(path)
    bands = _tiff_bands(path, size, used) if kind == "TIFF" else _picture_bands(path, kind, size)
    for box, values, valid in bands:
        if values.shape[2] == 1:
            ids = _ids_of(values[:, :, 0], valid, by_id)
        else:
            ids = _ids_of_colours(values, valid, by_colour, lossy=kind == "JPEG")
        if valid is not None:
            ids[~valid] = UNLABELLED
        yield box, ids


Band = tuple[Box, NDArray[Any], NDArray[np.bool_] | None]
"""Part of a mask, its ids (one band) or colours (three), and what is not transparent."""


def _picture_bands(path: Path, kind: str, size: tuple[int, int]) -> Iterator[Band]:
    header = decoding.read_header(path, kind)
    _check_size(header.shape[:2], size)
    with decoding.damage(), codecs.pillow().open(path, formats=[kind]) as image:
        image.load()
        if header.orientation > 1:
            from PIL import ImageOps

            image = ImageOps.exif_transpose(image)
        height, width = size
        for top in range(0, height, _ROWS):
            box = Box(top, 0, min(top + _ROWS, height), width)
            yield box, *_values(image.crop((0, box.top, width, box.bottom)))


def _values(image: Any) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Return ids or colours of a part of a picture, and what is not transparent."""
    valid = None
    if image.mode in ("RGBA", "LA", "PA"):
        valid = np.asarray(image.getchannel("A")) > 0
        if image.mode == "RGBA":
            image = image.convert("RGB")
        else:
            return np.asarray(image)[:, :, :1], valid
    if image.mode in _INDEXED:
        return np.asarray(image)[:, :, None].astype(np.int32), valid
    if image.mode != "RGB":
        raise UserError(f"its colours are of the kind {image.mode}", "save it as indexed PNG")
    return np.asarray(image), valid


def _tiff_bands(path: Path, size: tuple[int, int], used: Collection[int]) -> Iterator[Band]:
    rasters.describe(path)
    with decoding.damage(), rasters.opened(path) as dataset:
        _check_size((dataset.height, dataset.width), size)
        count = 3 if dataset.count >= 3 else 1
        layout = rasters.Layout(tuple(range(1, count + 1)), masked=dataset.count in (2, 4))
        height, width = size
        for top in range(0, height, _ROWS):
            box = Box(top, 0, min(top + _ROWS, height), width)
            values, valid = rasters.read_window(dataset, layout, box, 1)
            nodata = dataset.nodata
            if count == 1 and nodata is not None and nodata not in used:
                given = values[:, :, 0] != nodata
                valid = given if valid is None else valid & given
            yield box, values, valid


def _check_size(found: tuple[int, ...], size: tuple[int, int]) -> None:
    if tuple(found) != tuple(size):
        raise UserError(
            f"the mask has {found[1]} × {found[0]} pixels, the picture {size[1]} × {size[0]}"
        )


@lru_cache(maxsize=4)
def _id_table(ids: frozenset[int], ignore: frozenset[int]) -> NDArray[np.uint16]:
    """Return what each value 0…255 becomes; 256 means that no class has it."""
    table = np.full(256, _UNKNOWN, np.uint16)
    for id in ids:
        table[id] = id
    for id in (*ignore, UNLABELLED):
        if 0 <= id < 256:
            table[id] = UNLABELLED
    table.flags.writeable = False
    return table


@lru_cache(maxsize=2)
def _colour_table(known: frozenset[tuple[Colour, int]]) -> NDArray[np.uint16]:
    """Return the id of each of the 2²⁴ colours; 256 means that it stands for nothing."""
    table = np.full(1 << 24, _UNKNOWN, np.uint16)
    for (red, green, blue), id in known:
        table[red << 16 | green << 8 | blue] = id
    table.flags.writeable = False
    return table


def _ids_of(values: NDArray[Any], valid: NDArray[np.bool_] | None, table: NDArray[Any]) -> Ids:
    if values.dtype == np.uint8:
        found = table[values]
    else:
        whole = (values >= 0) & (values < 256) & (values == np.floor(values))
        found = np.where(whole, table[np.where(whole, values, 0).astype(np.uint8)], _UNKNOWN)
    unknown = found == _UNKNOWN
    if valid is not None:
        unknown &= valid
    if unknown.any():
        strange = np.unique(values[unknown])
        listed = ", ".join(f"{id:g}" for id in strange[:_LISTED])
        listed += " …" if len(strange) > _LISTED else ""
        noun = "id" if len(strange) == 1 else "ids"
        raise UserError(
            f"no class has the {noun} {listed}",
            "add the classes, or leave such pixels unlabelled with --ignore",
        )
    known: Ids = found.astype(np.uint8)
    return known


def _ids_of_colours(
    values: NDArray[Any],
    valid: NDArray[np.bool_] | None,
    known: frozenset[tuple[Colour, int]],
    lossy: bool,
) -> Ids:
    if values.dtype != np.uint8:
        raise UserError("its colours have more than 8 bits", "save it as indexed PNG")
    packed = values[:, :, 0].astype(np.uint32) << 16
    packed |= values[:, :, 1].astype(np.uint32) << 8
    packed |= values[:, :, 2]
    found = _colour_table(known)[packed]
    unknown = found == _UNKNOWN
    if valid is not None:
        unknown &= valid
    if unknown.any():
        colours = np.unique(packed[unknown])
        listed = ", ".join(hex_of((c >> 16, c >> 8 & 255, c & 255)) for c in colours.tolist()[:5])
        more = f" and {len(colours) - _LISTED} more" if len(colours) > _LISTED else ""
        hint = "say with --legend FILE which colour stands for which class"
        if lossy:
            hint = "JPEG changes colours: save the mask as PNG"
        raise UserError(f"no class has the colour {listed}{more}", hint)
    ids: Ids = found.astype(np.uint8)
    return ids
