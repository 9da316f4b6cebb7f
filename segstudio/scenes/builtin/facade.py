"""House fronts in a street, with what has been hung, pasted and sprayed on them."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import LabelClass
from segstudio.scenes import lens, light
from segstudio.scenes.noise import Field, Image, Rng, fractal
from segstudio.scenes.scene import Rendered, generator, label_classes, picture_name, scenes
from segstudio.scenes.street.foreground import Scenery, bollards, post, tree, wires
from segstudio.scenes.street.front import front
from segstudio.scenes.street.outdoors import far_houses, sky, street
from segstudio.scenes.street.surface import BACKGROUND, Surface
from segstudio.scenes.street.view import View


@scenes.add
class Facade:
    """A wall of brick, plaster or panels seen from across the street, tilted as in street photos.

    *facade* is the building as built: wall, windows, doors, balconies, shop windows and what is in
    them, shutters, awnings, flower boxes, satellite dishes, number plates, bands, pipes.
    *background* is everything else: sky, distant houses, ground, and what stands before the wall
    (trees, wires, posts), which cuts the masks exactly. The other classes are clutter on the wall.
    """

    classes: ClassVar[tuple[LabelClass, ...]] = label_classes(
        "background", "facade", "sign", "banner", "poster", "graffiti", "air_conditioner", "vent"
    )
    size: ClassVar[tuple[int, int]] = (480, 640)

    @classmethod
    def render(
        cls, seed: int, index: int, height: int | None = None, width: int | None = None
    ) -> Rendered:
        """Make one picture, RGB. Sizes below half the default are made larger and reduced."""
        import cv2

        height, width = height or cls.size[0], width or cls.size[1]
        rng = generator("facade", seed, index)
        finer = max(1, math.ceil(0.5 / max(height / 480, width / 640)))
        pixels, mask = _compose(rng, height * finer, width * finer)
        if finer > 1:
            pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
            mask = np.ascontiguousarray(mask[finer // 2 :: finer, finer // 2 :: finer])
        pixels = lens.photograph(rng, pixels, (1.0, 5.0))
        return Rendered(picture_name("facade", index), pixels, mask)


def _compose(rng: Rng, height: int, width: int) -> tuple[Image, Image]:
    view = View.chosen(rng, height, width)
    left, right, up = view.reach()
    left, right = float(np.clip(left, -22, -3)), float(np.clip(right, 3, 22))
    sunny = rng.random() < 0.6
    surface = front(rng, (left, right), up, view.scale_at(0, 3) * 1.2)
    wall = np.dstack([surface.albedo, _daylight(rng, surface, sunny)])
    matrix = view.from_surface(surface)
    seen = view.warp(wall, matrix)
    ids = view.warp(surface.ids + np.uint8(1), matrix, nearest=True)
    ground, on_ground = street(rng, view, left - 8, right + 8)
    backdrop = sky(rng, height, width, sunny)
    horizon = round(min(max(view.project(0, 1.7, -60)[1], 0), height))
    far_houses(rng, backdrop, horizon)
    wall_light, street_light = _lamps(rng, sunny)
    lit = light.to_linear(backdrop) * np.float32(1.0 if sunny else 0.9)
    lit = _over(lit, light.to_linear(ground) * street_light, on_ground > 0)
    shining = seen[:, :, 3:].astype(np.float32) / 255
    lit = _over(lit, light.to_linear(seen[:, :, :3]) * wall_light(shining), ids > 0)
    mask = np.where(ids > 0, ids - np.uint8(1), np.uint8(BACKGROUND)).astype(np.uint8)
    tones = light.to_tones(_exposed(rng, lit))
    scene = Scenery(view, tones, mask, 1.15 if sunny else 0.8)
    _before_the_wall(rng, scene, left, right)
    exposure = lens.vignette(rng, height, width)[:, :, None]
    final = scene.picture * (exposure * lens.white_balance(rng, 0.035))
    return np.clip(final, 0, 255).astype(np.uint8), mask


def _exposed(rng: Rng, lit: Field) -> Field:
    """Let the camera set its exposure, not quite rightly, and render colours a little pale."""
    grey = lit @ np.array([0.3, 0.59, 0.11], np.float32)
    gain = (0.27 / max(float(grey.mean()), 0.01)) ** 0.7 * math.exp(rng.normal(0, 0.13))
    return np.asarray((lit * 0.9 + 0.1 * grey[:, :, None]) * np.float32(gain), np.float32)


def _daylight(rng: Rng, surface: Surface, sunny: bool) -> Image:
    """Return the share of direct sun on the wall, 0…255, and darken its hollows in place."""
    import cv2

    relief = surface.relief
    open_sky = light.hollows(relief, 0.22 * surface.scale, rng.uniform(0.012, 0.022))
    cv2.multiply(surface.albedo, cv2.merge([open_sky] * 3), dst=surface.albedo, dtype=cv2.CV_8U)
    if not sunny:
        return np.full(relief.shape, 255, np.uint8)
    slant = rng.uniform(0.35, 1.1) * rng.choice([-1, 1])
    direction = math.sin(slant), -math.cos(slant)
    rise = 100 / surface.scale / rng.uniform(0.5, 1.1)
    lit = light.sunlit(relief, direction, rise, 6)
    if rng.random() < 0.6:
        lit *= _cast(rng, *surface.shape, surface.scale)
    return (lit * 255).astype(np.uint8)


def _cast(rng: Rng, height: int, width: int, scale: float) -> Field:
    """The shadow of what stands opposite: a roof's edge, or the dapple of a tree."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(scale)
    if rng.random() < 0.5:
        edge = y - rng.uniform(0.2, 0.9) * height / scale - rng.normal(0, 0.5) * (x - x.mean())
        return np.asarray(
            1 - np.clip(edge * 6, 0, 1) * np.float32(rng.uniform(0.75, 1)), np.float32
        )
    middle, reach = rng.uniform(0, width / scale), rng.uniform(2, 4.5)
    foliage = fractal(rng, height, width, 0.9 * scale, 5, 0.65)
    away = np.hypot((x - middle) / reach, (y - rng.uniform(0.2, 0.9) * height / scale) / reach)
    return np.asarray(1 - np.clip((foliage + 1.6 - 1.8 * away) * 1.6, 0, 0.92), np.float32)


