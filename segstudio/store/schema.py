"""The tables of ``project.db``, version by version. Migrations go forward only."""

import os
import sqlite3

from segstudio.errors import UserError

MIGRATIONS = (
    """
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE classes (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, colour TEXT NOT NULL,
        visible INTEGER NOT NULL, locked INTEGER NOT NULL, position INTEGER NOT NULL);
    CREATE TABLE images (
        id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL, bands INTEGER NOT NULL,
        dtype TEXT NOT NULL, state TEXT NOT NULL, split TEXT NOT NULL,
        size INTEGER NOT NULL, hash TEXT NOT NULL, georef TEXT, nodata REAL,
        note TEXT NOT NULL, added REAL NOT NULL);
    CREATE INDEX images_by_hash ON images (hash);
    CREATE TABLE tiles (
        image INTEGER NOT NULL, layer INTEGER NOT NULL, row INTEGER NOT NULL,
        col INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (image, layer, row, col)) WITHOUT ROWID;
    CREATE TABLE edits (
        id INTEGER PRIMARY KEY, text TEXT NOT NULL, time REAL NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL, rows TEXT NOT NULL);
    CREATE TABLE edit_tiles (
        edit INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
        image INTEGER NOT NULL, layer INTEGER NOT NULL, row INTEGER NOT NULL,
        col INTEGER NOT NULL, before BLOB, after BLOB,
        PRIMARY KEY (edit, image, layer, row, col)) WITHOUT ROWID;
    CREATE TABLE shares (
        image INTEGER NOT NULL, class INTEGER NOT NULL, pixels INTEGER NOT NULL,
        PRIMARY KEY (image, class)) WITHOUT ROWID;
    CREATE TABLE stale (image INTEGER PRIMARY KEY);
    CREATE TABLE thumbnails (image INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, network TEXT NOT NULL,
        status TEXT NOT NULL, started REAL NOT NULL, finished REAL,
        settings TEXT NOT NULL, metrics TEXT NOT NULL, note TEXT NOT NULL);
    CREATE TABLE scores (
        image INTEGER NOT NULL, model TEXT NOT NULL, strategy TEXT NOT NULL,
        score REAL NOT NULL, time REAL NOT NULL,
        PRIMARY KEY (image, model, strategy)) WITHOUT ROWID;
    CREATE TABLE queue (
        place INTEGER PRIMARY KEY, image INTEGER NOT NULL, score REAL NOT NULL,
        strategy TEXT NOT NULL, box TEXT, reason TEXT NOT NULL);
    """,
    # An edit keeps one side of each tile: what was there before, or, undone, what it left.
    # A stale mirror has a mark, another one after each change of the mask.
    """
    ALTER TABLE edits ADD COLUMN images TEXT NOT NULL DEFAULT '[]';
    UPDATE edits SET images = (
        SELECT json_group_array(image) FROM (
            SELECT DISTINCT image FROM edit_tiles WHERE edit = edits.id));
    ALTER TABLE edit_tiles RENAME TO edit_tiles_1;
    CREATE TABLE edit_tiles (
        edit INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
        image INTEGER NOT NULL, layer INTEGER NOT NULL, row INTEGER NOT NULL,
        col INTEGER NOT NULL, data BLOB,
        PRIMARY KEY (edit, image, layer, row, col)) WITHOUT ROWID;
    INSERT INTO edit_tiles
        SELECT edit, image, layer, row, col, CASE undone WHEN 0 THEN before ELSE after END
        FROM edit_tiles_1 JOIN edits ON edits.id = edit;
    DROP TABLE edit_tiles_1;
    UPDATE edits SET bytes = length(rows) + (
        SELECT COALESCE(SUM(64 + COALESCE(length(data), 0)), 0)
        FROM edit_tiles WHERE edit = edits.id);
    ALTER TABLE stale RENAME TO stale_1;
    CREATE TABLE stale (image INTEGER PRIMARY KEY, mark INTEGER NOT NULL);
    INSERT INTO stale SELECT image, random() FROM stale_1;
    DROP TABLE stale_1;
    CREATE TABLE staged (
        stage INTEGER NOT NULL, image INTEGER NOT NULL, layer INTEGER NOT NULL,
        row INTEGER NOT NULL, col INTEGER NOT NULL, data BLOB,
        PRIMARY KEY (stage, image, layer, row, col)) WITHOUT ROWID;
    """,
    # What models say of the regions of pictures, and which of these nobody wants to be asked for.
    """
    ALTER TABLE queue ADD COLUMN predicted INTEGER;
    ALTER TABLE queue ADD COLUMN by_lot INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE regions (
        image INTEGER NOT NULL, model TEXT NOT NULL, side INTEGER NOT NULL,
        time REAL NOT NULL, data BLOB NOT NULL, PRIMARY KEY (image, model, side));
    CREATE TABLE passed (
        image INTEGER NOT NULL, box TEXT NOT NULL, PRIMARY KEY (image, box)) WITHOUT ROWID;
    """,
)

VERSION = len(MIGRATIONS)


def connect(path: str, write: bool) -> sqlite3.Connection:
    """Open the database; a reader cannot change it."""
    mode = "rwc" if write else "ro"
    still = "&immutable=1" if not write and _still(path) else ""
    uri = f"file:{_quoted(path)}?mode={mode}{still}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


def _still(path: str) -> bool:
    """Tell whether nothing changes the database: readers too need to write beside it otherwise."""
    own = os.access in os.supports_effective_ids
    beside = os.access(os.path.dirname(path) or ".", os.W_OK, effective_ids=own)
    return not beside and not os.path.exists(f"{path}-wal")


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to this program's version, all or nothing."""
    version = check_version(connection)
    for number in range(version, VERSION):
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;"
        )


def check_version(connection: sqlite3.Connection) -> int:
    """Return the version of the database; raise `UserError` for a newer one."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise UserError(
            "this project was written by a newer version of segstudio",
            "update the program; nothing was changed",
        )
    return version
