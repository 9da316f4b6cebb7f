"""Sets of classes: those that come with the program, and files of them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segstudio.domain.classes import (
    UNLABELLED,
    Colour,
    LabelClass,
    check_classes,
    check_colours,
    checked_name,
    default_colour,
    free_id,
    hex_of,
    parse_colour,
)
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.merging import class_after
from segstudio.domain.records import class_row
from segstudio.errors import UserError
from segstudio.resources import resource
from segstudio.store.files import write_atomically
from segstudio.store.legend import Entry, read_entries, write_legend

_NOTHING = {"unlabelled", "unlabeled", "void", "ignore"}


@dataclass(frozen=True)
class Template:
    """A set of classes to begin with."""

    name: str
    title: str
    about: str
    classes: tuple[LabelClass, ...]


def names() -> list[str]:
    """Return the names of the templates that come with the program."""
    return sorted(path.stem for path in resource("classes").glob("*.json"))


def template(name: str) -> Template:
    """Return a template by its name; raise `UserError` for one that there is not."""
    if name not in names():
        raise UserError(f"there is no template {name!r}", f"there are: {', '.join(names())}")
    path = resource("classes", f"{name}.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    return Template(name, content["title"], content["about"], tuple(read_classes(path)))


def classes_of(text: str) -> list[LabelClass]:
    """Return the classes of a template by its name, or of a file by its path."""
    path = Path(text)
    if text in names() and not path.is_file():
        return list(template(text).classes)
    if not path.is_file():
        raise UserError(
            f"there is no template and no file called {text!r}",
            f"templates are: {', '.join(names())}",
        )
    return read_classes(path)


# -- files -----------------------------------------------------------------------------


def write_classes(path: Path, classes: Sequence[LabelClass]) -> None:
    """Write the classes in their order: as a legend where the name ends in .csv, else as JSON."""
    if path.suffix.lower() == ".csv":
        write_legend(path, classes)
        return
    lines = [
        json.dumps({"id": c.id, "name": c.name, "colour": hex_of(c.colour)}, ensure_ascii=False)
        for c in classes
    ]
    text = ",\n  ".join(lines)
    write_atomically(path, f'{{\n "classes": [\n  {text}\n ]\n}}\n'.encode())


def read_classes(path: Path) -> list[LabelClass]:
    """Read classes from a file that `write_classes` has written, or from any legend with names.

    Ids and colours that lack are given. Raises `UserError`, which names the file.
    """
    try:
        return _classes(read_entries(path))
    except UserError as error:
        raise UserError(
            f"the classes of {path.name} cannot be read: {error.message}", error.hint
        ) from error


def _classes(entries: Sequence[Entry]) -> list[LabelClass]:
    entries = [e for e in entries if e[1].casefold() not in _NOTHING and e[0] != str(UNLABELLED)]
    if not entries:
        raise UserError("it names no classes", "write a line for each class: id,name,#RRGGBB")
    if len(entries) > UNLABELLED:
        raise UserError("it names more than 255 classes")
    for id, name, _ in entries:
        if id and not id.isdecimal():
            raise UserError(f"{id[:20]!r} is not the number of a class", "numbers are 0 to 254")
        if not name:
            raise UserError(f"class {id} has no name", "give each class its name")
    taken = {int(id) for id, _, _ in entries if id}
    free = iter(id for id in range(UNLABELLED) if id not in taken)
    colours = {parse_colour(colour) for _, _, colour in entries if colour}
    labels = []
    for position, (id, name, text) in enumerate(entries):
        number = int(id) if id else next(free)
        colour = parse_colour(text) if text else default_colour(number, colours)
        colours.add(colour)
        labels.append(LabelClass(number, checked_name(name), colour, position=position))
    check_classes(labels)
    check_colours(labels)
    return labels


# -- into a project ----------------------------------------------------------------------


@dataclass(frozen=True)
class Loading:
    """What a set of classes changes in a project."""

    edit: Edit
    added: int = 0
    recoloured: int = 0
    avoided: tuple[str, ...] = ()
    """Classes that got another colour than that of the set, because another class has it."""


def plan_load(classes: Sequence[LabelClass], wanted: Sequence[LabelClass], text: str) -> Loading:
    """Plan to add the classes that lack and to give those of the same name their colours.

    New ones keep their number where it is free. No class is removed.
    """
    by_name = {label.name.casefold(): label for label in wanted}
    others = {c.colour for c in classes if c.name.casefold() not in by_name}
    known = {label.name.casefold(): label for label in classes}
    taken = set(others)
    after: list[LabelClass] = list(classes)
    avoided = []
    last = max((c.position for c in classes), default=-1)
    for label in wanted:
        colour = _free_colour(label, taken | {c.colour for c in wanted} - {label.colour})
        if colour != label.colour:
            avoided.append(label.name)
        taken.add(colour)
        old = known.get(label.name.casefold())
        if old is not None:
            after[after.index(old)] = replace(old, colour=colour)
        else:
            last += 1
            id = label.id if all(c.id != label.id for c in after) else free_id(after)
            after.append(LabelClass(id, label.name, colour, position=last))
    edit = Edit(text).with_rows(changes_between(classes, after))
    added = len(after) - len(classes)
    return Loading(edit, added, len(edit.rows) - added, tuple(avoided))


def _free_colour(label: LabelClass, taken: Collection[Colour]) -> Colour:
    return label.colour if label.colour not in taken else default_colour(label.id, taken)


def plan_start(classes: Sequence[LabelClass], wanted: Sequence[LabelClass], text: str) -> Edit:
    """Plan to put a set in the place of all classes: for projects in which nothing is labelled."""
    return Edit(text).with_rows(changes_between(classes, wanted))


def changes_between(
    before: Sequence[LabelClass], after: Sequence[LabelClass]
) -> list[RowChange | None]:
    """Return the changes of rows that lead from some classes to others, by their ids."""
    old, new = ({c.id: class_row(c) for c in some} for some in (before, after))
    ids = [*new, *(id for id in old if id not in new)]
    return [RowChange.between("classes", id, old.get(id), new.get(id)) for id in ids]


def with_changes(classes: Sequence[LabelClass], changes: Sequence[RowChange]) -> list[LabelClass]:
    """Return the classes as they are after changes of their rows, in their order."""
    after = {label.id: label for label in classes}
    for change in changes:
        known = after.pop(change.id, None)
        if change.after is not None:
            after[change.id] = class_after(known, change)
    return sorted(after.values(), key=lambda label: (label.position, label.id))
