"""Opening a picture for the canvas: what the readers' threads do."""

from dataclasses import dataclass
from pathlib import Path

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Cancelled
from segstudio.errors import UserError
from segstudio.gui.coarse import LONGEST, Coarse, Sample, parts_of, stride_of
from segstudio.store import pictures
from segstudio.store.display import Display, Look, usual_look
from segstudio.store.formats import PictureInfo, kind_of
from segstudio.store.pictures import Picture

Kind = tuple[int, str]
"""Number of bands and kind of number: pictures alike in these are shown alike."""


@dataclass(eq=False)
class Opening:
    """One opening of a picture; ``left`` tells the readers that nobody waits for it."""

    image: int | None = None
    left: bool = False


@dataclass(frozen=True)
class Shown:
    """A coarse picture, and the look it was made for."""

    look: Look
    display: Display
    coarse: Coarse


@dataclass(frozen=True)
class Opened:
    """A picture whose first part is there; ``parts`` are those still to be read."""

    picture: Picture
    sample: Sample
    parts: list[Box]
    shown: Shown


def stretch_of(look: Look) -> object:
    """Return what of a look decides the limits."""
    return look.stretch, look.percentiles


def kind_of_picture(info: PictureInfo) -> Kind:
    """Return what pictures have in common that are shown alike."""
    return info.bands, info.dtype


def quick(path: Path, looks: dict[Kind, Look]) -> Coarse | None:
    """Return a small version where that is much quicker to have than the whole picture."""
    if kind_of(path) != "JPEG":
        return None
    info = pictures.probe(path)
    if max(info.height, info.width) <= LONGEST:
        return None
    sample = Sample(info, stride_of(info))
    sample.put(pictures.preview(path, LONGEST))
    return shown(sample, looks.get(kind_of_picture(info)) or usual_look(info)).coarse


def opened(
    path: Path, reduced: Path | None, image: ImageRecord, looks: dict[Kind, Look],
    opening: Opening,
) -> Opened:  # fmt: skip
    """Open a picture, reduced where that suffices; return it with the first of its coarse parts.

    Raises `UserError` where it cannot be opened, and `Cancelled` where nobody waits any more.
    """
    if opening.left:
        raise Cancelled
    picture = pictures.open_picture(path, reduced)
    try:
        info = picture.info
        _check_size(info, image)
        stride = stride_of(info)
        first, *others = parts_of(picture, stride)
        sample = Sample(info, stride)
        look = looks.get(kind_of_picture(info)) or usual_look(info)
        seen = read_part(picture, first, sample, look)
        if opening.left:
            raise Cancelled
        return Opened(picture, sample, others, seen)
    except BaseException:
        picture.close()
        raise


def _check_size(info: PictureInfo, image: ImageRecord) -> None:
    if (info.height, info.width) != (image.height, image.width):
        raise UserError(
            f"{image.name} has changed on disk: it is {info.width} × {info.height} now,"
            f" and was {image.width} × {image.height}",
            "its mask is kept; put the old picture back, or remove it and add the new one",
        )


def read_part(picture: Picture, part: Box, sample: Sample, look: Look) -> Shown:
    """Read one more part of the coarse picture; return all that is there."""
    sample.put(picture.read(part, sample.stride))
    return shown(sample, look)


def shown(sample: Sample, look: Look) -> Shown:
    """Return what is there of the coarse picture, in a look."""
    display = sample.display(look)
    return Shown(look, display, sample.coarse(display))
