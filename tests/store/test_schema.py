import json
import sqlite3

import pytest

from segstudio.errors import UserError
from segstudio.store import schema
from segstudio.store.project import Project

TABLES = {
    "facts", "classes", "images", "tiles", "edits", "edit_tiles", "staged", "shares",
    "stale", "thumbnails", "runs", "scores", "queue", "regions", "passed",
}  # fmt: skip


def tables(connection):
    return {
        row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
    }


def test_an_empty_database_is_brought_to_the_newest_version(tmp_path):
    connection = schema.connect(str(tmp_path / "project.db"), write=True)
    schema.migrate(connection)
    assert tables(connection) == TABLES
    assert schema.check_version(connection) == schema.VERSION
    schema.migrate(connection)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    connection.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path, monkeypatch):
    connection = schema.connect(str(tmp_path / "project.db"), write=True)
    schema.migrate(connection)
    monkeypatch.setattr(
        schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE more (a); CREATE TABLE more (a);")
    )
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        schema.migrate(connection)
    connection.close()
    connection = schema.connect(str(tmp_path / "project.db"), write=True)
    assert tables(connection) == TABLES
    assert schema.check_version(connection) == schema.VERSION - 1
    connection.close()


def test_a_project_of_a_newer_version_is_refused_unchanged(project):
    root = project.root
    project.close()
    connection = schema.connect(str(root / "project.db"), write=True)
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    for write in (True, False):
        with pytest.raises(UserError, match="newer version") as refusal:
            Project.open(root, write)
        assert "nothing was changed" in refusal.value.hint
    connection = schema.connect(str(root / "project.db"), write=True)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION + 1
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    connection.close()
    again = Project.open(root)
    assert len(again.classes()) == 3
    again.close()


def test_a_reader_cannot_write(project):
    reader = schema.connect(str(project.root / "project.db"), write=False)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM classes")
    reader.close()


@pytest.mark.parametrize("name", ["50% off", "what?", "a#b", "a b", "ü"])
def test_folders_may_have_any_name(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    path = str(folder / "project.db")
    connection = schema.connect(path, write=True)
    schema.migrate(connection)
    assert (folder / "project.db").is_file()
    reader = schema.connect(path, write=False)
    assert schema.check_version(reader) == schema.VERSION
    reader.close()
    connection.close()


def test_edits_of_the_first_version_keep_one_side_of_each_tile(tmp_path):
    path = str(tmp_path / "project.db")
    connection = schema.connect(path, write=True)
    connection.executescript(f"{schema.MIGRATIONS[0]} PRAGMA user_version = 1;")
    for id, undone in ((1, 0), (2, 1)):
        connection.execute("INSERT INTO edits VALUES (?, 'Brush', 1.5, ?, 99, '[]')", (id, undone))
        for image in (7, 5):
            connection.execute(
                "INSERT INTO edit_tiles VALUES (?, ?, 0, 0, 0, ?, ?)", (id, image, b"old", b"newer")
            )
    connection.execute("INSERT INTO edit_tiles VALUES (1, 7, 1, 0, 0, NULL, ?)", (b"x",))
    schema.migrate(connection)
    found = connection.execute("SELECT edit, image, layer, data FROM edit_tiles").fetchall()
    assert [tuple(row) for row in found] == [
        (1, 5, 0, b"old"), (1, 7, 0, b"old"), (1, 7, 1, None), (2, 5, 0, b"newer"),
        (2, 7, 0, b"newer"),
    ]  # fmt: skip
    heads = connection.execute("SELECT images, bytes, undone FROM edits ORDER BY id").fetchall()
    assert [sorted(json.loads(head["images"])) for head in heads] == [[5, 7], [5, 7]]
    assert [head["bytes"] for head in heads] == [2 + 3 * 64 + 6, 2 + 2 * 64 + 10]
    connection.execute("DELETE FROM edits WHERE id = 2")
    assert connection.execute("SELECT COUNT(*) FROM edit_tiles").fetchone()[0] == 3
    connection.close()
