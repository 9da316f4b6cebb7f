"""What walls are made of: brick, plaster, panels; and how weather marks them."""

import numpy as np

from segstudio.scenes.noise import Field, Image, Rng, blend, fractal, multiply, white
from segstudio.scenes.street.paint import hsv, mixed, wall_coat
from segstudio.scenes.street.surface import Rect, Surface

MATERIALS = ("brick", "plaster", "panel")


def brick(rng: Rng, height: int, width: int, scale: float) -> Image:
    """Return running bond, each brick of its own tone; some walls are painted over."""
    course, length = max(0.085 * scale, 3.0), max(0.27 * scale, 8.0)
    rows = np.arange(height, dtype=np.float32) / course
    columns = np.arange(width, dtype=np.float32) / length
    row = rows.astype(np.int32)
    even, odd = columns.astype(np.int32), (columns + 0.5).astype(np.int32)
    tints = _brick_tints(rng, (int(row[-1]) + 1, int(odd[-1]) + 1))
    column = np.where(row[:, None] % 2 == 0, even[None, :], odd[None, :])
    wall = tints[row[:, None], column]
    bed = rows - row < 1.1 / course
    joint = np.where(row[:, None] % 2 == 0, columns - even, (columns + 0.5) - odd) < 1.1 / length
    mortar = joint | bed[:, None]
    tone = int(rng.integers(110, 200))
    depth = 1 + 0.1 * white(rng, height, width)
    if rng.random() < 0.25:
        coat = np.array(wall_coat(rng), np.float32)
        wall[:] = np.clip(0.82 * coat + 0.18 * wall, 0, 255).astype(np.uint8)
        depth[mortar] *= 0.84
    else:
        wall[mortar] = (tone, tone - 6, tone - 16)
    multiply(wall, depth)
    return wall


def _brick_tints(rng: Rng, shape: tuple[int, int]) -> Image:
    """One colour a brick: a family of three, and a few burnt ones."""
    if rng.random() < 0.75:
        hue, saturation, value = rng.uniform(0.0, 0.06), rng.uniform(0.35, 0.6), 0.55
    else:
        hue, saturation, value = rng.uniform(0.08, 0.13), rng.uniform(0.2, 0.42), 0.72
    family = np.array(
        [
            hsv(hue, saturation, value),
            hsv(hue + 0.015, saturation * 0.9, value * 1.12),
            hsv(hue - 0.01, saturation, value * 0.86),
            hsv(hue, saturation * 0.7, value * 0.6),
        ],
        np.float32,
    )
    chosen = rng.choice(4, shape, p=(0.4, 0.3, 0.24, 0.06))
    tone = rng.normal(1, 0.06, shape).astype(np.float32)
    return np.asarray(np.clip(family[chosen] * tone[:, :, None], 0, 255).astype(np.uint8))


def plaster(rng: Rng, height: int, width: int, scale: float) -> Image:
    """Return rendered wall: soft blotches, grain, mended patches, now and then bare brick."""
    coat = wall_coat(rng)
    blotches = fractal(rng, height, width, 2.5 * scale, 5)
    grain = fractal(rng, height, width, 0.06 * scale, 2)
    wall = np.full((height, width, 3), coat, np.uint8)
    multiply(wall, 1 + 0.045 * blotches + 0.04 * grain)
    if rng.random() < 0.5:
        mended = fractal(rng, height, width, 1.8 * scale, 3, 0.4)
        amount = np.clip((mended - rng.uniform(1.3, 1.8)) * 8, 0, 1) * 0.5
        blend(wall, mixed(coat, (190, 186, 178), 0.6), amount)
    if rng.random() < 0.35:
        fallen = fractal(rng, height, width, 1.6 * scale, 5, 0.5)
        amount = np.clip((fallen - rng.uniform(1.75, 2.2)) * 14, 0, 1)
        bare = brick(rng, height, width, scale)
        wall[amount > 0.5] = bare[amount > 0.5]
        edge = (amount > 0.02) & (amount < 0.5)
        wall[edge] = np.clip(wall[edge] * 0.72, 0, 255).astype(np.uint8)
    return wall


