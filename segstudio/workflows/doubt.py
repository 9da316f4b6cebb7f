"""How unsure a model is of each pixel of one picture, to be looked at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiling import Tile
from segstudio.inference.model import Model
from segstudio.inference.predict import predict
from segstudio.store.pictures import Picture

PIXELS = 16_000_000
"""Pixels up to which a picture is looked at in full; larger ones are reduced first."""

REGION = 128
"""Side of the regions among which the most uncertain one is sought, in pixels."""


@dataclass(frozen=True)
class Doubt:
    """Entropy × 255 over ``box`` of the picture, reduced by ``stride``."""

    box: Box
    entropy: NDArray[np.uint8]
    stride: int = 1

    def worst_region(self, side: int = REGION) -> Box:
        """Return the square of the picture in which the mean entropy is highest."""
        import cv2

        cells = max(1, side // self.stride)
        mean = cv2.blur(
            self.entropy.astype(np.float32), (cells, cells), borderType=cv2.BORDER_REFLECT
        )
        y, x = np.unravel_index(int(mean.argmax()), mean.shape)
        top, left = int(y) * self.stride - side // 2, int(x) * self.stride - side // 2
        return Box(top, left, top + side, left + side).clipped(self.box)


def doubt_of(model: Model, picture: Picture, task: Task) -> Doubt:
    """Return how unsure the model is of a picture."""
    info = picture.info
    whole = Box(0, 0, info.height, info.width)
    stride = 1
    while info.height * info.width > PIXELS * stride * stride:
        stride *= 2
    height, width = -(-info.height // stride), -(-info.width // stride)
    out = np.zeros((height, width), np.uint8)

    def read(box: Box) -> Tile:
        part = Box(*(side * stride for side in (box.top, box.left, box.bottom, box.right)))
        tile = picture.read(part.clipped(whole), stride)
        return Tile(tile.pixels, box, tile.valid)

    for box, _, entropy in predict(model, height, width, read, task, want_entropy=True):
        if entropy is not None:
            out[box.slices] = np.round(entropy * 255)
    return Doubt(whole, out, stride)
