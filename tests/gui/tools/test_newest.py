"""One at a time, and next the newest."""

import threading

from segstudio.gui.tools.newest import Newest

WAIT = 20_000


def test_what_runs_is_finished_and_what_was_asked_for_last_comes_next(context, qtbot, session):
    heard, gate = [], threading.Event()
    newest = Newest(context, "Work", heard.append)

    def slow(job):
        gate.wait(10)
        return 0

    newest.ask(slow)
    for number in (1, 2, 3):
        newest.ask(lambda job, n=number: n)
    assert newest.busy
    gate.set()
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=WAIT)
    assert heard == [0, 3]
    assert not newest.busy


def test_nothing_is_heard_of_what_is_forgotten(context, qtbot, session):
    heard = []
    newest = Newest(context, "Work", heard.append)
    newest.ask(lambda job: 1)
    newest.ask(lambda job: 2)
    newest.forget()
    newest.ask(lambda job: 3)
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=WAIT)
    assert heard == [3]
