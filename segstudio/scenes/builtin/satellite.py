"""Country from above at half a metre a pixel, in colour or in four bands of reflectance."""

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import LabelClass
from segstudio.scenes import lens, light
from segstudio.scenes.land import growth, houses, parcels, roads
from segstudio.scenes.land.ground import PIXEL, Ground, frame
from segstudio.scenes.land.water import flood
from segstudio.scenes.noise import Field, Rng, fractal, white
from segstudio.scenes.scene import (
    Georeference,
    Rendered,
    generator,
    picture_name,
    scenes,
)


@scenes.add
class Satellite:
    """Fields in rows, roads, houses with shadows, trees, water and bare ground, under some haze.

    *field* is all that is mown or sown: crops, ploughed fields, meadows, lawns. *road* is paved or
    driven ground: roads, tracks, yards. *building* is the roof, *tree* every crown, *water* rivers
    and ponds (what grows over them is *tree*), *bare* soil, sand and gravel that nobody sows.
    """

    classes: ClassVar[tuple[LabelClass, ...]] = (
        # Okabe and Ito's colours, those that come nearest to what maps use.
        LabelClass(0, "field", (240, 228, 66), position=0),
        LabelClass(1, "road", (127, 127, 127), position=1),
        LabelClass(2, "building", (213, 94, 0), position=2),
        LabelClass(3, "tree", (0, 158, 115), position=3),
        LabelClass(4, "water", (0, 114, 178), position=4),
        LabelClass(5, "bare", (204, 121, 167), position=5),
    )
    size: ClassVar[tuple[int, int]] = (512, 512)

    @classmethod
    def render(
        cls, seed: int, index: int, height: int | None = None, width: int | None = None
    ) -> Rendered:
        """Make one picture, RGB."""
        height, width = height or cls.size[0], width or cls.size[1]
        rng = generator("satellite", seed, index)
        light_up, mask = _compose(rng, height, width)
        gain = np.float32(rng.normal(2.3, 0.2)) * lens.white_balance(rng, 0.03)
        tones = light.to_tones(light_up[:, :, :3] * gain)
        pixels = lens.photograph(rng, tones, (1.5, 5.0))
        return Rendered(picture_name("satellite", index), pixels, mask)

    @classmethod
    def render_raster(
        cls, seed: int, index: int, height: int | None = None, width: int | None = None
    ) -> Rendered:
        """Make the picture of the same seed and index as four bands, uint16, with its place.

        The bands are red, green, blue and near infrared; the values reflectance × 10000.
        """
        height, width = height or cls.size[0], width or cls.size[1]
        rng = generator("satellite", seed, index)
        radiance, mask = _compose(rng, height, width)
        noise = np.dstack([white(rng, height, width) for _ in range(4)])
        values = radiance * np.float32(10_000) + noise * np.float32(rng.uniform(15, 45))
        pixels = np.clip(values + 0.5, 1, 10_000).astype(np.uint16)
        place = Georeference(
            left=500_000.0 + 1024 * PIXEL * (index % 100),
            top=5_400_000.0 - 1024 * PIXEL * (index // 100),
            pixel_size=PIXEL,
            epsg=32633,
        )
        return Rendered(picture_name("satellite", index), pixels, mask, place)


def _compose(rng: Rng, height: int, width: int) -> tuple[Field, NDArray[np.uint8]]:
    """Return reflectance as it reaches the sensor, H×W×4, and the classes."""
    rows, columns = max(height, 128), max(width, 128)
    ground = Ground(
        np.zeros((rows, columns, 4), np.float32),
        np.zeros((rows, columns), np.uint8),
        np.zeros((rows, columns), np.uint8),
    )
    _settle(rng, ground)
    seen = _seen(rng, ground)
    return seen[:height, :width], np.ascontiguousarray(ground.ids[:height, :width])


def _settle(rng: Rng, ground: Ground) -> None:
    """Divide the country, and put there what belongs to each part."""
    import cv2

    rows, columns = ground.shape
    angle = rng.uniform(0, math.pi)
    along, across = frame(rng, rows, columns, angle, rng.uniform(3, 16))
    reach = math.ceil(math.hypot(rows, columns) / 2) + 80
    division = parcels.divide(rng, reach)
    labels = cv2.remap(
        division.labels, along + reach, across + reach, cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    use = np.array(division.use)
    parcels.cultivate(rng, ground, labels, use, along, across)
    flood(rng, ground)
    roads.pave(rng, ground, labels, along, across)
    kind = np.where(labels >= 0, use[np.maximum(labels, 0)], -1)
    houses.build_in(rng, ground, kind == parcels.VILLAGE, angle, large=False)
    houses.build_in(rng, ground, kind == parcels.WORKS, angle, large=True)
    hedge = growth.hedges(ground, labels, rng.random(len(use)) < 0.35)
    growth.plant(rng, ground, kind == parcels.WOOD, kind == parcels.VILLAGE, hedge)


def _seen(rng: Rng, ground: Ground) -> Field:
    """Light the ground from the side, let clouds shade it, and look at it through the air."""
    import cv2

    rows, columns = ground.shape
    azimuth = rng.uniform(0, 2 * math.pi)
    climb = 10 * PIXEL * rng.uniform(0.7, 1.6)
    towards = math.sin(azimuth), -math.cos(azimuth)
    lit = light.sunlit(ground.relief, towards, climb, 8)
    smooth = cv2.GaussianBlur(ground.relief.astype(np.float32), (0, 0), 0.9)
    slope = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) * -towards[0]
    slope += cv2.Sobel(smooth, cv2.CV_32F, 0, 1) * -towards[1]
    facing = np.clip(1 + slope * np.float32(0.008), 0.45, 1.5)
    cloud = np.clip(fractal(rng, rows, columns, 420, 4) - rng.uniform(0.7, 2.5), 0, 1)
    sun = lit * facing * (1 - 0.55 * cloud)
    sky = np.array([0.16, 0.20, 0.26, 0.10], np.float32)
    radiance = ground.colour * (sky + (1 - sky) * sun[:, :, None])
    radiance = cv2.GaussianBlur(radiance, (0, 0), float(rng.uniform(0.5, 0.8)))
    haze = rng.uniform(0, 0.45) ** 2 * np.clip(1 + 0.3 * fractal(rng, rows, columns, 300, 3), 0, 2)
    veil = np.array([0.13, 0.15, 0.19, 0.09], np.float32)
    share = haze[:, :, None].astype(np.float32)
    return np.asarray(radiance * (1 - share) + veil * share, np.float32)
