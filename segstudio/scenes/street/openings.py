"""Windows, doors, balconies and shop fronts: parts of the front, however colourful."""

from dataclasses import dataclass

import numpy as np

from segstudio.scenes.noise import Image, Rng, fractal, multiply
from segstudio.scenes.street.masonry import drip
from segstudio.scenes.street.paint import coat, hsv, mixed, scaled, sheet
from segstudio.scenes.street.surface import Colour, Rect, Surface


@dataclass(frozen=True)
class Joinery:
    """How the windows of one house are made."""

    frame: Colour
    surround: Colour | None
    shutters: Colour | None
    curtain: Colour
    bars: tuple[int, int]
    flowers: float
    grime: float

    @classmethod
    def chosen(cls, rng: Rng) -> "Joinery":
        frame = coat(rng) if rng.random() < 0.25 else hsv(0.1, 0.04, rng.uniform(0.7, 0.95))
        pale = hsv(rng.uniform(0.06, 0.16), rng.uniform(0.02, 0.15), rng.uniform(0.7, 0.92))
        return cls(
            frame=frame,
            surround=pale if rng.random() < 0.55 else None,
            shutters=coat(rng) if rng.random() < 0.4 else None,
            curtain=hsv(rng.random(), rng.uniform(0.0, 0.35), rng.uniform(0.6, 0.95)),
            bars=((1, 1), (2, 1), (2, 2), (2, 3), (3, 1))[int(rng.integers(5))],
            flowers=float(rng.choice([0.0, 0.0, 0.25, 0.5])),
            grime=float(rng.uniform(0.1, 0.45)),
        )


def glass(rng: Rng, height: int, width: int, curtain: Colour) -> Image:
    """Return a pane: a dark room or a reflected sky, with curtains or a blind behind it."""
    dark, sky = hsv(0.58, 0.25, rng.uniform(0.1, 0.24)), hsv(0.57, 0.22, rng.uniform(0.5, 0.9))
    top, low = rng.uniform(0.3, 1.1), rng.uniform(-0.2, 0.2)
    share = np.linspace(top, low, max(height, 1))[:, None]
    wobble = 0.25 * fractal(rng, max(height, 1), max(width, 1), max(width, 8), 3)
    share = np.clip(share + wobble, 0, 1)[:, :, None] * rng.uniform(0.35, 1.0)
    pane = np.array(dark, np.float32) * (1 - share) + np.array(sky, np.float32) * share
    art = pane.astype(np.uint8)
    kind = rng.random()
    if kind < 0.4:
        for start, stop in ((0.0, rng.uniform(0.12, 0.5)), (1 - rng.uniform(0.12, 0.5), 1.0)):
            _drape(rng, art[:, round(start * width) : round(stop * width)], curtain)
    elif kind < 0.6:
        _blind(art[: round(height * rng.uniform(0.25, 1.0))], mixed(curtain, (225, 220, 208), 0.6))
    elif kind < 0.68:
        art[:] = np.clip(art * 0.5 + np.array((120, 95, 55)), 0, 255).astype(np.uint8)
    return art


def _drape(rng: Rng, art: Image, colour: Colour) -> None:
    height, width = art.shape[:2]
    if not height or not width:
        return
    across = np.arange(width, dtype=np.float32)
    folds = 0.78 + 0.16 * np.sin(across * rng.uniform(0.5, 1.1) + rng.uniform(0, 6))
    cloth = sheet(colour, height, width)
    multiply(cloth, np.repeat(folds[None, :].astype(np.float32), height, 0) * np.float32(0.8))
    art[:] = (art * 0.22 + cloth * 0.78).astype(np.uint8)


def _blind(art: Image, colour: Colour) -> None:
    art[:] = (art * 0.15 + np.array(colour) * 0.75).astype(np.uint8)
    art[::4] = (art[::4] * 0.72).astype(np.uint8)


