"""How steeply the colours of a picture change, and in which direction."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.imaging.lab import Rgb
from segstudio.imaging.lattice import colours

Floats = NDArray[np.float32]

KERNEL = 1 / 32
"""Scharr's kernels sum up to 32 a pixel of distance."""

FINE = 16
"""Canny's whole numbers to a ΔE a pixel."""

WEAK = 0.4
"""Where Canny's weak edges begin, in parts of his strong ones; usual, as in MATLAB."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """The gradient of CIELAB: what each band (height × width × 3) changes a pixel."""

    across: Floats
    along: Floats

    @classmethod
    def of(cls, rgb: Rgb, smoothing: float) -> "Slopes":
        """``smoothing`` is the width of the Gaussian before, in pixels."""
        import cv2

        lab = colours(rgb)
        if smoothing > 0:
            lab = cv2.GaussianBlur(lab, (0, 0), smoothing, borderType=cv2.BORDER_REFLECT)
        return cls(
            np.asarray(cv2.Scharr(lab, cv2.CV_32F, 1, 0, scale=KERNEL)),
            np.asarray(cv2.Scharr(lab, cv2.CV_32F, 0, 1, scale=KERNEL)),
        )

    def steepness(self) -> Floats:
        """Return the largest change of colour at each pixel, in any direction: ΔE 1976 a pixel.

        Source: S. Di Zenzo, A note on the gradient of a multi-image, 1986.
        """
        first, second = (self.across**2).sum(2), (self.along**2).sum(2)
        mixed = (self.across * self.along).sum(2)
        apart = np.sqrt((first - second) ** 2 + 4 * mixed**2)
        return np.asarray(np.sqrt(np.maximum((first + second + apart) / 2, 0)), np.float32)

    def thin_edges(self, strong: float) -> NDArray[np.bool_]:
        """Return lines of one pixel where the steepness has its crests (Canny 1986).

        Those that reach ``strong`` somewhere, with what goes on from there. Each pixel's
        gradient is that of the band that changes most.
        """
        import cv2

        band = (self.across**2 + self.along**2).argmax(2)[..., None]
        across, along = (
            np.rint(np.take_along_axis(slopes, band, 2)[..., 0] * FINE).astype(np.int16)
            for slopes in (self.across, self.along)
        )
        high = max(strong * FINE, 1.0)
        lines = cv2.Canny(across, along, high * WEAK, high, L2gradient=True)
        return np.asarray(lines) > 0
