"""The faces of signs, banners and posters."""

import numpy as np

from segstudio.scenes.noise import Image, Rng, fractal, multiply
from segstudio.scenes.street.lettering import WORDS, small_print, write
from segstudio.scenes.street.paint import coat, ink_on, mixed, scaled, sheet
from segstudio.scenes.street.surface import Colour


def _word(rng: Rng) -> str:
    return WORDS[int(rng.integers(len(WORDS)))]


def logo(rng: Rng, art: Image, centre: tuple[int, int], radius: int, ink: Colour) -> None:
    """Draw a mark: a ring, a star, a leaf, bars or a wave."""
    import cv2

    x, y = centre
    kind = int(rng.integers(5))
    if kind == 0:
        cv2.circle(art, centre, radius, ink, max(1, radius // 3), cv2.LINE_AA)
        cv2.circle(art, centre, max(1, radius // 3), ink, -1, cv2.LINE_AA)
    elif kind == 1:
        turn = np.arange(10) * np.pi / 5
        reach = np.where(np.arange(10) % 2, 0.45, 1.0) * radius
        star = np.stack([x + reach * np.sin(turn), y - reach * np.cos(turn)], 1)
        cv2.fillPoly(art, [np.round(star).astype(np.int32)], ink, cv2.LINE_AA)
    elif kind == 2:
        size = (max(1, radius), max(1, radius // 2))
        cv2.ellipse(art, centre, size, -40, 0, 360, ink, -1, cv2.LINE_AA)
        cv2.ellipse(art, (x + radius // 2, y), size, 40, 0, 360, scaled(ink, 0.7), -1, cv2.LINE_AA)
    elif kind == 3:
        for bar in range(3):
            left = x - radius + bar * radius * 3 // 4
            top = y + radius // 2 - bar * radius // 2
            cv2.rectangle(art, (left, top), (left + radius // 2, y + radius), ink, -1)
    else:
        across = np.linspace(-1, 1, 24)
        wave = np.stack([x + across * radius, y + np.sin(across * 5) * radius / 3], 1)
        path = [np.round(wave).astype(np.int32)]
        cv2.polylines(art, path, False, ink, max(1, radius // 3), cv2.LINE_AA)


def sign_face(rng: Rng, height: int, width: int) -> Image:
    """Return the face of a rigid board: a frame, one or two words, often a mark."""
    ground = coat(rng)
    ink = ink_on(rng, ground)
    art = sheet(ground, height, width)
    lit = np.linspace(1.12, 0.88, art.shape[0], dtype=np.float32)[:, None]
    multiply(art, np.repeat(lit, art.shape[1], 1))
    if height > width * 1.3:
        _upright(rng, art, ink)
    else:
        room = round(height * 0.14)
        left = room
        if rng.random() < 0.5 and width > 1.6 * height:
            radius = round(height * 0.28)
            logo(rng, art, (room + radius, height // 2), radius, ink_on(rng, ground))
            left += 2 * radius + room
        box = (room, left, height - 2 * room, width - left - room)
        if rng.random() < 0.3:
            lower = round(height * 0.3)
            small_print(rng, art, (height - lower, left, lower - 3, width - left - room), ink)
            box = (room, left, height - room - lower, width - left - room)
        write(art, _word(rng), box, ink, int(rng.integers(0, 5)), stretch=True)
    edge = max(1, round(min(height, width) * rng.choice([0.0, 0.05, 0.08])))
    if edge > 1:
        trim = scaled(ground, 0.55) if rng.random() < 0.5 else ink
        art[:edge] = art[-edge:] = trim
        art[:, :edge] = art[:, -edge:] = trim
    return art


def _upright(rng: Rng, art: Image, ink: Colour) -> None:
    """A word written downwards, or a mark over small letters."""
    height, width = art.shape[:2]
    if rng.random() < 0.6:
        word = _word(rng).replace(" ", "")[:7]
        step = height / (len(word) + 0.5)
        for place, letter in enumerate(word):
            box = (round((place + 0.35) * step), width // 8, round(step * 0.8), width * 3 // 4)
            write(art, letter.upper(), box, ink, 3)
    else:
        logo(rng, art, (width // 2, height // 3), round(width * 0.3), ink)
        box = (round(height * 0.58), width // 10, height // 4, width * 4 // 5)
        write(art, _word(rng), box, ink, 3)


def banner_face(rng: Rng, height: int, width: int) -> Image:
    """Return printed cloth: broad areas of colour, large words, some with a picture or stripes."""
    import cv2

    ground = coat(rng)
    art = sheet(ground, height, width)
    second = coat(rng)
    kind = int(rng.integers(4))
    if kind == 0:
        slant = np.array([[0, height], [0, height * 0.6], [width, height * 0.3], [width, height]])
        cv2.fillPoly(art, [np.round(slant).astype(np.int32)], second, cv2.LINE_AA)
    elif kind == 1:
        _photo(rng, art[: height // 2] if height > width else art[:, : width // 3])
    elif kind == 2:
        for band in range(0, max(height, width), max(6, min(height, width) // 4)):
            cv2.line(
                art, (band, 0), (band - height, height), second, max(2, min(height, width) // 10)
            )
    ink = ink_on(rng, ground)
    word = _word(rng)
    if height > width:
        radius = round(width * 0.3)
        logo(rng, art, (width // 2, round(height * 0.2)), radius, ink_on(rng, ground))
        write(art, word, (round(height * 0.42), width // 12, height // 5, width * 5 // 6), ink, 4)
        lower = (round(height * 0.66), width // 6, round(height * 0.22), width * 2 // 3)
        small_print(rng, art, lower, ink)
    else:
        left = width // 3 if kind == 1 else width // 14
        write(
            art, word, (height // 6, left, height * 4 // 9, width * 13 // 14 - left), ink, 4, True
        )
        write(art, _word(rng), (round(height * 0.68), left, height // 5, width // 2), ink, 2)
    return art


def poster_face(rng: Rng, height: int, width: int) -> Image:
    """Return printed paper: a headline, a picture or a figure, and small print."""
    ground = coat(rng)
    art = sheet(ground, height, width)
    ink = ink_on(rng, ground)
    kind = int(rng.integers(4))
    if kind == 0:
        _photo(rng, art)
        ink = (245, 242, 230)
    elif kind == 1:
        _photo(rng, art[height // 4 : height * 3 // 4, width // 12 : width * 11 // 12])
    elif kind == 2:
        _figure(rng, art, coat(rng))
    else:
        logo(rng, art, (width // 2, height // 2), round(min(width, height) * 0.34), coat(rng))
    top = (height // 20, width // 14, height // 6, width * 6 // 7)
    write(art, _word(rng), top, ink, int(rng.integers(1, 6)), stretch=True)
    if rng.random() < 0.5:
        write(art, _word(rng), (height * 5 // 8, width // 14, height // 9, width * 6 // 7), ink, 2)
    low = (round(height * 0.78), width // 10, round(height * 0.17), width * 4 // 5)
    small_print(rng, art, low, ink)
    edge = max(1, round(min(height, width) * 0.03))
    if rng.random() < 0.4:
        art[:edge] = art[-edge:] = (238, 236, 228)
        art[:, :edge] = art[:, -edge:] = (238, 236, 228)
    return art


def _photo(rng: Rng, art: Image) -> None:
    """Something like a photograph: a graded field of three colours."""
    height, width = art.shape[:2]
    if not height or not width:
        return
    field = fractal(rng, height, width, max(height, width) * 0.6, 4, 0.5)
    field = np.clip(field * 0.25 + 0.5 + np.linspace(-0.3, 0.3, height)[:, None], 0, 0.999)
    dark, middle, light = scaled(coat(rng), 0.4), coat(rng), mixed(coat(rng), (250, 245, 230), 0.5)
    ramp = [mixed(dark, middle, i / 16) for i in range(16)]
    ramp += [mixed(middle, light, i / 16) for i in range(16)]
    art[:] = np.array(ramp, np.uint8)[(field * 32).astype(np.int32)]
    if rng.random() < 0.5:
        _figure(rng, art, scaled(dark, 0.8))


def _figure(rng: Rng, art: Image, colour: Colour) -> None:
    """Head and shoulders."""
    import cv2

    height, width = art.shape[:2]
    x, y = round(width * rng.uniform(0.35, 0.65)), round(height * 0.45)
    head = max(2, round(width * rng.uniform(0.13, 0.2)))
    cv2.ellipse(art, (x, y + 3 * head), (2 * head, 2 * head), 0, 180, 360, colour, -1, cv2.LINE_AA)
    cv2.ellipse(
        art, (x, y), (head, head * 5 // 4), 0, 0, 360, scaled(colour, 1.25), -1, cv2.LINE_AA
    )