def window(rng: Rng, surface: Surface, at: Rect, style: Joinery) -> None:
    """Put a window into the wall, with sill, surround, shutters, flowers or a guard as it comes."""
    surface.taken.append(at.grown(0.12))
    surface.windows.append(at)
    if style.surround is not None:
        surface.fill(at.grown(0.13), style.surround, 3)
    surface.fill(at, scaled(style.frame, 0.5), -16)
    surface.fill(at.grown(-0.03), style.frame, -12)
    bars_across, bars_down = style.bars
    pane = at.grown(-0.09)
    surface.paste(
        glass(rng, surface.length(pane.height), surface.length(pane.width), style.curtain),
        pane,
        -16,
    )
    for bar in range(1, bars_across):
        middle = pane.left + pane.width * bar / bars_across
        surface.fill(Rect(middle - 0.035, pane.bottom, 0.07, pane.height), style.frame, -13)
    for bar in range(1, bars_down):
        height = pane.bottom + pane.height * (0.68 if bars_down == 2 else bar / bars_down)
        surface.fill(Rect(pane.left, height - 0.03, pane.width, 0.06), style.frame, -13)
    sill = Rect(at.left - 0.1, at.bottom - 0.08, at.width + 0.2, 0.09)
    surface.fill(sill, style.surround or (176, 172, 164), 14)
    drip(rng, surface, sill, float(rng.uniform(0.3, 1.2)), style.grime)
    if style.shutters is not None:
        _shutters(surface, at, style.shutters)
    if rng.random() < style.flowers:
        _flowers(rng, surface, at)


