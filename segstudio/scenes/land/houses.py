"""Houses, barns and sheds, with yards; their height makes the shadows."""

import numpy as np
from numpy.typing import NDArray

from segstudio.scenes.land.ground import BUILDING, FIELD, ROAD, Ground, Spectrum, picked, tinted
from segstudio.scenes.noise import Field, Rng, white

ROOFS: tuple[Spectrum, ...] = (
    (0.27, 0.135, 0.095, 0.32),
    (0.21, 0.115, 0.085, 0.26),
    (0.16, 0.105, 0.085, 0.20),
    (0.17, 0.17, 0.18, 0.20),
    (0.10, 0.10, 0.11, 0.12),
    (0.26, 0.24, 0.21, 0.30),
)
SHEETS: tuple[Spectrum, ...] = (
    (0.42, 0.42, 0.42, 0.44),
    (0.24, 0.25, 0.26, 0.27),
    (0.14, 0.20, 0.28, 0.26),
    (0.12, 0.20, 0.14, 0.24),
    (0.30, 0.28, 0.24, 0.33),
)


def build_in(rng: Rng, ground: Ground, where: NDArray[np.bool_], angle: float, large: bool) -> None:
    """Put houses (or large sheds) where there is room, along the grain of the country."""
    import cv2

    free = (where & (ground.ids == FIELD)).astype(np.uint8)
    if not free.any():
        return
    area = int(free.sum())
    wanted = max(1, round(area / (9000 if large else 2600)))
    for _ in range(wanted):
        long = rng.uniform(44, 92) if large else rng.uniform(20, 36)
        deep = long * rng.uniform(0.4, 0.8)
        room = cv2.distanceTransform(
            cv2.copyMakeBorder(free, 1, 1, 1, 1, cv2.BORDER_REPLICATE), 2, 3
        )
        spots = np.argwhere(room[1:-1, 1:-1] > np.hypot(long, deep) / 2 + 2)
        if not len(spots):
            continue
        y, x = spots[int(rng.integers(len(spots)))]
        turn = angle + rng.choice([0, np.pi / 2]) + rng.normal(0, 0.05)
        house = House(np.array([x, y], float), turn, long, deep)
        _yard(rng, ground, house)
        if large or rng.random() < 0.12:
            house.flat(rng, ground)
        else:
            house.gabled(rng, ground)
            if rng.random() < 0.45:
                house.wing(rng).gabled(rng, ground)
        cv2.fillPoly(free, [house.corners(1.45)], 0)


def _yard(rng: Rng, ground: Ground, house: "House") -> None:
    """Pave a yard, dig a bed, before the house stands on it."""
    import cv2

    if rng.random() < 0.65:
        yard = np.zeros(ground.shape, np.uint8)
        shift = house.away(rng.uniform(-0.4, 0.4) * house.long, house.deep * 0.55)
        part = House(shift, house.turn, house.long * 0.6, house.deep * 0.7)
        cv2.fillPoly(yard, [part.corners()], 1)
        there = (yard > 0) & (ground.ids == FIELD)
        grain = 1 + 0.08 * white(rng, *ground.shape)[there][:, None]
        ground.colour[there] = tinted(rng, (0.22, 0.215, 0.205, 0.25), 0.25) * grain
        ground.ids[there] = ROAD


