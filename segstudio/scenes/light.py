"""Shadows on a relief, and tones: from reflectance to the numbers of a picture."""

import math

import numpy as np

from segstudio.scenes.noise import Field, Image


def sunlit(relief: Image, towards: tuple[float, float], rise: float, softness: float) -> Field:
    """Return how much of the sun each point of a height field gets, 0…1.

    ``towards`` is the direction of the sun in the image as (right, down), of length 1; ``rise`` is
    how much a ray to the sun climbs per pixel, in units of ``relief``; ``softness`` the width of
    the half-shadow in the same units.
    """
    import cv2

    reach = math.ceil((int(relief.max()) - int(relief.min())) / rise)
    blocker = np.zeros_like(relief)
    height, width = relief.shape
    step = 1 + reach // 40
    for distance in range(1, reach + 1, step):
        right, down = round(towards[0] * distance), round(towards[1] * distance)
        if abs(right) >= width or abs(down) >= height:
            break
        here = np.s_[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
        there = np.s_[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
        drop = np.full_like(relief[there], min(255, round(distance * rise)))
        blocker[here] = cv2.max(blocker[here], cv2.subtract(relief[there], drop))
    above = cv2.subtract(blocker, relief).astype(np.float32)
    lit = np.clip(1 - above / np.float32(softness), 0, 1)
    return np.asarray(cv2.GaussianBlur(lit, (0, 0), 0.8), np.float32)


def hollows(relief: Image, radius: float, strength: float) -> Field:
    """Return the light that reaches each point from all sides, 0…1: less in recesses."""
    import cv2

    small = cv2.resize(relief, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    around = cv2.GaussianBlur(small.astype(np.float32), (0, 0), max(radius / 2, 0.5))
    around = cv2.resize(around, relief.shape[::-1], interpolation=cv2.INTER_LINEAR)
    depth = np.clip(around - relief, 0, None)
    return np.asarray(1 / (1 + strength * depth), np.float32)


_LINEAR = (np.arange(256, dtype=np.float32) / 255) ** np.float32(2.2)


def to_linear(image: Image) -> Field:
    """Return the light that 8-bit tones stand for, 0…1."""
    return np.asarray(_LINEAR[image], np.float32)


def to_tones(light: Field) -> Image:
    """Return 8-bit tones of linear light; bright parts roll off instead of clipping."""
    steps = 2048
    levels = np.arange(steps + 1, dtype=np.float32) / steps * 2
    curve = levels * (1 + levels / 4) / (1 + levels * 0.52)
    table = np.clip(255 * curve ** (1 / 2.2) + 0.5, 0, 255).astype(np.uint8)
    return np.asarray(table[np.clip(light * (steps / 2), 0, steps).astype(np.int16)])
