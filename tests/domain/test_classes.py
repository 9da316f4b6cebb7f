import pytest

from segstudio.domain.classes import (
    PALETTE,
    LabelClass,
    check_classes,
    checked_name,
    default_colour,
    free_id,
    hex_of,
    parse_class,
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
