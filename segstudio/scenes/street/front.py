"""The front of one house: storeys, openings, ledges, and clutter where there is room."""

from dataclasses import dataclass

import numpy as np

from segstudio.scenes.noise import Rng
from segstudio.scenes.street import masonry
from segstudio.scenes.street.clutter import sign
from segstudio.scenes.street.dressing import dress
from segstudio.scenes.street.openings import Joinery, balcony, door, shop, window
from segstudio.scenes.street.paint import coat, hsv, scaled
from segstudio.scenes.street.surface import Rect, Surface


@dataclass(frozen=True)
class Plan:
    """How a front is divided, in metres: ends, storeys from the ground up, and the bays."""

    left: float
    right: float
    storeys: tuple[float, ...]
    bay: float
    window: tuple[float, float]

    @property
    def top(self) -> float:
        return sum(self.storeys) + 0.5

    def floor(self, storey: int) -> float:
        return sum(self.storeys[:storey])

    def bays(self) -> list[float]:
        """Return the middles of the bays."""
        count = max(1, int((self.right - self.left) / self.bay))
        margin = (self.right - self.left - count * self.bay) / 2
        return [self.left + margin + (place + 0.5) * self.bay for place in range(count)]


def front(rng: Rng, seen: tuple[float, float], up: float, scale: float) -> Surface:
    """Build the part of a front between two places (metres right) up to where it is seen."""
    left, right = seen
    end = rng.random()
    if end < 0.22:
        left = max(left, rng.uniform(-5.5, -3.5))
    elif end < 0.44:
        right = min(right, rng.uniform(3.5, 5.5))
    storeys = (rng.uniform(3.5, 4.2), *[rng.uniform(2.8, 3.2)] * int(rng.integers(1, 4)))
    size = float(rng.uniform(0.9, 1.5)), float(rng.uniform(1.3, 1.8))
    plan = Plan(left, right, storeys, float(rng.uniform(2.3, 3.6)), size)
    surface = Surface(left, right - left, min(plan.top, max(up, 4.0) + 0.5), scale)
    material = masonry.MATERIALS[int(rng.integers(3))]
    surface.albedo = masonry.build(rng, material, *surface.shape, scale)
    _base(rng, surface, plan)
    masonry.weather(rng, surface)
    _ledges(rng, surface, plan)
    _upper(rng, surface, plan)
    _ground_floor(rng, surface, plan)
    _pipes(rng, surface, plan)
    dress(rng, surface, plan.storeys[0])
    return surface


def _base(rng: Rng, surface: Surface, plan: Plan) -> None:
    """Give the ground floor or its foot another material."""
    if rng.random() < 0.55:
        high = plan.storeys[0] if rng.random() < 0.5 else rng.uniform(0.5, 1.2)
        rect = Rect(plan.left, 0, plan.right - plan.left, high)
        rows, columns = surface.slices(rect)
        shape = rows.stop - rows.start, columns.stop - columns.start
        material = masonry.MATERIALS[int(rng.integers(3))]
        surface.albedo[rows, columns] = masonry.build(rng, material, *shape, surface.scale)
        surface.fill(rect, None, 3)


def _ledges(rng: Rng, surface: Surface, plan: Plan) -> None:
    """Run cornices and painted bands between the storeys, and the eaves along the top."""
    stone = hsv(rng.uniform(0.06, 0.14), rng.uniform(0.03, 0.15), rng.uniform(0.6, 0.85))
    band = coat(rng) if rng.random() < 0.3 else None
    for storey in range(1, len(plan.storeys) + 1):
        level = plan.floor(storey)
        if storey == len(plan.storeys) or rng.random() < 0.6:
            ledge = Rect(plan.left, level - 0.12, plan.right - plan.left, 0.2)
            masonry.drip(rng, surface, ledge, rng.uniform(0.3, 1.0), rng.uniform(0.15, 0.4))
            surface.fill(ledge, stone, 18)
            surface.fill(Rect(plan.left, level + 0.02, ledge.width, 0.06), scaled(stone, 1.1), 24)
        if band is not None and rng.random() < 0.6:
            surface.fill(Rect(plan.left, level - 0.75, plan.right - plan.left, 0.45), band, 1)
    level = plan.floor(len(plan.storeys))
    surface.fill(Rect(plan.left, level + 0.18, plan.right - plan.left, 0.4), scaled(stone, 0.8), 40)
    gutter = Rect(plan.left, level + 0.34, plan.right - plan.left, 0.14)
    surface.fill(gutter, (96, 94, 92), 52)


