"""Numbers of any kind made into colours that a screen can show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiling import Pixels, Valid
from segstudio.store.formats import PictureInfo

_LOW, _HIGH = 2.0, 98.0
_SAMPLE = 1 << 18


@dataclass(frozen=True)
class Stretch:
    """For each band, the value that is shown black and the one that is shown white."""

    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def is_identity(self) -> bool:
        """Nothing is to be done to 8-bit numbers."""
        return all(low == 0 for low in self.low) and all(high == 255 for high in self.high)


def stretch_of(sample: Pixels, info: PictureInfo, valid: Valid | None = None) -> Stretch:
    """Choose how a picture is shown from a sample of it, such as a reduced version of all.

    8-bit pictures are shown as they are; of others the values between the 2nd and the 98th
    percentile of the valid pixels of each band are spread from black to white.
    """
    if info.dtype == "uint8":
        return Stretch((0.0,) * info.bands, (255.0,) * info.bands)
    limits = [_limits(sample[:, :, band], valid) for band in range(info.bands)]
    return Stretch(tuple(low for low, _ in limits), tuple(high for _, high in limits))


def to_rgb(
    pixels: Pixels,
    stretch: Stretch,
    bands: Sequence[int] = (0, 1, 2),
    valid: Valid | None = None,
) -> NDArray[np.uint8]:
    """Return height × width × 3 colours; black where a pixel is not valid or not a number.

    ``bands`` are shown as red, green and blue; a picture with fewer than three is grey,
    after its first band.
    """
    count = pixels.shape[2]
    shown = [band for band in bands if band < count] if count >= 3 else [0]
    if len(shown) != 3:
        shown = shown[:1] or [0]
    if pixels.dtype == np.uint8 and stretch.is_identity:
        plain = count == 3 and shown == [0, 1, 2]
        grey_or_rgb = pixels if plain else pixels[:, :, shown]
    else:
        grey_or_rgb = np.stack([_scaled(pixels[:, :, band], stretch, band) for band in shown], 2)
    rgb = np.empty((*pixels.shape[:2], 3), np.uint8)
    rgb[:] = grey_or_rgb
    if valid is not None:
        rgb[~valid] = 0
    return rgb


def _limits(values: Pixels, valid: Valid | None) -> tuple[float, float]:
    numbers = (values if valid is None else values[valid]).ravel()
    numbers = numbers[:: max(numbers.size // _SAMPLE, 1)]
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        return 0.0, 1.0
    low, high = (float(limit) for limit in np.percentile(numbers, (_LOW, _HIGH)))
    if high <= low:
        # Nearly all is one value: what differs from it is what there is to see.
        low, high = float(numbers.min()), float(numbers.max())
    return (low, high) if high > low else (low, low + 1.0)


def _scaled(values: Pixels, stretch: Stretch, band: int) -> NDArray[np.uint8]:
    low, high = stretch.low[band], stretch.high[band]
    if values.dtype in (np.uint8, np.uint16) and values.size > 1 << 14:
        steps = np.arange(np.iinfo(values.dtype).max + 1, dtype=np.float32)
        table: NDArray[np.uint8] = _spread(steps, low, high)[values]
        return table
    precise = np.float64 if values.dtype.itemsize > 4 else np.float32
    return _spread(values.astype(precise), low, high)


def _spread(values: Pixels, low: float, high: float) -> NDArray[np.uint8]:
    with np.errstate(over="ignore", invalid="ignore"):
        spread = (values - low) * (255 / (high - low))
    return np.rint(np.clip(np.nan_to_num(spread, nan=0.0), 0, 255)).astype(np.uint8)
