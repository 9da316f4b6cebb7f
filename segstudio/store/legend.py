"""Legends: files that say which colour stands for which class."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from segstudio.domain.classes import UNLABELLED, Colour, LabelClass, hex_of, parse_colour
from segstudio.errors import UserError
from segstudio.store.files import not_read, write_atomically

_LARGEST = 1 << 20
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NOTHING = {"unlabelled", "unlabeled", "void", "ignore"}
_HINT = "write a line for each class: id,name,#RRGGBB"

Entry = tuple[str, str, str]
"""Id, name (one of them may be empty) and colour, as they are written."""


def write_legend(path: Path, classes: Sequence[LabelClass]) -> None:
    """Write ids, names and colours, as JSON where the file's name says so, else as CSV."""
    entries = [{"id": c.id, "name": c.name, "colour": hex_of(c.colour)} for c in classes]
    if path.suffix.lower() == ".json":
        write_atomically(path, (json.dumps(entries, indent=1, ensure_ascii=False) + "\n").encode())
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, ["id", "name", "colour"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries)
    write_atomically(path, text.getvalue().encode())


def read_legend(path: Path, classes: Sequence[LabelClass]) -> dict[Colour, int]:
    """Return the id that each colour stands for; 255 where it stands for no class.

    Lines are ``id,name,#RRGGBB``, ``id,#RRGGBB`` or ``name,#RRGGBB``; a name counts more
    than an id. JSON is a list of objects with these keys, or an object of names and colours.
    Raises `UserError`, which names the file, where a class or a colour cannot be told.
    """
    try:
        return _colours(read_entries(path), classes)
    except UserError as error:
        raise _named(path, error) from error


def read_entries(path: Path) -> list[Entry]:
    """Return the lines of a legend as they are written; colours are not looked at yet.

    A file of classes, as templates are, is one too. The errors do not name the file.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError("it is too large for a legend", _HINT)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise not_read(path, error) from error
    except UnicodeDecodeError as error:
        raise UserError("it is not a text", _HINT) from error
    return list(_from_json(text) if text.lstrip()[:1] in ("[", "{") else _from_csv(text))


def _named(path: Path, error: UserError) -> UserError:
    return UserError(f"the legend {path.name} cannot be used: {error.message}", error.hint)


def _from_csv(text: str) -> Iterator[Entry]:
    lines = [line for line in text.splitlines() if line.strip()]
    separator = max(",;\t", key=lambda mark: sum(line.count(mark) for line in lines))
    for number, cells in enumerate(csv.reader(lines, delimiter=separator)):
        cells = [cell.strip() for cell in cells]
        places = [place for place, cell in enumerate(cells) if _COLOUR.fullmatch(cell)]
        if not places:
            if number == 0:
                continue  # the names of the columns
            raise UserError(f"{lines[number].strip()[:60]!r} holds no colour", _HINT)
        before = cells[: places[0]]
        id = next((cell for cell in before if cell.isdecimal()), "")
        name = next((cell for cell in before if cell and not cell.isdecimal()), "")
        yield id, name, cells[places[0]]


def _from_json(text: str) -> Iterator[Entry]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError("it is not valid JSON", _HINT) from error
    if isinstance(content, dict) and isinstance(content.get("classes"), list):
        content = content["classes"]
    elif isinstance(content, dict):
        content = [{"name": name, "colour": colour} for name, colour in content.items()]
    for item in content:
        if not isinstance(item, dict):
            raise UserError(f"{str(item)[:60]!r} is not an object with name and colour", _HINT)
        yield _text(item.get("id")), _text(item.get("name")), _colour_text(item)


def _colour_text(item: dict[str, Any]) -> str:
    colour = item.get("colour", item.get("color"))
    if isinstance(colour, list) and all(part in range(256) for part in colour):
        return "#" + "".join(f"{part:02X}" for part in colour)
    return _text(colour)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _colours(entries: list[Entry], classes: Sequence[LabelClass]) -> dict[Colour, int]:
    by_name = {c.name.casefold(): c.id for c in classes}
    ids = {c.id for c in classes}
    colours: dict[Colour, int] = {}
    unknown = []
    for number, name, text in entries:
        colour = parse_colour(text)
        id = by_name.get(name.casefold()) if name else None
        if id is None and name.casefold() in _NOTHING:
            id = UNLABELLED
        if id is None and not name and number.isdecimal():
            id = int(number) if int(number) in ids or int(number) == UNLABELLED else None
        if id is None:
            unknown.append(name or number or text)
        elif colours.setdefault(colour, id) != id:
            raise UserError(f"{text} stands for two classes", "give each its own colour")
    if unknown:
        some = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
        raise UserError(f"there is no class {some}", "add the class, or correct its name")
    if not colours:
        raise UserError("it names no classes", _HINT)
    return colours
