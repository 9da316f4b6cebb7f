import threading

import pytest
from PySide6.QtCore import QSize

from segstudio.gui.panels import thumbnails as module
from segstudio.gui.panels.thumbnails import Thumbnails

SIZE = QSize(56, 40)


@pytest.fixture
def reads(monkeypatch):
    """Which pictures were read, in order; the first read waits until the gate opens."""

    class Reads(list):
        gate = threading.Event()

    reads = Reads()
    real = module.read

    def listen(project, image, path, size, ratio):
        reads.append(image.id)
        if len(reads) == 1:
            reads.gate.wait(20)
        return real(project, image, path, size, ratio)

    reads.gate.clear()
    monkeypatch.setattr(module, "read", listen)
    yield reads
    reads.gate.set()


def wait_for(qtbot, thumbnails, ids):
    qtbot.waitUntil(
        lambda: all(thumbnails.get(id, "list") is not None for id in ids), timeout=20_000
    )


def test_what_was_asked_for_last_comes_first(qtbot, session, readers, reads):
    thumbnails = Thumbnails(session, readers, SIZE)
    for id in (1, 2, 3):
        thumbnails.get(id)
    reads.gate.set()
    wait_for(qtbot, thumbnails, (1, 2, 3))
    assert reads == [1, 3, 2]


def test_a_reader_never_lets_go_of_them_last(session, readers):
    """What Qt knows must not be deleted in the thread of a reader."""
    assert Thumbnails(session, readers, SIZE).parent() is session
    assert Thumbnails(session, readers, SIZE, parent=session.view).parent() is session.view


def test_what_a_list_has_scrolled_past_is_not_read(qtbot, session, readers, reads):
    thumbnails = Thumbnails(session, readers, SIZE)
    for id in (1, 2, 3):
        thumbnails.get(id, "list")
    thumbnails.in_sight("list", {3})
    reads.gate.set()
    wait_for(qtbot, thumbnails, (1, 3))
    assert reads == [1, 3]


def test_one_list_does_not_give_up_what_another_waits_for(qtbot, session, readers, reads):
    thumbnails = Thumbnails(session, readers, SIZE)
    thumbnails.get(1, "list")
    thumbnails.get(2)
    thumbnails.in_sight("list", set())
    reads.gate.set()
    wait_for(qtbot, thumbnails, (2,))
    assert reads == [1, 2]


def test_memory_stays_within_its_budget(qtbot, session, readers, monkeypatch):
    one = 56 * 40 * 4
    monkeypatch.setattr(module, "KEPT", 2 * one)
    thumbnails = Thumbnails(session, readers, SIZE)
    for id in (1, 2, 3):
        with qtbot.waitSignal(thumbnails.arrived):
            thumbnails.get(id)
    assert thumbnails.nbytes == 2 * one
    assert thumbnails.get(1) is None  # the one that was not looked at for longest
    thumbnails.clear()
    assert thumbnails.nbytes == 0


def test_who_is_gone_takes_no_memory(qtbot, session, readers):
    thumbnails = Thumbnails(session, readers, SIZE)
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.get(3)
    assert thumbnails.nbytes
    session.undo()
    qtbot.waitUntil(lambda: not session.turning and not session.unsaved)
    assert thumbnails.nbytes == 0


def test_a_raster_without_overviews_has_none_until_it_is_told_of_them(
    qtbot, session, readers, monkeypatch
):
    made = module.thumbnail
    monkeypatch.setattr(module, "thumbnail", lambda path, reduced: None)
    thumbnails = Thumbnails(session, readers, SIZE)
    with qtbot.waitSignal(thumbnails.arrived, timeout=20_000):
        assert thumbnails.get(1) is None
    assert thumbnails.get(1) is None
    assert not thumbnails.unreadable(1)
    assert not thumbnails._under_way  # it is not read again and again
    monkeypatch.setattr(module, "thumbnail", made)
    thumbnails.again(1)
    wait_for(qtbot, thumbnails, (1,))
    thumbnails.again(1)
    assert thumbnails.get(1) is not None