def _shutters(surface: Surface, at: Rect, colour: Colour) -> None:
    leaf = at.width * 0.46
    for left in (at.left - leaf - 0.02, at.right + 0.02):
        shutter = Rect(left, at.bottom, leaf, at.height)
        surface.taken.append(shutter)
        surface.fill(shutter, colour, 5)
        inner = shutter.grown(-0.07)
        rows, columns = surface.slices(inner)
        slats = surface.albedo[rows, columns]
        pitch = max(3, surface.length(0.07))
        for row in range(0, slats.shape[0], pitch):
            slats[row : row + max(1, pitch // 3)] = scaled(colour, 0.62)
        middle = shutter.bottom + shutter.height * 0.5
        surface.fill(Rect(left, middle - 0.04, leaf, 0.08), colour, 5)


def _flowers(rng: Rng, surface: Surface, at: Rect) -> None:
    """A box on the sill, with leaves and blossoms."""
    import cv2

    box = Rect(at.left + 0.05, at.bottom - 0.02, at.width - 0.1, 0.18)
    surface.fill(box, hsv(0.05, 0.5, 0.35), 24)
    blossom = hsv(rng.choice([0.0, 0.93, 0.13, 0.8]), 0.75, 0.85)
    for _ in range(round(box.width * 60)):
        x, y = rng.uniform(box.left, box.right), box.top + abs(rng.normal(0, 0.12)) - 0.05
        colour = blossom if rng.random() < 0.3 else hsv(0.3, 0.6, rng.uniform(0.2, 0.5))
        centre = np.round(surface.points([(x, y)])[0]).astype(int).tolist()
        cv2.circle(surface.albedo, centre, max(1, surface.length(0.028)), colour, -1, cv2.LINE_AA)


def balcony(rng: Rng, surface: Surface, at: Rect, colour: Colour, bars: bool) -> None:
    """Hang a balcony before a door-high window: slab, and railing of bars or a panel."""
    slab = Rect(at.left, at.bottom - 0.16, at.width, 0.16)
    surface.taken.append(Rect(at.left, at.bottom - 0.4, at.width, at.height + 0.4))
    drip(rng, surface, slab, 0.9, 0.35)
    surface.fill(slab, (168, 164, 158), 95)
    rail = Rect(at.left, at.bottom, at.width, 0.95)
    if bars:
        for x in np.arange(rail.left, rail.right, 0.13):
            surface.fill(Rect(float(x), rail.bottom, 0.025, rail.height), colour, 92)
        surface.fill(Rect(rail.left, rail.top - 0.05, rail.width, 0.06), colour, 94)
        surface.fill(Rect(rail.left, rail.bottom + 0.06, rail.width, 0.04), colour, 93)
    else:
        surface.fill(rail, colour, 92)
        height, width = surface.albedo[surface.slices(rail)].shape[:2]
        if height and width:
            surface.shade(rail, 1 + 0.05 * fractal(rng, height, width, 20, 3))
        for x in np.linspace(rail.left, rail.right, max(2, round(rail.width / 0.9))):
            surface.fill(Rect(float(x) - 0.02, rail.bottom, 0.04, rail.height), scaled(colour, 0.6))
        surface.fill(Rect(rail.left, rail.top - 0.05, rail.width, 0.07), scaled(colour, 0.7), 95)


def door(rng: Rng, surface: Surface, at: Rect, style: Joinery) -> None:
    """Put in a house door: leaf with panels, fanlight, frame, handle, number plate."""
    surface.taken.append(at.grown(0.15))
    colour = coat(rng)
    surface.fill(at.grown(0.14), style.surround or (150, 146, 140), 4)
    surface.fill(at, scaled(colour, 0.6), -22)
    light = at.part(0.06, 0.82, 0.88, 0.15)
    pane = glass(rng, surface.length(light.height), surface.length(light.width), style.curtain)
    surface.paste(pane, light, -26)
    leaf = at.part(0.06, 0.0, 0.88, 0.79)
    surface.fill(leaf, colour, -20)
    leaves = 2 if at.width > 1.25 else 1
    for place in range(leaves):
        half = leaf.part(place / leaves, 0, 1 / leaves, 1)
        for low, high in ((0.06, 0.3), (0.42, 0.5)):
            panel = half.part(0.14, low, 0.72, high)
            surface.fill(panel, scaled(colour, 0.78), -23)
            surface.fill(panel.grown(-0.035), scaled(colour, 1.06), -22)
    surface.fill(
        Rect(leaf.left + leaf.width / 2 + 0.04, leaf.bottom + 0.95, 0.05, 0.16), (190, 180, 140)
    )
    plate = Rect(at.right + 0.2, at.bottom + 1.75, 0.2, 0.16)
    surface.fill(plate, (36, 60, 120), 1)
    surface.fill(plate.part(0.3, 0.25, 0.14, 0.5), (235, 235, 235))
    surface.fill(plate.part(0.6, 0.25, 0.14, 0.5), (235, 235, 235))


def shop(rng: Rng, surface: Surface, at: Rect) -> None:
    """Put in a shop front: large panes with goods behind, a glazed door, sometimes an awning."""
    surface.taken.append(at)
    frame = coat(rng)
    surface.fill(at, frame, -4)
    panes = max(2, round(at.width / 1.3))
    entrance = int(rng.integers(panes))
    for place in range(panes):
        low = 0.03 if place == entrance else 0.2
        pane = at.part(place / panes + 0.02, low, 1 / panes - 0.04, 0.94 - low)
        height, width = surface.length(pane.height), surface.length(pane.width)
        art = glass(rng, height, width, (60, 58, 56))
        if place != entrance:
            _goods(rng, art)
        surface.paste(art, pane, -14)
    if rng.random() < 0.45:
        _awning(rng, surface, Rect(at.left - 0.1, at.top - 0.75, at.width + 0.2, 0.85))


def _goods(rng: Rng, art: Image) -> None:
    """Things on shelves behind the pane: they look like clutter and are not."""
    height, width = art.shape[:2]
    shelves = int(rng.integers(1, 4))
    for shelf in range(shelves):
        floor = round(height * (0.55 + 0.42 * shelf / max(shelves - 1, 1)))
        left = round(width * 0.06)
        while left < width * 0.9:
            wide = max(2, round(width * rng.uniform(0.05, 0.2)))
            high = max(2, round(height * rng.uniform(0.06, 0.22)))
            tone = np.array(scaled(coat(rng), 0.7))
            piece = art[max(floor - high, 0) : floor, left : min(left + wide, width)]
            piece[:] = (piece * 0.35 + tone * 0.65).astype(np.uint8)
            left += round(wide * rng.uniform(1.1, 2.0))


def _awning(rng: Rng, surface: Surface, at: Rect) -> None:
    """Striped or plain cloth that slopes out over the pane, scalloped below."""
    colour, other = coat(rng), (232, 228, 218)
    striped = rng.random() < 0.6
    surface.taken.append(at)
    stripe = 0.28
    for place, x in enumerate(np.arange(at.left, at.right - 0.05, stripe)):
        wide = min(stripe, at.right - float(x))
        tone = other if striped and place % 2 else colour
        for step in range(6):
            strip = Rect(float(x), at.bottom + at.height * step / 6, wide, at.height / 6)
            surface.fill(strip, scaled(tone, 0.8 + 0.05 * step), 100 - 16 * step)
        edge = Rect(float(x), at.bottom - 0.16, wide * 0.94, 0.17)
        surface.fill(edge, scaled(tone, 0.72), 102)
