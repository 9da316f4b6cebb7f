"""Edits in the database: making, undoing and redoing them there."""

import json
import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segstudio.domain import codec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.history import Entry
from segstudio.domain.records import Row
from segstudio.domain.tiles import TILE, Layer, Packed

DISK = 1024**3
"""Bytes of edits kept on disk; the oldest go first."""

_FIND = "SELECT data FROM tiles WHERE image = ? AND layer = ? AND row = ? AND col = ?"
_DROP = "DELETE FROM tiles WHERE image = ? AND layer = ? AND row = ? AND col = ?"
_PUT = "INSERT OR REPLACE INTO tiles (image, layer, row, col, data) VALUES (?, ?, ?, ?, ?)"
_STALE = (
    "INSERT INTO stale VALUES (?, random()) ON CONFLICT (image) DO UPDATE SET mark = excluded.mark"
)
_STAGED = "SELECT image, layer, row, col, data FROM staged WHERE stage = ?"
_KEPT = "SELECT image, layer, row, col, data FROM edit_tiles WHERE edit = ?"
_KEEP = (
    "UPDATE edit_tiles SET data = ?"
    " WHERE edit = ? AND image = ? AND layer = ? AND row = ? AND col = ?"
)

Place = tuple[int, int, int, int]
"""Image, layer, row and column of a tile."""


@dataclass(frozen=True)
class Saved:
    """What the database says of an edit that it has just made."""

    id: int
    oldest: int
    """The oldest edit that the budget lets us keep; who made the edit decides when to `forget`."""
    tiles: tuple[TileChange, ...] = ()
    """What its staged tiles changed in the images that are shown."""


def commit(
    connection: sqlite3.Connection,
    id: int,
    edit: Edit,
    shown: Collection[int] = (),
    budget: int = DISK,
) -> Saved:
    """Make an edit. What had been undone is forgotten; ``before`` is what the database has.

    Of staged tiles, those of images that are gone are left out; what they change in the
    images ``shown`` is told.
    """
    connection.execute("DELETE FROM edits WHERE undone = 1")
    rows = json.dumps([[r.table, r.id, r.before, r.after] for r in edit.rows])
    connection.execute(
        "INSERT INTO edits (id, text, time, bytes, rows, images) VALUES (?, ?, ?, 0, ?, ?)",
        (id, edit.text, time.time(), rows, json.dumps(sorted(edit.images))),
    )
    for change in edit.tiles:
        place = (change.image, int(change.layer), *change.key)
        _exchange(connection, id, place, None if change.after is None else change.after.data)
        if change.after is not None:
            change.after.release()  # what was painted is not held as pixels any more
    told = _take_staged(connection, id, edit, shown) if edit.staged else []
    for row in edit.rows:
        if row.table == "images" and row.after is None:
            _sweep(connection, id, row.id)
    _write_rows(connection, edit.rows)
    _measure(connection, id)
    return Saved(id, _oldest_within(connection, budget), tuple(told))


def _exchange(
    connection: sqlite3.Connection, id: int, place: Place, after: bytes | None
) -> bytes | None:
    """Put a tile; the edit remembers what was there, where that is another one."""
    before = _write(connection, place, after)
    if before != after:
        connection.execute("INSERT INTO edit_tiles VALUES (?, ?, ?, ?, ?, ?)", (id, *place, before))
    return before


def _take_staged(
    connection: sqlite3.Connection, id: int, edit: Edit, shown: Collection[int]
) -> list[TileChange]:
    """Put the staged tiles of an edit into the layers."""
    assert edit.staged is not None
    there = {row[0] for row in connection.execute("SELECT id FROM images")}
    there |= {row.id for row in edit.rows if row.table == "images"}
    stage = edit.staged.id
    told = []
    for image, layer, row, column, after in connection.execute(_STAGED, (stage,)):
        if image in there:
            before = _exchange(connection, id, (image, layer, row, column), after)
            if image in shown and before != after:
                told.append(_change((image, layer, row, column), before, after))
    connection.execute("DELETE FROM staged WHERE stage = ?", (stage,))
    return told


def _sweep(connection: sqlite3.Connection, id: int, image: int) -> None:
    """Let an image that goes take all its tiles with it, also those that came unplanned."""
    found = connection.execute("SELECT layer, row, col FROM tiles WHERE image = ?", (image,))
    for layer, row, column in found.fetchall():
        _exchange(connection, id, (image, layer, row, column), None)


def turn(
    connection: sqlite3.Connection,
    ids: Sequence[int],
    undo: bool,
    shown: Collection[int] | None = None,
) -> Edit:
    """Take edits back, or make them again, in this order; return what that changed, as one edit.

    Of its tiles only those of the images ``shown`` are told; None tells all.
    """
    told: dict[Place, tuple[bytes | None, bytes | None]] = {}
    rows: list[RowChange] = []
    text = ""
    for id in ids:
        head = connection.execute("SELECT text, rows FROM edits WHERE id = ?", (id,)).fetchone()
        text = head["text"]
        for *found, new in connection.execute(_KEPT, (id,)).fetchall():
            place: Place = (found[0], found[1], found[2], found[3])
            old = _write(connection, place, new)
            connection.execute(_KEEP, (old, id, *place))
            if shown is None or place[0] in shown:
                told[place] = (told[place][0] if place in told else old, new)
        changes = [RowChange(*row) for row in json.loads(head["rows"])]
        if undo:
            changes = [row.reversed() for row in reversed(changes)]
        _write_rows(connection, changes)
        rows += changes
        connection.execute("UPDATE edits SET undone = ? WHERE id = ?", (int(undo), id))
        _measure(connection, id)
    tiles = tuple(_change(place, *sides) for place, sides in told.items())
    return Edit(text, tiles, tuple(rows))


