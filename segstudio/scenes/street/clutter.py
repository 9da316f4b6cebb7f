"""What hangs on the wall and is to be found: signs, banners, posters, air conditioners, vents."""

import numpy as np

from segstudio.scenes.noise import Field, Image, Rng, fractal, multiply
from segstudio.scenes.street.masonry import drip
from segstudio.scenes.street.paint import hsv, metal_coat, scaled, sheet
from segstudio.scenes.street.prints import banner_face, poster_face, sign_face
from segstudio.scenes.street.surface import (
    AIR_CONDITIONER,
    BANNER,
    POSTER,
    SIGN,
    VENT,
    Colour,
    Rect,
    Surface,
)


def sign(rng: Rng, surface: Surface, at: Rect) -> None:
    """Fix a rigid board to the wall; some stand well away from it, some are round."""
    height, width = surface.length(at.height), surface.length(at.width)
    face = sign_face(rng, height, width)
    cover: Field | None = None
    if 0.8 < width / height < 1.25:
        cover = _disc(height, width)
    drip(rng, surface, at, 0.5, 0.25)
    surface.paste(face, at, int(rng.integers(7, 22)), SIGN, cover)
    if rng.random() < 0.4 and at.width > 1.6:
        for x in np.linspace(at.left + 0.3, at.right - 0.3, max(2, round(at.width / 1.2))):
            lamp = (float(x), at.top + 0.02), (float(x), at.top + 0.22)
            surface.line(lamp, (52, 50, 50), 0.05, 40)