def _lamps(rng: Rng, sunny: bool) -> tuple["WallLight", Field]:
    """Return the light on the wall and that on the ground, as factors of red, green and blue."""
    if sunny:
        warm = np.array([1.0, 0.95, 0.87], np.float32) * np.float32(rng.uniform(0.85, 1.2))
        ambient = np.array([0.30, 0.35, 0.42], np.float32) * np.float32(rng.uniform(0.8, 1.2))
        return WallLight(warm, ambient), ambient + warm * np.float32(rng.uniform(0.3, 0.9))
    ambient = np.array([0.93, 0.97, 1.0], np.float32) * np.float32(rng.uniform(0.8, 1.1))
    return WallLight(np.zeros(3, np.float32), ambient), ambient


@dataclass(frozen=True)
class WallLight:
    """Sun and sky on the wall."""

    sun: Field
    sky: Field

    def __call__(self, shining: NDArray[np.floating]) -> Field:
        """Return the light, H×W×3, where the sun gets through by ``shining`` (H×W×1)."""
        return np.asarray(self.sky + self.sun * shining, np.float32)


def _over(below: Field, above: Field, where: NDArray[np.bool_]) -> Field:
    """Lay one picture over another where it is, its edge softened by a pixel."""
    import cv2

    soft = cv2.GaussianBlur(where.astype(np.float32), (0, 0), 0.5)[:, :, None]
    return np.asarray(below * (1 - soft) + above * soft)


def _before_the_wall(rng: Rng, scene: Scenery, left: float, right: float) -> None:
    """Put trees, posts and wires between wall and camera."""
    left, right = max(left, -9.0), min(right, 9.0)
    if rng.random() < 0.2:
        bollards(rng, scene, left, right, 2.6)
    for _ in range(int(rng.choice([0, 0, 1, 1, 2]))):
        tree(rng, scene, float(rng.uniform(left, right)), float(rng.uniform(1.2, 2.6)))
    if rng.random() < 0.4:
        post(rng, scene, float(rng.uniform(left, right)), float(rng.uniform(1.2, 2.6)))
    if rng.random() < 0.6:
        wires(rng, scene)
