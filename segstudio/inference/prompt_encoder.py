"""The first half of a model that takes clicks: from a picture to its features."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.stroke import Point
from segstudio.errors import UserError
from segstudio.inference.foreign import value_of

Rgb = NDArray[np.uint8]

SIDE = 1024
"""Longest side of the picture for encoders that do not say."""

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
"""What SAM and its kin subtract and divide by (those of ImageNet)."""

WANTED = "an encoder takes one picture, N × 3 × H × W or H × W × 3, float32 or uint8"


@dataclass(frozen=True)
class Frame:
    """How a picture lies in what the model sees: at its top left, scaled. Heights first."""

    picture: tuple[int, int]
    """Size of the picture itself."""

    filled: tuple[int, int]
    """Size of the picture as the model sees it."""

    whole: tuple[int, int]
    """Size of all that the model sees, with the padding."""

    @classmethod
    def of(
        cls, picture: tuple[int, int], whole: tuple[int | None, int | None], stretched: bool
    ) -> "Frame":
        """Fit a picture into a size; None is a side that may have any length."""
        height, width = whole[0] or SIDE, whole[1] or SIDE
        if stretched:
            return cls(picture, (height, width), (height, width))
        scale = min(height / picture[0], width / picture[1])
        filled = (
            min(max(round(picture[0] * scale), 1), height),
            min(max(round(picture[1] * scale), 1), width),
        )
        return cls(picture, filled, (whole[0] or filled[0], whole[1] or filled[1]))

    def seen(self, point: Point) -> Point:
        """Return where the model sees a point of the picture."""
        x, y = point
        return x * self.filled[1] / self.picture[1], y * self.filled[0] / self.picture[0]


@dataclass(frozen=True)
class Encoder:
    """An encoder's session, and how its picture is to be prepared."""

    session: Any
    file: Path
    name: str
    planar: bool
    """Whether bands come before rows."""

    batched: bool
    whole: tuple[int | None, int | None]
    dtype: type
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def of(cls, session: Any, file: Path) -> "Encoder":
        """Recognise an encoder. Raises `UserError` that says what was found instead."""
        entries = session.get_inputs()
        found = f"{file.name} takes {_listed(entries)}"
        if len(entries) != 1:
            raise UserError(found, WANTED)
        (entry,) = entries
        dtype = {"tensor(float)": np.float32, "tensor(uint8)": np.uint8}.get(entry.type)
        shape = list(entry.shape)
        batched = len(shape) == 4
        sides = shape[1:] if batched else shape
        if dtype is None or len(sides) != 3:
            raise UserError(found, WANTED)
        planar = sides[0] == 3 or (sides[2] != 3 and batched)
        if not planar and isinstance(sides[2], int) and sides[2] != 3:
            raise UserError(found, WANTED)
        if planar and isinstance(sides[0], int) and sides[0] != 3:
            raise UserError(found, WANTED)
        height, width = sides[1:] if planar else sides[:2]
        normal = _normalisation(session, entry.name, planar and dtype is np.float32)
        if planar and not entry.name.startswith("batched"):
            # Their features belong to places: the padding is part of what they know.
            height, width = _fixed(height) or SIDE, _fixed(width) or SIDE
        whole = (_fixed(height), _fixed(width))
        return cls(session, file, entry.name, planar, batched, whole, dtype, *normal)

    @property
    def outputs(self) -> list[Any]:
        return list(self.session.get_outputs())

    def prepared(self, rgb: Rgb, frame: Frame) -> NDArray[Any]:
        """Return the picture as the session takes it."""
        import cv2

        height, width = frame.filled
        smaller = height * width < rgb.shape[0] * rgb.shape[1]
        way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        fitted = cv2.resize(np.ascontiguousarray(rgb), (width, height), interpolation=way)
        values: NDArray[Any] = np.zeros((*frame.whole, 3), self.dtype)
        if self.dtype is np.uint8:
            values[:height, :width] = fitted
        else:
            mean, std = (np.array(numbers, np.float32) for numbers in (self.mean, self.std))
            values[:height, :width] = (fitted.astype(np.float32) - mean) / std
        if self.planar:
            values = np.ascontiguousarray(values.transpose(2, 0, 1))
        return values[None] if self.batched else values


def _normalisation(
    session: Any, name: str, wanted: bool
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and deviation in 0…255: those of the file, else what its kind expects.

    Encoders that take rows first, or 8 bits, do it themselves; EfficientSAM takes 0…1.
    """
    metadata: Mapping[str, str] = session.get_modelmeta().custom_metadata_map
    if {"standardization_mean", "standardization_std"} <= metadata.keys():
        mean, std = (value_of(metadata[f"standardization_{k}"]) for k in ("mean", "std"))
        return tuple(255 * float(m) for m in mean), tuple(255 * float(s) for s in std)
    if not wanted:
        return (0.0,) * 3, (1.0,) * 3
    if name.startswith("batched"):
        return (0.0,) * 3, (255.0,) * 3
    return MEAN, STD


def _fixed(side: object) -> int | None:
    return side if isinstance(side, int) and side > 0 else None


def _listed(entries: list[Any]) -> str:
    """Name inputs with their shapes."""
    named = (f"{entry.name} ({' × '.join(map(str, entry.shape))})" for entry in entries)
    return ", ".join(named) or "nothing"