def _upper(rng: Rng, surface: Surface, plan: Plan) -> None:
    """Set windows, some with balconies, into the storeys above the ground floor."""
    style = Joinery.chosen(rng)
    wide, high = plan.window
    with_balcony = rng.random() < 0.45
    rail, bars = coat(rng), bool(rng.random() < 0.55)
    for storey in range(1, len(plan.storeys)):
        floor = plan.floor(storey)
        for place, middle in enumerate(plan.bays()):
            if rng.random() < 0.1:
                continue
            if with_balcony and place % 2 == storey % 2 and rng.random() < 0.8:
                tall = Rect(middle - wide / 2, floor + 0.1, wide, high + 0.6)
                window(rng, surface, tall, style)
                span = min(plan.bay * 0.86, wide + 1.0)
                at = Rect(middle - span / 2, floor + 0.02, span, 2.2)
                balcony(rng, surface, at, rail, bars)
            else:
                window(rng, surface, Rect(middle - wide / 2, floor + 0.85, wide, high), style)


def _ground_floor(rng: Rng, surface: Surface, plan: Plan) -> None:
    """Fill the bays at street level: shop fronts with their signs, doors, windows, blank wall."""
    style = Joinery.chosen(rng)
    bays = plan.bays()
    place = 0
    while place < len(bays):
        kind = rng.random()
        middle = bays[place]
        if kind < 0.28 and place + 1 < len(bays):
            wide = plan.bay + rng.uniform(0.8, plan.bay * 0.8)
            start = middle - plan.bay * 0.42
            at = Rect(start, 0.05, min(wide, plan.right - start - 0.1), plan.storeys[0] - 1.15)
            shop(rng, surface, at)
            if rng.random() < 0.75:
                high = rng.uniform(0.5, 0.75)
                board = Rect(at.left + at.width * 0.08, at.top + 0.1, at.width * 0.84, high)
                surface.taken.append(board)
                sign(rng, surface, board)
            place += 2
            continue
        if kind < 0.5:
            wide = rng.uniform(0.95, 1.6)
            door(rng, surface, Rect(middle - wide / 2, 0.06, wide, rng.uniform(2.3, 2.8)), style)
        elif kind < 0.74:
            wide = min(plan.bay * 0.6, plan.window[0] * 1.15)
            window(rng, surface, Rect(middle - wide / 2, 1.1, wide, 1.5), style)
        place += 1


def _pipes(rng: Rng, surface: Surface, plan: Plan) -> None:
    """Run rain pipes and cables down the wall, and put up a satellite dish."""
    import cv2

    for _ in range(int(rng.integers(0, 3))):
        x = float(rng.uniform(plan.left + 0.2, plan.right - 0.2))
        pipe = Rect(x, 0, 0.12, plan.top - 0.3)
        if any(pipe.meets(other) for other in surface.taken):
            continue
        tone = int(rng.integers(70, 190))
        surface.taken.append(pipe)
        surface.fill(pipe, (tone, tone, tone - 4), 12)
        surface.fill(Rect(x + 0.02, 0, 0.03, pipe.height), scaled((tone, tone, tone), 1.25))
        for up in np.arange(0.8, plan.top, 1.9):
            surface.fill(Rect(x - 0.03, float(up), 0.18, 0.06), scaled((tone, tone, tone), 0.7), 13)
    upper = Rect(plan.left, plan.storeys[0], plan.right - plan.left, plan.top - plan.storeys[0] - 1)
    for _ in range(int(rng.integers(0, 3))):
        at = surface.spot(rng, 0.7, 0.7, upper)
        if at is None:
            continue
        centre = np.round(surface.points([(at.left + 0.35, at.bottom + 0.35)])[0]).astype(int)
        size = surface.length(0.33), surface.length(0.29)
        tone = int(rng.integers(150, 235))
        for layer, colour in ((surface.albedo, (tone, tone, tone)), (surface.relief, 155)):
            cv2.ellipse(layer, centre.tolist(), size, 20, 0, 360, colour, -1)
        arm = [(at.left + 0.35, at.bottom + 0.3), (at.left + 0.12, at.bottom + 0.1)]
        surface.line(arm, scaled((tone, tone, tone), 0.5), 0.04)
