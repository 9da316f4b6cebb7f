"""Paint from spray cans: tags in one line, and filled letters with an outline."""

import numpy as np

from segstudio.scenes.noise import Field, Image, Rng, fractal
from segstudio.scenes.street.lettering import TAGS, stencil
from segstudio.scenes.street.paint import coat, hsv, luminance, mixed
from segstudio.scenes.street.surface import FLUSH, GRAFFITI, Colour, Rect, Surface


def graffiti(rng: Rng, surface: Surface, at: Rect) -> None:
    """Spray a tag or a piece over a part of the wall and whatever is pasted there."""
    height, width = surface.length(at.height), surface.length(at.width)
    under = surface.albedo[surface.slices(at)].reshape(-1, 3)
    ground = luminance(under.mean(0).tolist()) if under.size else 0.5
    if rng.random() < 0.6:
        art, cover = _piece(rng, height, width)
    else:
        art, cover = _tag(rng, height, width, _visible(rng, ground))
    _drips(rng, art, cover)
    cover *= np.clip(0.93 + 0.05 * fractal(rng, height, width, 6, 2), 0, 1)
    surface.paste(art, at, None, GRAFFITI, _on_front(surface, at, cover))


def _on_front(surface: Surface, at: Rect, cover: Field) -> Field:
    """Keep paint off what lies deep in the wall or stands out of it."""
    rows, columns = surface.slices(at)
    relief = surface.relief[rows, columns].astype(np.int16) - FLUSH
    if relief.shape == cover.shape:
        cover[np.abs(relief) > 30] = 0
    return cover


STROKES: tuple[tuple[tuple[float, float], ...], ...] = (
    ((0.9, 0.1), (0.4, 0.0), (0.1, 0.25), (0.5, 0.5), (0.9, 0.72), (0.5, 1.0), (0.0, 0.88)),
    ((0.0, 1.0), (0.4, 0.0), (0.55, 0.1), (0.8, 1.0), (0.75, 0.6), (0.1, 0.6)),
    ((0.1, 0.0), (0.1, 1.0), (0.15, 0.1), (0.8, 0.1), (0.7, 0.5), (0.2, 0.5), (0.9, 1.0)),
    ((0.8, 0.2), (0.4, 0.0), (0.0, 0.5), (0.4, 1.0), (0.9, 0.6), (0.7, 0.1), (0.4, 0.05)),
    ((0.0, 0.1), (0.9, 0.0), (0.1, 0.95), (0.95, 0.9)),
    ((0.1, 1.0), (0.1, 0.0), (0.8, 1.0), (0.9, 0.0)),
    ((0.85, 0.0), (0.2, 0.1), (0.1, 0.5), (0.6, 0.45), (0.1, 0.55), (0.2, 0.95), (0.95, 0.9)),
    ((0.0, 0.05), (1.0, 0.0), (0.5, 0.05), (0.5, 1.0)),
    ((0.1, 0.0), (0.1, 1.0), (0.15, 0.5), (0.85, 0.0), (0.3, 0.5), (0.95, 1.0)),
    ((0.1, 0.0), (0.15, 0.8), (0.5, 1.0), (0.85, 0.7), (0.9, 0.0), (0.95, 0.9)),
)
"""How a hand writes some letters in one go: points in a box of width and height 1."""


def _tag(rng: Rng, height: int, width: int, colour: Colour) -> tuple[Image, Field]:
    """A name written quickly, letter by letter, leaning, now and then underlined."""
    import cv2

    cover = np.zeros((height, width), np.uint8)
    letters = int(rng.integers(3, 6))
    thick = max(3, round(height * rng.uniform(0.07, 0.11)))
    slant, step = rng.uniform(-0.05, 0.3), 0.84 / letters
    joined: list[np.ndarray] = []
    for place in range(letters):
        letter = np.array(STROKES[int(rng.integers(len(STROKES)))])
        tall = rng.uniform(0.5, 0.72)
        x = 0.08 + (place + 0.85 * letter[:, 0] + slant * (0.5 - letter[:, 1])) * step
        y = 0.14 + rng.uniform(0, 0.1) + tall * letter[:, 1]
        joined.append(np.stack([x, y], 1) + rng.normal(0, 0.012, letter.shape))
    if rng.random() < 0.5:
        joined.append(np.array([[0.1, 0.9], [0.5, 0.95], [0.92, 0.86], [0.6, 0.93]]))
    if rng.random() < 0.3:
        joined = [np.concatenate(joined)]
    for points in joined:
        path = [np.round(_smooth(points * (width, height))).astype(np.int32)]
        cv2.polylines(cover, path, False, 255, thick, cv2.LINE_AA)
    art = np.full((height, width, 3), colour, np.uint8)
    soft = cv2.GaussianBlur(cover, (0, 0), max(0.6, thick * 0.12))
    return art, soft.astype(np.float32) / 255


