"""Edits that were planned a while ago, brought up to what is there when they are made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from segstudio.domain.classes import LabelClass, free_id
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord, Row, class_of, class_row


def brought_up_to(
    edit: Edit,
    images: Mapping[int, ImageRecord],
    image: ImageRecord | None,
    layers: Layers | None,
    classes: Iterable[LabelClass] = (),
) -> Edit:
    """Return the edit against the project as it is now; ``image`` and its layers are open.

    Values that someone else has changed meanwhile stand, pictures that are gone are left out.
    A new class gets the next number where another one has got its own.
    """
    known = {label.id: label for label in classes}
    numbered = edit.rows if edit.images else _numbered(edit.rows, known)
    rows = tuple(
        row for row in (_row_now(row, images, known) for row in numbered) if row is not None
    )
    new = {row.id for row in rows if row.table == "images" and row.before is None}
    tiles = tuple(c for c in edit.tiles if c.image in images or c.image in new)
    if layers is not None and image is not None and image.id in edit.images:
        tiles = tuple(_tile_now(c, layers) if c.image == image.id else c for c in tiles)
    return replace(edit, tiles=tiles, rows=rows)


def _tile_now(change: TileChange, layers: Layers) -> TileChange:
    now = layers[change.layer].get(change.key)
    return change if now is change.before else replace(change, before=now)


def _numbered(rows: Iterable[RowChange], classes: Mapping[int, LabelClass]) -> Iterator[RowChange]:
    """Yield row changes with numbers for new classes that no class has."""
    taken = dict(classes)
    for row in rows:
        if row.table == "classes" and row.before is None and row.after is not None:
            id = free_id(list(taken.values())) if row.id in taken else row.id
            row = RowChange("classes", id, None, {**row.after, "id": id})
            taken[id] = class_after(None, row)
        yield row


def _row_now(
    row: RowChange, images: Mapping[int, ImageRecord], classes: Mapping[int, LabelClass]
) -> RowChange | None:
    """Return a row change against the row as it is; None where nothing is left of it."""
    if row.before is None:
        return row
    found: ImageRecord | LabelClass | None
    found = images.get(row.id) if row.table == "images" else classes.get(row.id)
    if found is None:
        return None
    if row.after is None:
        return replace(row, before=_row_of(found))
    # Not a whole row: this is done for each of 20,000 pictures while somebody waits.
    if all(getattr(found, name) == value for name, value in row.before.items()):
        return row
    now = _row_of(found)
    fresh = {k: v for k, v in row.after.items() if v != now[k] and now[k] == row.before[k]}
    if not fresh:
        return None
    return RowChange(row.table, row.id, {name: now[name] for name in fresh}, fresh)


def _row_of(found: ImageRecord | LabelClass) -> Row:
    return found.row() if isinstance(found, ImageRecord) else class_row(found)


def record_after(image: ImageRecord | None, change: RowChange) -> ImageRecord:
    """Return a picture's record with what a change of its row changes."""
    if image is None or change.before is None:
        return ImageRecord.of(_after(None, change))
    assert change.after is not None
    return image.changed(change.after)


def class_after(label: LabelClass | None, change: RowChange) -> LabelClass:
    """Return a class with what a change of its row changes."""
    return class_of(_after(None if label is None else class_row(label), change))


def _after(now: Row | None, change: RowChange) -> Row:
    assert change.after is not None
    return change.after if now is None or change.before is None else {**now, **change.after}
