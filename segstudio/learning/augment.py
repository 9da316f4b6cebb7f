"""Random changes to crops that leave their labels true.

The ranges at strength 1 are those of Valishin et al. 2025: hue ± 30°, saturation and value
± 0.15, Gaussian noise of variance up to 0.04 on pixels of 0…1, quarter turns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import InputSpec
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels

Input = NDArray[np.float32]
"""Bands × height × width, as the network takes it."""


@dataclass(frozen=True)
class Augmentation:
    """Which changes are made, and how strong."""

    flip: bool = True
    turn: bool = False
    zoom: float = 2.0
    colour: float = 0.5
    noise: float = 0.0

    def turned(self, pixels: Pixels, mask: Ids, rng: np.random.Generator) -> tuple[Pixels, Ids]:
        """Mirror, and turn by 0, 90, 180 or 270 degrees; crops must be square to be turned."""
        if self.flip and rng.random() < 0.5:
            pixels, mask = pixels[:, ::-1], mask[:, ::-1]
        if self.turn:
            quarters = int(rng.integers(4))
            pixels, mask = np.rot90(pixels, quarters), np.rot90(mask, quarters)
        return pixels, mask

    def coloured(self, pixels: Pixels, spec: InputSpec, rng: np.random.Generator) -> Input:
        """Shift the colours and make the crop into input."""
        rgb = pixels.dtype == np.uint8 and spec.bands == 3
        if self.colour and rgb:
            pixels = _shift_hsv(pixels, self.colour, rng)
        x: Input = spec.prepare(pixels)[0]
        if self.colour:
            gain, offset = rng.uniform(-0.2, 0.2, 2) * self.colour
            x = x * np.float32(1 + gain) + np.float32(offset)
        if self.noise:
            deviation = np.sqrt(rng.uniform(0, 0.04)) * self.noise
            # The noise is meant for pixels of 0…1; a band without that range takes a quarter of
            # its spread as unit, which is about the same for photographs.
            unit = 1 / np.asarray(spec.std, np.float32) if rgb else np.full(spec.bands, 4, "f4")
            x += rng.standard_normal(x.shape, np.float32) * (unit * deviation)[:, None, None]
        return x.astype(np.float32, copy=False)


def _shift_hsv(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    import cv2

    hue, saturation, value = rng.uniform(-1, 1, 3) * strength
    # OpenCV's 8-bit hue counts 180 steps of 2 degrees.
    hsv = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2HSV)
    ramp = np.arange(256)
    tables = (
        (ramp + round(hue * 15)) % 180,
        np.clip(ramp + saturation * 0.15 * 255, 0, 255),
        np.clip(ramp + value * 0.15 * 255, 0, 255),
    )
    # Grey pixels have no hue: their saturation stays, or they would turn red.
    grey = hsv[..., 1] < 8
    shifted = cv2.LUT(hsv, np.stack(tables, 1).astype(np.uint8)[None])
    shifted[..., 1] = np.where(grey, hsv[..., 1], shifted[..., 1])
    return np.asarray(cv2.cvtColor(shifted, cv2.COLOR_HSV2RGB))


def resized(pixels: Pixels, mask: Ids, side: int) -> tuple[Pixels, Ids]:
    """Return a square piece of picture and mask at another size; labels are never mixed."""
    import cv2

    if pixels.shape[:2] == (side, side):
        return pixels, mask
    shrink = pixels.shape[0] > side
    kind = cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
    native = pixels if pixels.dtype in (np.uint8, np.uint16) else pixels.astype(np.float32)
    # OpenCV resizes at most four bands at once.
    parts = [
        cv2.resize(np.ascontiguousarray(native[..., b : b + 4]), (side, side), interpolation=kind)
        for b in range(0, pixels.shape[2], 4)
    ]
    joined = np.concatenate([p.reshape(side, side, -1) for p in parts], 2)
    labels = cv2.resize(
        np.ascontiguousarray(mask), (side, side), interpolation=cv2.INTER_NEAREST_EXACT
    )
    return joined, np.asarray(labels, np.uint8)
