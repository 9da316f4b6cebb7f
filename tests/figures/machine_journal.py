"""What a process writes down that may be killed, and finding the project in it afterwards."""

import json
import os
import sqlite3
from pathlib import Path

from machine_model import DiskReader, Model, difference


class Journal:
    """Lines of facts, in the file at once: a kill takes none of them back."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self) -> None:
        """Begin an empty one."""
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)

    def tell(self, *fact: object) -> None:
        os.write(self._file, (json.dumps(fact) + "\n").encode())

    def read(self) -> tuple[int, list[list]]:
        """Return how many changes were told as saved, and all that were begun.

        Points in time are counted as if nothing had been forgotten.
        """
        saved, gone, events = 0, 0, []
        for kind, *facts in map(json.loads, self.path.read_bytes().split(b"\n")[:-1]):
            if kind == "saved":
                saved += 1
            elif kind == "forget":
                gone += facts[0]
            else:
                events.append([kind, facts[0] + gone] if kind == "turn" else [kind, *facts])
        return saved, events


def found(model: Model, journal: Journal, project: Path, trims: bool = False) -> int:
    """Bring a model up to what the disk holds after a kill.

    Return how many changes were committed and not told. Raises AssertionError where the disk
    does not hold exactly one of the states from the last change that was told as saved on.
    """
    sound = integrity(project)
    assert sound == "ok", f"the database is damaged: {sound}"
    snapshot, texts, done = DiskReader(killed=True).read(project)
    saved, events = journal.read()
    said = ""
    for count in range(len(events) + 1):
        if count:
            model.hear(*events[count - 1])
        if count < saved:
            continue
        gone = len(model.texts) - len(texts)
        same = gone >= 0 and (model.texts[gone:], model.done - gone) == (texts, done)
        if same and snapshot == model.now and (trims or not gone):
            model.forget(gone)
            return count - saved
        said += f"\n  {count}: {len(model.texts)} changes, {model.done} done; "
        said += difference(snapshot, model.now)[:200]
    raise AssertionError(
        f"{len(texts)} changes, {done} done, are none of the states from the last one told as"
        f" saved on ({saved} of {len(events)}):{said}"
    )


def integrity(project: Path) -> str:
    """Return what SQLite says of the whole database: ok."""
    connection = sqlite3.connect(project / "project.db")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()
