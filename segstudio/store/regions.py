"""What a project keeps of the regions of pictures: tables of models, and what nobody wants."""

import json
import sqlite3
import time
from collections.abc import Mapping
from concurrent.futures import Future

from segstudio.domain.geometry import Box
from segstudio.store import edits, rows
from segstudio.store.project import Project
from segstudio.store.reading import Reading

KEPT = 2
"""Models of which tables are kept, those that were asked last."""

_FORGET = f"""
    DELETE FROM regions WHERE model != '' AND model NOT IN (
        SELECT model FROM regions WHERE model != '' GROUP BY model
        ORDER BY MAX(time) DESC, MAX(rowid) DESC LIMIT {KEPT})
"""


def tables_of(project: Reading, model: str, side: int) -> dict[int, bytes]:
    """Return the tables of pictures by id, as one model gave them for regions of one side."""
    found = project.reading().execute(
        "SELECT image, data FROM regions WHERE model = ? AND side = ?", (model, side)
    )
    return dict(found.fetchall())


def keep_tables(
    project: Project, model: str, side: int, tables: Mapping[int, bytes]
) -> "Future[None]":
    """Keep tables of pictures; those of older models than the two newest are dropped.

    ``model`` is "" for what needs no model; that is kept in any case.
    """
    now = time.time()
    found = [
        {"image": id, "model": model, "side": side, "time": now, "data": data}
        for id, data in tables.items()
    ]

    def work(connection: sqlite3.Connection) -> None:
        edits.put_of_images(connection, "regions", found)
        connection.execute(_FORGET)

    return project.change(work)


def passed(project: Reading) -> dict[int, list[Box | None]]:
    """Return what nobody wants to be asked for: boxes of pictures by id, None for all of one."""
    found: dict[int, list[Box | None]] = {}
    for image, box in project.reading().execute("SELECT image, box FROM passed ORDER BY image"):
        found.setdefault(image, []).append(rows.box_of(box))
    return found


def pass_over(project: Project, image: int, box: Box | None) -> "Future[None]":
    """Never suggest a box of a picture again; None is the whole picture."""
    values = {"image": image, "box": json.dumps(rows.box_values(box)) if box else ""}
    return project.change(lambda c: edits.put_of_images(c, "passed", [values]))


def ask_again(project: Project, image: int) -> "Future[None]":
    """Suggest a picture and its regions again."""

    def work(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM passed WHERE image = ?", (image,))

    return project.change(work)