def _disc(height: int, width: int) -> Field:
    y = (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height * 2 - 1
    x = (np.arange(width, dtype=np.float32)[None, :] + 0.5) / width * 2 - 1
    return np.clip((1 - np.hypot(x, y)) * min(height, width) / 2 + 0.5, 0, 1)


def banner(rng: Rng, surface: Surface, at: Rect) -> None:
    """Hang printed cloth: its edges sag between the ropes and its folds catch the light."""
    import cv2

    height, width = surface.length(at.height), surface.length(at.width)
    face = banner_face(rng, height, width)
    folds = fractal(rng, height, width, max(0.5 * min(height, width), 3), 3, 0.5, (2.2, 0.8))
    multiply(face, 1 + 0.1 * folds)
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    sag = np.float32(rng.uniform(0.02, 0.06) * min(height, width))
    ropes = max(2, round(at.width / 1.4)) if at.width > at.height else 2
    waist = np.abs(np.sin(np.pi * ropes / 2 * x)) if ropes > 2 else np.sin(np.pi * x)
    down = sag * (waist * (1 - y) - 0.6 * waist * y) + 0.5 * sag * folds
    in_and_out = sag * np.sin(np.pi * y) * (1 - 2 * x) + 0.3 * sag * folds
    source = (
        np.arange(width, dtype=np.float32)[None, :] - in_and_out,
        np.arange(height, dtype=np.float32)[:, None] - down,
    )
    border = 1.0
    inside = (source[0] > border) & (source[0] < width - 1 - border)
    inside &= (source[1] > border) & (source[1] < height - 1 - border)
    art = cv2.remap(face, *source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    for corner in (
        (at.left, at.top),
        (at.right, at.top),
        (at.left, at.bottom),
        (at.right, at.bottom),
    ):
        away = 0.25 if corner[0] == at.right else -0.25
        up = 0.2 if corner[1] == at.top else -0.2
        surface.line((corner, (corner[0] + away, corner[1] + up)), (62, 60, 58), 0.018)
    surface.paste(art, at, 5, BANNER, inside.astype(np.float32))


def posters(rng: Rng, surface: Surface, at: Rect) -> None:
    """Paste a few sheets over each other: crooked, wrinkled, weathered, torn."""
    size = rng.uniform(0.6, 1.0)
    count = max(1, round(at.width / (size * 0.8)))
    same = poster_face(rng, round(1.4 * size * surface.scale), surface.length(size))
    repeated = rng.random() < 0.35
    for place in range(count + int(rng.integers(0, 2))):
        wide = size * rng.uniform(0.85, 1.1)
        high = min(wide * rng.uniform(1.25, 1.5), at.height)
        left = at.left + (at.width - wide) * min(1.0, place / max(count - 1, 1))
        low = at.bottom + rng.uniform(0, max(at.height - high, 0.01))
        spot = Rect(left + rng.normal(0, 0.03), low, wide, high)
        height, width = surface.length(high), surface.length(wide)
        face = same.copy() if repeated else poster_face(rng, height, width)
        _paper(rng, surface, spot, face)


def _paper(rng: Rng, surface: Surface, at: Rect, face: Image) -> None:
    """One sheet: turned a little, with what is torn off showing what was below."""
    import cv2

    height, width = face.shape[:2]
    wrinkles = fractal(rng, height, width, max(width * 0.5, 2), 4, 0.6)
    multiply(face, (1 + 0.05 * wrinkles) * np.float32(rng.uniform(0.82, 1.0)))
    cover = np.ones((height, width), np.float32)
    if rng.random() < 0.5:
        torn = fractal(rng, height, width, max(width * 0.5, 2), 4, 0.6)
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
        edge = np.maximum(np.abs(x), np.abs(y)) ** 4
        loss = torn + 1.3 * edge - rng.uniform(1.7, 2.4)
        cover[loss > 0] = 0
        face[(loss > -0.22) & (loss <= 0)] = (226, 222, 212)
    turn = rng.normal(0, 2.2)
    pad = round(0.08 * max(height, width)) + 2
    face = cv2.copyMakeBorder(face, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    cover = cv2.copyMakeBorder(cover, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    middle = face.shape[1] / 2, face.shape[0] / 2
    matrix = cv2.getRotationMatrix2D(middle, turn, 1)
    size = face.shape[1::-1]
    face = cv2.warpAffine(face, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(cover, matrix, size)
    grown = Rect(
        at.left - pad / width * at.width,
        at.bottom - pad / height * at.height,
        at.width * (1 + 2 * pad / width),
        at.height * (1 + 2 * pad / height),
    )
    surface.paste(face, grown, 1, POSTER, cover)


def air_conditioner(rng: Rng, surface: Surface, at: Rect) -> None:
    """Bolt on an outdoor unit: housing, fan behind a round grille or slats, bracket, pipe, rust."""
    import cv2

    colour = metal_coat(rng)
    rust = Rect(at.left + 0.05, at.bottom, at.width - 0.1, 0.1)
    drip(rng, surface, rust, float(rng.uniform(0.4, 1.4)), float(rng.uniform(0.15, 0.5)))
    side = 1 if rng.random() < 0.5 else -1
    start = at.right if side > 0 else at.left
    pipe = [(start - 0.1 * side, at.bottom + 0.15), (start + 0.12 * side, at.bottom + 0.1)]
    pipe.append((start + 0.13 * side, at.top + rng.uniform(0.1, 0.7)))
    surface.line(pipe, (208, 204, 196), 0.05, 4)
    for x in (0.15, 0.8):
        surface.fill(at.part(x, -0.1, 0.05, 0.12), (80, 80, 82), 30)
    height, width = surface.length(at.height), surface.length(at.width)
    art = sheet(colour, height, width)
    shade = np.linspace(1.06, 0.86, height, dtype=np.float32)[:, None]
    multiply(art, np.repeat(shade, width, 1))
    if rng.random() < 0.75:
        radius = max(2, round(min(height * 0.42, width * 0.3)))
        centre = round(width * (0.36 if side > 0 else 0.64)), height // 2
        _fan(rng, art, centre, radius, colour)
        left = round(width * (0.72 if side > 0 else 0.06))
        for row in range(height // 6, height // 2, max(2, height // 12)):
            cv2.line(art, (left, row), (left + width // 5, row), scaled(colour, 0.62), 1)
    else:
        inner = art[height // 8 : height * 7 // 8, width // 14 : width * 13 // 14]
        inner[::3] = scaled(colour, 0.5)
        inner[1::3] = scaled(colour, 0.82)
    cv2.rectangle(art, (0, 0), (width - 1, height - 1), scaled(colour, 0.6), 1)
    dirt = fractal(rng, height, width, max(width / 3, 2), 4, 0.6)
    multiply(art, 1 - 0.05 * np.clip(dirt, -1, 3))
    surface.paste(art, at, int(rng.integers(28, 42)), AIR_CONDITIONER)


def _fan(rng: Rng, art: Image, centre: tuple[int, int], radius: int, colour: Colour) -> None:
    import cv2

    cv2.circle(art, centre, radius, (30, 31, 34), -1, cv2.LINE_AA)
    turn = rng.uniform(0, 360)
    for blade in range(3):
        angle = turn + blade * 120
        size = (round(radius * 0.9), round(radius * 0.9))
        cv2.ellipse(art, centre, size, angle, 0, 62, (74, 76, 80), -1, cv2.LINE_AA)
    wire = scaled(colour, 0.85)
    for ring in np.arange(0.28, 1.01, 0.24):
        cv2.circle(art, centre, max(1, round(radius * ring)), wire, 1, cv2.LINE_AA)
    for spoke in range(4):
        angle = np.deg2rad(45 * spoke)
        away = np.array([np.cos(angle), np.sin(angle)]) * radius
        one, other = np.round(np.array(centre) + away), np.round(np.array(centre) - away)
        cv2.line(art, one.astype(int).tolist(), other.astype(int).tolist(), wire, 1, cv2.LINE_AA)
    cv2.circle(art, centre, max(1, radius // 5), wire, -1, cv2.LINE_AA)


def vent(rng: Rng, surface: Surface, at: Rect) -> None:
    """Set a ventilation grille into the wall: slats in a frame, square or round, sooty below."""
    under = surface.albedo[surface.slices(at)]
    wall: Colour = hsv(0.1, 0.05, 0.6)
    if under.size:
        red, green, blue = (int(c) for c in under.reshape(-1, 3).mean(0))
        wall = red, green, blue
    colour = scaled(wall, rng.uniform(0.8, 1.15)) if rng.random() < 0.3 else metal_coat(rng)
    drip(rng, surface, at, float(rng.uniform(0.3, 1.0)), float(rng.uniform(0.15, 0.5)))
    height, width = surface.length(at.height), surface.length(at.width)
    art = sheet(colour, height, width)
    edge = max(2, round(min(height, width) * 0.12))
    pitch = max(3, round(surface.scale * rng.uniform(0.065, 0.1)))
    for row in range(edge, height - edge, pitch):
        last = min(row + pitch, height - edge)
        art[row:last, edge : width - edge] = scaled(colour, 0.9)
        art[row : row + max(1, pitch // 2), edge : width - edge] = scaled(colour, 0.28)
    round_one = 0.85 < width / height < 1.18 and rng.random() < 0.35
    art[0], art[:, 0] = scaled(colour, 1.12), scaled(colour, 1.08)
    surface.paste(art, at, 3, VENT, _disc(height, width) if round_one else None)
