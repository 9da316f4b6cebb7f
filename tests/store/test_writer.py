import sqlite3
import threading

import pytest

from segstudio.domain.tiles import Layer
from segstudio.errors import UserError
from segstudio.store.project import Project

ROOMY = 1 << 30


def pages(project):
    return project.change(lambda c: c.execute("PRAGMA page_count").fetchone()[0]).result()


def allow(project, count):
    """Let the database grow to so many pages: the disk, as SQLite sees it."""
    with project.writer._swap:
        project.writer._connection.execute(f"PRAGMA max_page_count = {count}")


@pytest.fixture
def full(project):
    """A project whose disk is full; the second item is set when that was noticed."""
    stalled = threading.Event()
    project.writer.patience = 600
    project.writer.on_stall = lambda error: stalled.set()
    allow(project, pages(project))
    yield project, stalled
    if project.writable:
        allow(project, ROOMY)
        project.writer.retry()


def big(connection):
    connection.execute("INSERT INTO facts VALUES ('big', ?)", ("x" * 200_000,))
    return "done"


def small(name):
    def work(connection):
        connection.execute("INSERT INTO facts VALUES (?, 'small')", (name,))
        return name

    return work


def test_changes_are_done_in_order(project):
    futures = [project.change(small(str(n))) for n in range(20)]
    assert [f.result() for f in futures] == [str(n) for n in range(20)]
    assert [project.fact(str(n)) for n in range(20)] == ["small"] * 20


def test_settling_waits_for_all_that_was_submitted(project):
    futures = [project.change(small(str(n))) for n in range(20)]
    project.writer.settle()
    assert all(f.done() for f in futures)


def test_who_asks_for_a_change_after_closing_does_not_wait_for_ever(project):
    writer = project.writer
    project.close()
    with pytest.raises(RuntimeError, match="closed"):
        writer.submit(small("late")).result(timeout=5)


def test_a_change_that_fails_leaves_nothing_and_the_next_goes_on(project, caplog):
    def half(connection):
        connection.execute("INSERT INTO facts VALUES ('half', 'made')")
        raise ValueError("no")

    def twice(connection):
        connection.execute("INSERT INTO facts VALUES ('once', '1')")
        connection.execute("INSERT INTO facts VALUES ('once', '2')")

    failures = [project.change(half), project.change(twice)]
    after = project.change(small("after"))
    with pytest.raises(ValueError, match="no"):
        failures[0].result()
    with pytest.raises(sqlite3.IntegrityError):
        failures[1].result()
    assert after.result() == "after"
    assert (project.fact("half"), project.fact("once")) == ("", "")
    assert project.writer.stalled is None
    assert "could not be saved" in caplog.text


def test_a_full_disk_makes_changes_wait_and_loses_none(full, stroke):
    project, stalled = full
    edit = stroke(project, 1, (30, 30), (300, 200))
    waiting = project.change(big)
    behind = [project.commit(50, edit), project.change(small("behind"))]
    assert stalled.wait(10)
    assert "full" in str(project.writer.stalled)
    assert not any(f.done() for f in [waiting, *behind])
    assert project.fact("big") == project.fact("behind") == ""
    project.writer.retry()
    assert not waiting.done()

    allow(project, ROOMY)
    project.writer.retry()
    assert waiting.result(10) == "done"
    assert behind[0].result(10).id == 50
    assert behind[1].result(10) == "behind"
    assert project.writer.stalled is None
    painted = [c.after.array == 1 for c in edit.tiles if c.layer == Layer.MASK]
    assert project.shares(1)[1] == sum(int(p.sum()) for p in painted) > 0


def test_a_stall_is_told_once(full):
    project, stalled = full
    told = []
    project.writer.on_stall = lambda error: (told.append(error), stalled.set())
    project.writer.patience = 0.01
    project.change(big)
    assert stalled.wait(10)
    stalled.clear()
    assert not stalled.wait(0.3)
    assert len(told) == 1


def test_a_stalled_project_goes_on_in_another_folder(full, stroke, tmp_path):
    project, stalled = full
    edit = stroke(project, 1, (30, 30), (300, 200))
    old = project.root
    waiting = [project.change(big), project.commit(50, edit)]
    assert stalled.wait(10)
    project.save_copy(tmp_path / "elsewhere")
    assert waiting[0].result(10) == "done"
    assert waiting[1].result(10).id == 50
    assert len(project.fact("big")) == 200_000
    assert project.shares(1)[1] > 0
    project.close()
    for root, size in ((old, 0), (tmp_path / "elsewhere.segstudio", 200_000)):
        again = Project.open(root)
        assert len(again.fact("big")) == size
        again.close()


def test_closing_gives_up_what_the_disk_refuses_when_told_to(full):
    project, stalled = full
    refused = project.change(big)
    fits = project.change(small("fits"))
    assert stalled.wait(10)
    project.close(wait=False)
    with pytest.raises(UserError, match="not saved"):
        refused.result(10)
    assert fits.result(10) == "fits"
    again = Project.open(project.root)
    assert again.fact("fits") == "small"
    assert again.fact("big") == ""
    again.close()


def test_closing_finishes_what_is_queued(project, stroke):
    edits = [stroke(project, 1, (x, 30), (x, 200), 30, 1) for x in range(0, 500, 50)]
    futures = [project.commit(10 + n, edit) for n, edit in enumerate(edits)]
    project.close()
    assert all(f.done() and f.exception() is None for f in futures)
    again = Project.open(project.root)
    assert [e.id for e in again.history()[0]][1:] == list(range(10, 20))
    again.close()
