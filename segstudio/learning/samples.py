"""Small pictures with reference and prediction, to look at while a network learns."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels
from segstudio.learning.dataset import Example

SIDE = 256
"""Pixels of the longer side at most."""

DARK, BRIGHT = 1, 99
"""Per cent of the values of a band that lie below its black and its white."""


@dataclass(frozen=True)
class Sample:
    """A reduced picture (H × W × 3 uint8) with the masks of two opinions about it."""

    name: str
    image: int | None
    picture: NDArray[np.uint8] = field(repr=False)
    reference: Ids = field(repr=False)
    predicted: Ids = field(repr=False)


def sample_of(example: Example, pixels: Pixels, mask: Ids, found: Ids) -> Sample:
    """Reduce a picture and its masks by leaving out rows and columns."""
    every = max(1, -(-max(mask.shape) // SIDE))
    small = np.s_[::every, ::every]
    return Sample(
        example.name, example.image, seen(pixels[small]), mask[small].copy(), found[small].copy()
    )


def seen(pixels: Pixels) -> NDArray[np.uint8]:
    """Return three bands of 8 bits of H × W × bands pixels of any kind; one band becomes grey."""
    bands = pixels[:, :, :3] if pixels.shape[2] >= 3 else np.repeat(pixels[:, :, :1], 3, axis=2)
    if bands.dtype == np.uint8:
        return np.ascontiguousarray(bands)
    values = np.nan_to_num(bands.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = np.percentile(values, [DARK, BRIGHT], axis=(0, 1))
    shares = (values - low) / np.maximum(high - low, 1e-12)
    stretched: NDArray[np.uint8] = (shares.clip(0, 1) * 255).round().astype(np.uint8)
    return stretched
