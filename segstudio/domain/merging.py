"""Edits that were planned a while ago, brought up to what is there when they are made."""

from collections.abc import Mapping
from dataclasses import replace

from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord, Row


def brought_up_to(
    edit: Edit,
    images: Mapping[int, ImageRecord],
    image: ImageRecord | None,
    layers: Layers | None,
) -> Edit:
    """Return the edit against the project as it is now; ``image`` and its layers are open.

    Values that someone else has changed meanwhile stand, pictures that are gone are left out.
    """
    rows = tuple(row for row in (_row_now(row, images) for row in edit.rows) if row is not None)
    new = {row.id for row in rows if row.table == "images" and row.before is None}
    tiles = tuple(c for c in edit.tiles if c.image in images or c.image in new)
    if layers is not None and image is not None and image.id in edit.images:
        tiles = tuple(
            replace(c, before=layers[c.layer].get(c.key)) if c.image == image.id else c
            for c in tiles
        )
    return replace(edit, tiles=tiles, rows=rows)


def _row_now(row: RowChange, images: Mapping[int, ImageRecord]) -> RowChange | None:
    if row.table != "images" or row.before is None or row.after is None:
        return row
    image = images.get(row.id)
    if image is None:
        return None
    now, before = image.row(), row.before
    fresh = {k: v for k, v in row.after.items() if v != before[k] and now[k] == before[k]}
    return RowChange("images", row.id, now, {**now, **fresh}) if fresh else None


def record_after(image: ImageRecord | None, before: Row | None, after: Row) -> ImageRecord:
    """Return a record with what a row change changes: the rest may be newer than that."""
    if image is None or before is None:
        return ImageRecord.of(after)
    changed = {name: value for name, value in after.items() if value != before[name]}
    return ImageRecord.of({**image.row(), **changed})