class House:
    """A rectangle on the ground: its middle (right, down), direction and size in pixels."""

    def __init__(self, middle: NDArray[np.float64], turn: float, long: float, deep: float) -> None:
        self.middle, self.turn, self.long, self.deep = middle, turn, long, deep

    def away(self, along: float, across: float) -> NDArray[np.float64]:
        """Return the place so far from the middle, along and across the house."""
        cosine, sine = np.cos(self.turn), np.sin(self.turn)
        step = np.array([along * cosine - across * sine, along * sine + across * cosine])
        return np.asarray(self.middle + step)

    def patch(self, left: float, near: float, right: float, far: float) -> NDArray[np.int32]:
        """Return the corners of a part, given in halves of length and depth (−1…1)."""
        ends = [(left, near), (right, near), (right, far), (left, far)]
        places = [self.away(a * self.long / 2, b * self.deep / 2) for a, b in ends]
        return np.round(places).astype(np.int32)

    def corners(self, grown: float = 1.0) -> NDArray[np.int32]:
        return self.patch(-grown, -grown, grown, grown)

    def wing(self, rng: Rng) -> "House":
        """Return an extension at a right angle, which makes the plan an L or a T."""
        side = self.away(rng.uniform(-0.3, 0.3) * self.long, self.deep * 0.5)
        return House(
            side, self.turn + np.pi / 2, self.deep * 0.9, self.long * rng.uniform(0.3, 0.42)
        )

    def gabled(self, rng: Rng, ground: Ground) -> None:
        """Build walls and a ridged roof, its two sides stepped in height."""
        eaves, slope = rng.uniform(28, 55), rng.uniform(14, 34)
        roof = picked(rng, ROOFS)
        steps = 5
        for side in (-1, 1):
            for step in range(steps):
                near, far = side * (1 - step / steps), side * (1 - (step + 1) / steps)
                strip = self.patch(-1, near, 1, far)
                self._lay(
                    ground, strip, roof * (1 if step % 2 else 0.95), eaves + slope * step / steps
                )
        self._lay(ground, self.patch(-1, -0.04, 1, 0.04), roof * 0.8, eaves + slope)
        self._tiles(rng, ground)
        for _ in range(int(rng.integers(0, 3))):
            x, y = rng.uniform(-0.7, 0.7), rng.uniform(-0.5, 0.5)
            chimney = self.patch(x, y, x + 4 / self.long, y + 5 / self.deep)
            self._lay(ground, chimney, picked(rng, ROOFS), eaves + slope + 12)
        if rng.random() < 0.25:
            side = rng.choice([-1, 1])
            panels = self.patch(-0.6, 0.25 * side, 0.3, 0.75 * side)
            self._lay(
                ground, panels, np.array([0.03, 0.035, 0.06, 0.05], np.float32), eaves + slope
            )

    def flat(self, rng: Rng, ground: Ground) -> None:
        """Build a flat roof: sheet with seams, a parapet, plant, roof lights."""
        height = rng.uniform(45, 95)
        roof = picked(rng, SHEETS)
        self._lay(ground, self.corners(), roof * 1.2, height + 5)
        inner = 1 - 4 / self.deep
        self._lay(ground, self.patch(-inner, -inner, inner, inner), roof, height)
        for x in np.arange(-0.9, 0.9, 0.12):
            self._lay(ground, self.patch(x, -inner, x + 0.015, inner), roof * 0.85, height)
        for _ in range(int(rng.integers(2, 9))):
            x, y = rng.uniform(-0.85, 0.75), rng.uniform(-0.8, 0.65)
            box = self.patch(x, y, x + rng.uniform(0.06, 0.2), y + rng.uniform(0.08, 0.25))
            self._lay(ground, box, picked(rng, SHEETS), height + rng.uniform(0, 18))
        self._tiles(rng, ground)

    def _lay(
        self, ground: Ground, corners: NDArray[np.int32], colour: Field, height: float
    ) -> None:
        import cv2

        # cv2 fills at most four channels, which a spectrum has.
        cv2.fillPoly(ground.colour, [corners], np.clip(colour, 0, 1).tolist())
        cv2.fillPoly(ground.relief, [corners], round(min(height, 250)))
        cv2.fillPoly(ground.ids, [corners], BUILDING)

    def _tiles(self, rng: Rng, ground: Ground) -> None:
        """Roughen the roof."""
        low = np.clip(self.corners().min(0), 0, None)
        high = self.corners().max(0) + 1
        part = np.s_[low[1] : high[1], low[0] : high[0]]
        roof = ground.ids[part] == BUILDING
        if roof.any():
            grain = 1 + 0.06 * white(rng, *roof.shape)
            ground.colour[part][roof] *= grain[roof][:, None]
