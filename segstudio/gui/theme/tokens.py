"""The named colours and measures of the window, dark and light.

Colours are ``#RRGGBB``. Text colours keep a contrast of at least 4.5:1 on every surface
they are used on; a test computes it.
"""

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["dark", "light"]

GRID = 4
"""Every distance is a multiple of this, in px."""
GAP = 8
"""Between the parts of one control or row."""
GROUP = 12
"""Between groups."""
EDGE = 16
"""At the edges of a panel."""
CONTROL = 28
"""Height of buttons, fields and rows."""
RADIUS = 6
NAMES = 92
"""Width of the names before fields, so that the fields of a panel stand below each other."""
SECONDARY, BODY, TITLE = 12, 13, 15
"""Sizes of type, in px."""


@dataclass(frozen=True)
class Tokens:
    """What each colour is for. Widgets use these names and never a colour of their own."""

    name: ThemeName
    canvas: str
    """Around the image."""
    panel: str
    raised: str
    """Buttons, fields, pop-ups: one step above the panel."""
    hover: str
    pressed: str
    line: str
    """Between surfaces."""
    outline: str
    """Around fields and unchecked boxes; seen without being read."""
    text: str
    text_dim: str
    text_disabled: str
    accent: str
    """Strokes, rings, handles: never under text."""
    accent_fill: str
    """Under `on_accent`: the one filled button."""
    accent_hover: str
    accent_text: str
    on_accent: str
    selection: str
    selection_text: str
    danger: str
    danger_fill: str
    warning: str
    tooltip: str


DARK = Tokens(
    name="dark",
    canvas="#17181A", panel="#202124", raised="#2A2C30", hover="#33363A", pressed="#3B3E43",
    line="#2E3033", outline="#4B4F55",
    text="#E6E8EB", text_dim="#A6AAB0", text_disabled="#6B7077",
    accent="#3D8BFD", accent_fill="#2469D8", accent_hover="#2A6DDB", accent_text="#7DB0FF",
    on_accent="#FFFFFF", selection="#23395D", selection_text="#FFFFFF",
    danger="#F47C86", danger_fill="#C5303F", warning="#E3B341", tooltip="#33363A",
)  # fmt: skip

LIGHT = Tokens(
    name="light",
    canvas="#ECEDEF", panel="#FFFFFF", raised="#F3F4F6", hover="#E9EBEE", pressed="#DFE1E5",
    line="#D9DBDE", outline="#B0B5BB",
    text="#1D1F22", text_dim="#565B61", text_disabled="#90959B",
    accent="#3D8BFD", accent_fill="#1F66D6", accent_hover="#1A5CC4", accent_text="#1A5FCC",
    on_accent="#FFFFFF", selection="#D9E8FF", selection_text="#0F2F5F",
    danger="#C42B3A", danger_fill="#C42B3A", warning="#8A5A00", tooltip="#FFFFFF",
)  # fmt: skip

THEMES: dict[ThemeName, Tokens] = {"dark": DARK, "light": LIGHT}


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, 0…1 (WCAG 2.2)."""
    linear = []
    for start in (1, 3, 5):
        value = int(colour[start : start + 2], 16) / 255
        linear.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1…21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on the colour."""
    return max("#000000", "#FFFFFF", key=lambda ink: contrast(ink, colour))


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour between two, with ``share`` (0…1) of the other."""
    parts = []
    for start in (1, 3, 5):
        a, b = int(one[start : start + 2], 16), int(other[start : start + 2], 16)
        parts.append(round(a + (b - a) * share))
    return "#{:02X}{:02X}{:02X}".format(*parts)


def readable(colour: str, surface: str, least: float = 4.5) -> str:
    """Return the colour, moved towards black or white until it reads on the surface."""
    ink = ink_on(surface)
    for tenth in range(11):
        moved = mixed(colour, ink, tenth / 10)
        if contrast(moved, surface) >= least:
            return moved
    return ink
