"""The chip follows the jobs, and cancels them."""

import threading

import pytest

from segstudio.gui.jobs_chip import JobsChip


@pytest.fixture
def chip(qtbot, jobs):
    made = JobsChip(jobs)
    qtbot.addWidget(made)
    return made


def test_a_job_is_listed_while_it_goes_on_and_can_be_cancelled(qtbot, jobs, chip):
    begun, cancelled = threading.Event(), threading.Event()

    def work(job):
        begun.set()
        while True:
            try:
                job.report(1, 4, "Counting")
            except BaseException:
                cancelled.set()
                raise
            threading.Event().wait(0.01)

    job = jobs.start("Counting sheep", work)
    assert begun.wait(5)
    qtbot.waitUntil(lambda: bool(chip._lines) and chip._lines[0].done == 0.25)
    (line,) = chip._lines
    assert line.text == "Counting sheep"
    with qtbot.waitSignal(job.finished):
        chip.cancel_requested.emit(line.key)
    assert cancelled.is_set()
    qtbot.waitUntil(lambda: not chip._lines)
    assert not chip._look_again.isActive()


def test_quick_work_is_not_listed(qtbot, jobs, chip):
    job = jobs.start("Preview", lambda job: None, "preview")
    with qtbot.waitSignal(job.finished):
        assert chip._lines == ()