def panel(rng: Rng, height: int, width: int, scale: float) -> Image:
    """Return large panels with joints: concrete, or sheets of which some are tinted like sky."""
    wide, high = rng.uniform(1.2, 3.2) * scale, rng.uniform(1.4, 3.0) * scale
    row = (np.arange(height) / high).astype(np.int32)
    column = (np.arange(width) / wide).astype(np.int32)
    shape = int(row[-1]) + 1, int(column[-1]) + 1
    base = hsv(rng.uniform(0.05, 0.62), rng.uniform(0.02, 0.16), rng.uniform(0.55, 0.82))
    tone = rng.normal(1, 0.05, shape).astype(np.float32)
    tints = np.clip(np.array(base, np.float32) * tone[:, :, None], 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        accent = hsv(rng.choice([0.03, 0.1, 0.4, 0.55, 0.58, 0.6]), rng.uniform(0.2, 0.45), 0.7)
        stripes = rng.random(shape[1]) < 0.3 if rng.random() < 0.5 else rng.random(shape) < 0.18
        tints[np.broadcast_to(stripes, shape)] = accent
    wall: Image = tints[row[:, None], column[None, :]]
    grain = fractal(rng, height, width, 1.2 * scale, 5, 0.6)
    factor = 1 + 0.05 * grain
    for index, size in ((row, 0), (column, 1)):
        joints = np.flatnonzero(np.diff(index)) + 1
        for joint in joints:
            line = (slice(joint, joint + max(1, round(0.03 * scale))), slice(None))
            factor[line if size == 0 else line[::-1]] *= 0.5
    multiply(wall, factor)
    return wall


def build(rng: Rng, material: str, height: int, width: int, scale: float) -> Image:
    """Return a wall of one of the `MATERIALS`."""
    return {"brick": brick, "plaster": plaster, "panel": panel}[material](rng, height, width, scale)


def streaks(rng: Rng, height: int, width: int) -> Field:
    """Return how dirty a strip below a ledge is, 0…1: runs of random lengths."""
    reach = np.clip(fractal(rng, 1, width, 6, 3) * 0.28 + 0.4, 0.05, 1)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return np.asarray(np.clip(1 - down / reach, 0, 1), np.float32)


def drip(rng: Rng, surface: Surface, ledge: Rect, length: float, strength: float) -> None:
    """Let dirt run down from the lower edge of a ledge."""
    below = Rect(ledge.left, ledge.bottom - length, ledge.width, length)
    rows, columns = surface.slices(below)
    if rows.stop - rows.start < 2 or columns.stop - columns.start < 2:
        return
    dirt = streaks(rng, rows.stop - rows.start, columns.stop - columns.start)
    surface.shade(below, 1 - np.float32(strength) * dirt)


def weather(rng: Rng, surface: Surface) -> None:
    """Soil the foot of the wall, stain it in tall streaks, and crack it here and there."""
    import cv2

    height, width = surface.ids.shape
    scale = surface.scale
    stains = fractal(rng, height, width, 0.5 * scale, 4, 0.6, stretch=(5, 1))
    factor = 1 - rng.uniform(0.02, 0.12) * np.clip(stains, 0, 3)
    foot = (height - np.arange(height, dtype=np.float32)) / scale
    splash = np.exp(-foot / rng.uniform(0.25, 0.9)) * rng.uniform(0.1, 0.45)
    edge = 0.7 + 0.3 * fractal(rng, height, width, 0.4 * scale, 2)
    factor -= splash[:, None].astype(np.float32) * edge
    cracks = np.zeros((height, width), np.uint8)
    for _ in range(int(rng.integers(0, 4))):
        start = rng.uniform((0, 0), (width, height))
        steps = rng.normal((0.02, 0.06), (0.06, 0.05), (30, 2)) * scale
        path = [np.round(start + np.cumsum(steps, 0)).astype(np.int32)]
        cv2.polylines(cracks, path, False, 110, 1, cv2.LINE_AA)
    factor -= cracks.astype(np.float32) / 255
    multiply(surface.albedo, factor.astype(np.float32))
