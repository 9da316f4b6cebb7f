import itertools

import numpy as np
import pytest

from segstudio.domain.classes import (
    PALETTE,
    LabelClass,
    check_classes,
    check_colours,
    checked_name,
    default_colour,
    free_id,
    hex_of,
    parse_class,
    parse_classes,
    parse_colour,
)
from segstudio.errors import UserError


def label(id, name):
    return LabelClass(id, name, default_colour(id))


def test_default_colours_differ_past_the_palette():
    colours = [default_colour(id) for id in range(2 * len(PALETTE))]
    assert colours[: len(PALETTE)] == list(PALETTE)
    assert len(set(colours)) == len(colours)
    assert all(0 <= v <= 255 for id in range(255) for v in default_colour(id))


def test_every_number_has_a_colour_of_its_own():
    assert len({default_colour(id) for id in range(255)}) == 255


def test_a_new_class_gets_no_colour_that_is_taken():
    assert default_colour(1, {PALETTE[0]}) == PALETTE[1]
    assert default_colour(1, {PALETTE[1], PALETTE[2]}) == PALETTE[3]
    taken = set()
    for _ in range(255):
        taken.add(default_colour(0, taken))
    assert len(taken) == 255


def test_colours_are_written_and_read():
    assert parse_colour("#3D8bFd") == (61, 139, 253)
    assert parse_colour(hex_of((1, 2, 255))) == (1, 2, 255)


@pytest.mark.parametrize("text", ["3D8BFD", "#3D8BF", "#3D8BFG", "red", "#3D8BFD0", ""])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(UserError, match="is not a colour"):
        parse_colour(text)


def test_a_class_from_text():
    assert parse_class("sign:#FF0000", 3) == LabelClass(3, "sign", (255, 0, 0), position=3)
    assert parse_class(" air  conditioner ", 0).name == "air conditioner"
    assert parse_class("wall", 2).colour == default_colour(2)
    assert parse_class("wall:front", 2).name == "wall:front"
    with pytest.raises(UserError):
        parse_class("sign:#12345", 0)
    with pytest.raises(UserError):
        parse_class(":#FF0000", 0)


def test_classes_from_texts_share_no_colour():
    first = hex_of(PALETTE[0])
    found = parse_classes(["wall", f"sign:{first}", "window"])
    assert [label.id for label in found] == [0, 1, 2]
    assert found[1].colour == PALETTE[0]
    assert found[0].colour == PALETTE[1]
    assert len({label.colour for label in found}) == 3


def test_two_classes_of_one_colour_are_named():
    check_colours([label(0, "a"), label(1, "b")])
    with pytest.raises(UserError, match="a and c have the same colour #666666"):
        check_colours([label(0, "a"), label(1, "b"), LabelClass(2, "c", PALETTE[0])])


def test_names():
    assert checked_name("  a \n b ") == "a b"
    assert checked_name("x" * 80)
    for bad in ("", "  ", "x" * 81):
        with pytest.raises(UserError, match="is not a name"):
            checked_name(bad)


def test_classes_must_differ():
    check_classes([label(0, "a"), label(254, "b")])
    with pytest.raises(UserError, match="called 'a'"):
        check_classes([label(0, "a"), label(1, "A")])
    with pytest.raises(UserError, match="same number"):
        check_classes([label(0, "a"), label(0, "b")])
    for id in (255, -1):
        with pytest.raises(UserError, match="at most 255"):
            check_classes([LabelClass(id, "a", (0, 0, 0))])


def test_the_smallest_free_number():
    assert free_id([]) == 0
    assert free_id([label(0, "a"), label(2, "c")]) == 1
    with pytest.raises(UserError, match="at most 255"):
        free_id([label(id, str(id)) for id in range(255)])


# -- the palette, as colour-blind people see it ----------------------------------------

CLEAR = 10
"""Least CIEDE2000 distance of two default colours. One is just seen side by side on a good
screen; the overlay at 45 % about halves a distance, thin strokes and colours far apart on the
picture ask for some times more, so that less than 10 is no longer told apart at a glance.
"""

SEEN_BY = {
    # Machado, Oliveira & Fernandes 2009, severity 1.0, for linear RGB.
    "everybody": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def lab(colour, matrix):
    """Return CIELAB (D65) of an sRGB colour as somebody sees it."""
    encoded = np.array(colour) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
              [0.0193339, 0.1191920, 0.9503041]]  # fmt: skip
    xyz = to_xyz @ np.clip(np.array(matrix) @ linear, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one, other):
    """Return the distance of two colours in CIELAB (Sharma, Wu & Dalal 2005)."""
    chroma = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + 25**7))
    (l1, c1, h1), (l2, c2, h2) = (
        (light, np.hypot(a * stretch, b), np.degrees(np.arctan2(b, a * stretch)) % 360)
        for light, a, b in (one, other)
    )
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = h1 + h2 if c1 * c2 == 0 else h1 + turn / 2
    weight = (
        1 - 0.17 * np.cos(np.radians(hue - 30)) + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6)) - 0.20 * np.cos(np.radians(4 * hue - 63))
    )  # fmt: skip
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    away = (hue % 360 - 275) / 25
    blue = -2 * np.sin(np.radians(60 * np.exp(-(away**2))))
    blue *= np.sqrt(chroma**7 / (chroma**7 + 25**7))
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + blue * dc * dh))


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
     ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
     ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
     ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373)],
)  # fmt: skip
def test_the_distance_is_that_of_the_published_pairs(one, other, distance):
    assert ciede2000(one, other) == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_the_first_eight_colours_stay_apart(eyes):
    seen = [lab(colour, SEEN_BY[eyes]) for colour in PALETTE[:8]]
    distances = {
        (i, j): ciede2000(seen[i], seen[j]) for i, j in itertools.combinations(range(8), 2)
    }
    pair = min(distances, key=distances.get)
    assert distances[pair] > CLEAR, f"{pair}: {distances[pair]:.1f}"