def _smooth(points: np.ndarray) -> np.ndarray:
    """Return a curve through the points (Catmull and Rom 1974), eight steps a piece."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    a, b, c, d = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, 8, endpoint=False)[None, :, None]
    a, b, c, d = (p[:, None, :] for p in (a, b, c, d))
    curve = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
    curve = curve + (3 * b - a - 3 * c + d) * t**3
    return np.asarray(curve.reshape(-1, 2) / 2)


def _can(rng: Rng) -> Colour:
    """A colour of spray paint."""
    kind = rng.random()
    if kind < 0.3:
        return (24, 23, 27)
    if kind < 0.45:
        return (232, 230, 228) if rng.random() < 0.6 else (172, 176, 184)
    return coat(rng) if kind < 0.8 else hsv(rng.random(), 0.65, 0.78)


def _visible(rng: Rng, ground: float) -> Colour:
    """Return paint that can be seen on a ground of that luminance."""
    for _ in range(6):
        colour = _can(rng)
        if abs(luminance(colour) - ground) > 0.22:
            return colour
    return (24, 23, 27) if ground > 0.45 else (232, 230, 228)


def _piece(rng: Rng, height: int, width: int) -> tuple[Image, Field]:
    """Fat letters that lean on each other: filled, outlined, with a shadow and highlights."""
    import cv2

    word = TAGS[int(rng.integers(len(TAGS)))]
    letters = np.zeros((height, width), np.uint8)
    step = width * 0.9 / len(word)
    bounds = np.zeros_like(letters)
    outline = max(2, round(height * 0.045))
    for place, letter in enumerate(word):
        glyph = _glyph(rng, letter, round(height * rng.uniform(0.62, 0.78)), round(step * 1.15))
        row = round((height - glyph.shape[0]) * rng.uniform(0.25, 0.75))
        column = round(width * 0.05 + place * step - glyph.shape[1] * 0.06)
        here = np.zeros_like(letters)
        room = here[row : row + glyph.shape[0], max(column, 0) : column + glyph.shape[1]]
        room[:] = glyph[: room.shape[0], : room.shape[1]]
        rim = cv2.dilate(here, np.ones((3, 3), np.uint8), iterations=outline)
        bounds = cv2.max(cv2.subtract(bounds, here), cv2.subtract(rim, here))
        letters = cv2.max(letters, here)
    return _painted(rng, letters, bounds, outline)


def _glyph(rng: Rng, letter: str, height: int, width: int) -> Image:
    """One swollen, leaning letter as coverage."""
    import cv2

    glyph = cv2.copyMakeBorder(stencil(letter, 7), 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=0)
    glyph = cv2.resize(glyph, (max(width, 4), max(height, 4)), interpolation=cv2.INTER_AREA)
    middle = glyph.shape[1] / 2, glyph.shape[0] / 2
    matrix = cv2.getRotationMatrix2D(middle, float(rng.normal(0, 9)), 0.98)
    glyph = cv2.warpAffine(glyph, matrix, glyph.shape[1::-1])
    round_off = cv2.GaussianBlur(glyph, (0, 0), max(0.8, height * 0.035))
    return np.asarray(np.clip((round_off.astype(np.int16) - 90) * 4, 0, 255).astype(np.uint8))


def _painted(rng: Rng, letters: Image, bounds: Image, outline: int) -> tuple[Image, Field]:
    """Colour a piece: fill that fades from one can to another, shadow, outline, glints."""
    import cv2

    height, width = letters.shape
    one, other = _can(rng), hsv(rng.random(), 0.6, 0.82)
    ramp = np.array([mixed(one, other, i / 31) for i in range(32)], np.uint8)
    level = np.linspace(0, 31, height)[:, None] + 3 * fractal(rng, height, width, height / 2, 2)
    art = ramp[np.clip(level, 0, 31).astype(np.int32)]
    art[bounds > 110] = (20, 19, 23) if rng.random() < 0.75 else (236, 234, 230)
    shift = np.array([[1, 0, outline * 1.5], [0, 1, outline * 1.2]], np.float32)
    body = cv2.max(letters, bounds)
    shadow = cv2.warpAffine(body, shift, (width, height))
    art[(body < 110) & (shadow > 0)] = _can(rng)
    glint = cv2.subtract(
        letters, cv2.warpAffine(letters, np.abs(shift) / (1, 1, 2), (width, height))
    )
    glint = cv2.bitwise_and(glint, cv2.erode(letters, np.ones((3, 3), np.uint8)))
    art[glint > 140] = mixed(other, (255, 255, 255), 0.7)
    cover = cv2.max(body, shadow).astype(np.float32) / 255
    return art, cover


def _drips(rng: Rng, art: Image, cover: Field) -> None:
    """Let paint run down from lower edges of the strokes."""
    height, width = cover.shape
    for _ in range(int(rng.integers(0, 7))):
        column = int(rng.integers(0, max(width - 2, 1)))
        rows = np.flatnonzero(cover[:, column] > 0.9)
        if not rows.size:
            continue
        start = int(rows[-1])
        stop = min(height, start + round(height * rng.uniform(0.08, 0.3)))
        wide = max(2, height // 45)
        art[start:stop, column : column + wide] = art[start, column]
        cover[start:stop, column : column + wide] = 1