def _measure(connection: sqlite3.Connection, id: int) -> None:
    """Write down how much an edit takes on disk."""
    connection.execute(
        "UPDATE edits SET bytes = length(rows) + (SELECT"
        " COALESCE(SUM(64 + COALESCE(length(data), 0)), 0) FROM edit_tiles WHERE edit = ?1)"
        " WHERE id = ?1",
        (id,),
    )


def entries(connection: sqlite3.Connection) -> tuple[list[Entry], int]:
    """Return the line of time without its pixels, and how many of its edits are done."""
    heads = connection.execute(
        "SELECT id, text, time, undone, images FROM edits ORDER BY id"
    ).fetchall()
    line = [Entry(h["id"], h["text"], h["time"], _images(h["images"])) for h in heads]
    return line, sum(1 for h in heads if not h["undone"])


def _images(text: str) -> frozenset[int]:
    return frozenset(json.loads(text))


def _change(place: Place, before: bytes | None, after: bytes | None) -> TileChange:
    image, layer, row, column = place
    return TileChange(image, Layer(layer), (row, column), _packed(before), _packed(after))


def _packed(data: bytes | None) -> Packed | None:
    return None if data is None else Packed(data=data)


def _write(connection: sqlite3.Connection, place: Place, after: bytes | None) -> bytes | None:
    """Put a tile, keep the shares of classes and the stale mirrors; return what was there."""
    found = connection.execute(_FIND, place).fetchone()
    before: bytes | None = found["data"] if found else None
    if after is None:
        connection.execute(_DROP, place)
    else:
        connection.execute(_PUT, (*place, after))
    if place[1] == Layer.MASK and before != after:
        connection.execute(_STALE, (place[0],))
        _count(connection, place[0], before, after)
    return before


def _count(
    connection: sqlite3.Connection, image: int, before: bytes | None, after: bytes | None
) -> None:
    change = codec.counts(after, TILE) - codec.counts(before, TILE)
    for value in np.flatnonzero(change[:UNLABELLED]):
        connection.execute(
            "INSERT INTO shares VALUES (?1, ?2, ?3)"
            " ON CONFLICT (image, class) DO UPDATE SET pixels = pixels + ?3",
            (image, int(value), int(change[value])),
        )


def _write_rows(connection: sqlite3.Connection, rows: Sequence[RowChange]) -> None:
    for row in rows:
        _write_row(connection, row)
    if any(row.table == "images" and row.after is None for row in rows):
        # Their numbers will be given to others, which must not inherit anything.
        for table in ("thumbnails", "scores", "queue", "regions", "passed"):
            connection.execute(f"DELETE FROM {table} WHERE image NOT IN (SELECT id FROM images)")


def _write_row(connection: sqlite3.Connection, change: RowChange) -> None:
    table = {"classes": "classes", "images": "images"}[change.table]
    before, after = change.before, change.after
    if after is None:
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (change.id,))
    elif before is None:
        put_rows(connection, table, [after])
    else:  # earlier versions of the program wrote whole rows: only what changes counts
        changed = {name: value for name, value in after.items() if value != before.get(name)}
        for name, value in changed.items():
            connection.execute(
                f"UPDATE {table} SET {name} = ? WHERE id = ?", (_stored(value), change.id)
            )


def freshen(connection: sqlite3.Connection, marks: Mapping[int, int | None]) -> None:
    """Take pictures whose masks still have these marks off the list of stale mirrors."""
    connection.executemany("DELETE FROM stale WHERE image = ? AND mark = ?", marks.items())


def put_rows(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Insert or replace rows; lists and dictionaries are stored as JSON."""
    for row in rows:
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        values = [_stored(value) for value in row.values()]
        connection.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", values)


def put_of_images(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Insert or replace rows about pictures, but for those that are gone by now.

    What was worked out while they were removed must not lie there for who gets their number.
    """
    there = {id for (id,) in connection.execute("SELECT id FROM images")}
    put_rows(connection, table, (row for row in rows if row["image"] in there))


def _stored(value: object) -> object:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _oldest_within(connection: sqlite3.Connection, budget: int) -> int:
    """Return the id of the oldest edit that the budget lets us keep; the newest stays always."""
    sizes = connection.execute("SELECT id, bytes FROM edits ORDER BY id").fetchall()
    over = sum(size for _, size in sizes) - budget
    for id, size in sizes:
        if over <= 0 or id == sizes[-1]["id"]:
            return int(id)
        over -= size
    return 0


def forget(connection: sqlite3.Connection, oldest: int) -> None:
    """Drop the edits below an id: they cannot be undone any more."""
    connection.execute("DELETE FROM edits WHERE id < ?", (oldest,))


def next_id(connection: sqlite3.Connection) -> int:
    """Return an id above those of all edits, done or undone."""
    found = connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM edits").fetchone()
    return int(found[0])
