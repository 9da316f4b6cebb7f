"""Words as they stand on signs, and lines too small to read."""

from functools import lru_cache

import numpy as np

from segstudio.scenes.noise import Field, Image, Rng
from segstudio.scenes.street.surface import Colour

WORDS = (
    "BAKERY", "OPTIK", "CAFE", "Pharmacy", "KIOSK", "Bistro", "BOOKS", "Atelier", "HOTEL", "Salon",
    "MARKET", "Flora", "Radio", "TAILOR", "Gelato", "BIKES", "Music", "PRINT", "Vinyl", "SHOES",
    "Studio 9", "FRUIT", "Delikat", "NOODLES", "Garage", "CINEMA", "Lumen", "TEA", "Galerie", "24h",
    "SALE", "NOW OPEN", "FESTIVAL", "LIVE", "JAZZ", "EXPO", "TO LET", "SUMMER", "CIRCUS", "-50%",
)  # fmt: skip

TAGS = ("ZEPH", "KORO", "MIAU", "RASK", "OXID", "NEMO", "SLAM", "YETI", "FUME", "AKT9", "BOOM")


@lru_cache(maxsize=256)
def stencil(word: str, weight: int) -> Image:
    """Return a word as coverage 0…255, cut close, capitals about 48 pixels high."""
    from PIL import Image as Picture
    from PIL import ImageDraw, ImageFont

    font = ImageFont.load_default(64)
    left, top, right, bottom = font.getbbox(word, stroke_width=weight)
    size = max(1, round(right - left)), max(1, round(bottom - top))
    page = Picture.new("L", size)
    ImageDraw.Draw(page).text((-left, -top), word, fill=255, font=font, stroke_width=weight)
    letters = np.array(page)
    letters.flags.writeable = False
    return letters


def write(
    art: Image,
    word: str,
    box: tuple[int, int, int, int],
    ink: Colour,
    weight: int = 2,
    stretch: bool = False,
) -> None:
    """Write a word into the box (top, left, height, width), in the middle and as large as fits."""
    import cv2

    top, left, height, width = box
    letters = stencil(word, weight)
    down, across = height / letters.shape[0], width / letters.shape[1]
    across = min(across, down * 1.6) if stretch else min(across, down)
    down = min(down, across * 1.5)
    size = round(letters.shape[1] * across), round(letters.shape[0] * down)
    if min(size) < 3:
        return
    cover = cv2.resize(letters, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    row, column = top + (height - size[1]) // 2, left + (width - size[0]) // 2
    stamp(art, cover, row, column, ink)


def stamp(art: Image, cover: Field, row: int, column: int, ink: Colour) -> None:
    """Put ink on a picture where the cover, laid at a row and column, says; cut at the edges."""
    height, width = cover.shape
    rows = slice(max(row, 0), min(row + height, art.shape[0]))
    columns = slice(max(column, 0), min(column + width, art.shape[1]))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    amount = cover[
        rows.start - row : rows.stop - row, columns.start - column : columns.stop - column
    ]
    under = art[rows, columns].astype(np.float32)
    art[rows, columns] = under + (np.array(ink, np.float32) - under) * amount[:, :, None] + 0.5


def small_print(rng: Rng, art: Image, box: tuple[int, int, int, int], ink: Colour) -> None:
    """Fill a box (top, left, height, width) with lines of words too small to read."""
    top, left, height, width = box
    pitch = int(rng.integers(4, 7))
    for row in range(top, top + height - 2, pitch):
        marks = rng.random(max(width // 2, 1)) < 0.78
        marks[int(len(marks) * rng.uniform(0.6, 1.0)) :] = False
        run = np.repeat(marks, 2)[:width].astype(np.float32) * 0.75
        stamp(art, np.stack([run] * max(1, pitch // 3)), row, left, ink)
