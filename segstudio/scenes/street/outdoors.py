"""What lies around the front: sky, distant houses, pavement and street."""

import numpy as np

from segstudio.scenes.noise import Image, Rng, fractal, multiply, white
from segstudio.scenes.street.paint import hsv, mixed, scaled
from segstudio.scenes.street.surface import Colour
from segstudio.scenes.street.view import View


def sky(rng: Rng, height: int, width: int, sunny: bool) -> Image:
    """Return a sky that pales towards the horizon, with clouds."""
    if sunny:
        zenith, horizon = (
            hsv(rng.uniform(0.55, 0.61), rng.uniform(0.35, 0.62), 0.82),
            (206, 220, 234),
        )
    else:
        zenith, horizon = hsv(0.58, rng.uniform(0.02, 0.14), 0.78), (226, 228, 230)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None] ** 0.8
    clouds = fractal(rng, height, width, width / 3, 6, 0.6, (0.5, 1.4))
    cover = np.clip((clouds - rng.uniform(-0.4, 1.6)) * 0.9, 0, 1) if sunny else 0.12 * clouds
    tone = np.array(zenith, np.float32) * (1 - down[:, :, None])
    tone = tone + np.array(horizon, np.float32) * down[:, :, None]
    cloud = 246 - 26 * np.clip(clouds - 0.8, 0, 1.5)
    mix = np.broadcast_to(cover, (height, width))[:, :, None]
    clouded = tone * (1 - mix) + cloud[:, :, None] * mix
    return np.asarray(np.clip(clouded, 0, 255).astype(np.uint8))


def far_houses(rng: Rng, picture: Image, horizon: int) -> None:
    """Draw hazy blocks and tree tops along the horizon, seen past the end of the wall."""
    import cv2

    height, width = picture.shape[:2]
    haze: Colour = (206, 212, 220)
    left = 0
    while left < width:
        wide = max(8, round(height * rng.uniform(0.12, 0.32)))
        top = horizon - round(height * rng.uniform(0.2, 0.6))
        front = mixed(hsv(rng.uniform(0.02, 0.15), rng.uniform(0.05, 0.3), 0.68), haze, 0.4)
        cv2.rectangle(picture, (left, top), (left + wide, horizon + 40), front, -1)
        cv2.rectangle(
            picture, (left, top), (left + wide, top + height // 60), scaled(front, 0.8), -1
        )
        pitch = max(6, round(height * rng.uniform(0.04, 0.06)))
        for y in range(top + pitch, horizon, round(pitch * 1.5)):
            for x in range(left + pitch // 2, left + wide - pitch // 2, pitch):
                pane = (x + max(2, pitch // 2), y + max(3, pitch * 2 // 3))
                cv2.rectangle(picture, (x, y), pane, scaled(front, 0.62), -1)
        left += wide + round(height * rng.uniform(-0.01, 0.06))
    crowns = fractal(rng, 1, width, height / 8, 5, 0.6)[0]
    tops = horizon - height * np.clip(0.04 + 0.035 * crowns, 0, 1)
    ridge = np.column_stack([np.arange(width), tops])
    outline = np.concatenate([ridge, [[width, height], [0, height]]])
    green = mixed(hsv(0.28, 0.4, 0.4), haze, 0.3)
    cv2.fillPoly(picture, [np.round(outline).astype(np.int32)], green)
    picture[:] = cv2.GaussianBlur(picture, (0, 0), height / 400)


def street(rng: Rng, view: View, left: float, right: float) -> tuple[Image, Image]:
    """Return the ground as it falls into the picture, and where it does (255)."""
    scale = min(view.scale_at(0, 0) * 0.8, 4000 / (right - left))
    out, kerb = 9.0, float(rng.uniform(1.6, 3.0))
    height, width = max(round(out * scale), 8), max(round((right - left) * scale), 8)
    ground = np.full((height, width, 3), hsv(rng.uniform(0.06, 0.14), 0.06, rng.uniform(0.5, 0.68)))
    ground = ground.astype(np.uint8)
    edge = min(round(kerb * scale), height - 1)
    _slabs(rng, ground[:edge], scale)
    road = ground[edge:]
    road[:] = hsv(0.6, 0.05, rng.uniform(0.26, 0.38))
    multiply(road, 1 + 0.13 * white(rng, *road.shape[:2]))
    stone = max(2, round(0.16 * scale))
    ground[edge : edge + stone] = (168, 164, 158)
    ground[edge + stone : edge + stone + max(1, round(0.12 * scale))] = (58, 58, 60)
    dirt = fractal(rng, height, width, 1.5 * scale, 5, 0.6)
    near = np.clip(1 - np.arange(height, dtype=np.float32) / (0.5 * scale), 0, 1)
    multiply(ground, 1 + 0.07 * dirt - (0.35 * near[:, None]).astype(np.float32))
    step = 1 / scale
    metres = np.array([[step, 0, left], [0, step, 0], [0, 0, 1]])
    matrix = view.ground @ metres
    there = np.full((height, width), 255, np.uint8)
    return view.warp(ground, matrix), view.warp(there, matrix, nearest=True)


def _slabs(rng: Rng, pavement: Image, scale: float) -> None:
    """Paving slabs, each of its own tone, with dark joints."""
    height, width = pavement.shape[:2]
    deep, wide = (max(rng.uniform(*r) * scale, 4) for r in ((0.35, 0.7), (0.4, 0.9)))
    row = (np.arange(height) / deep).astype(np.int32)
    shift = (row % 2) * wide / 2
    column = ((np.arange(width)[None, :] + shift[:, None]) / wide).astype(np.int32)
    tone = rng.normal(1, 0.05, (int(row.max(initial=0)) + 1, int(column.max(initial=0)) + 1))
    factor = tone[row[:, None], column].astype(np.float32)
    factor[1:][np.diff(row) > 0] *= 0.72
    factor[:, 1:][np.diff(column, axis=1) > 0] *= 0.75
    multiply(pavement, factor * (1 + 0.06 * white(rng, height, width)))
