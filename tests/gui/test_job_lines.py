"""What the list of jobs says of each."""

import threading

from segstudio.gui.job_lines import job_lines


def held(jobs, title, lane="work", text=""):
    """Start a job that goes on until it is cancelled."""

    def work(job):
        while True:
            job.report(1, 4, text or title)
            threading.Event().wait(0.02)

    return jobs.start(title, work, lane)


def test_one_runs_and_those_behind_it_wait(qtbot, jobs):
    first = held(jobs, "Training fast_scnn", "train", "Training")
    held(jobs, "Training enet", "train")
    held(jobs, "Reading", "quick")
    qtbot.waitUntil(lambda: first.done == 1)
    lines = job_lines(jobs.jobs)
    assert [(line.text, line.state) for line in lines] == [
        ("Training fast_scnn", "running"),
        ("Training enet", "waiting"),
    ]
    assert [line.done for line in lines] == [0.25, None]
    assert [line.note for line in lines] == ["", ""]
    jobs.cancel_all()
    qtbot.waitUntil(lambda: not jobs.jobs)


def test_what_a_job_does_now_stands_below_its_title(qtbot, jobs):
    job = held(jobs, "Training fast_scnn", "train", "Reading the labels")
    qtbot.waitUntil(lambda: job.done == 1)
    assert job_lines(jobs.jobs)[0].note == "Reading the labels"
    jobs.cancel_all()
    qtbot.waitUntil(lambda: not jobs.jobs)


def test_who_knows_better_says_how_long_it_takes(qtbot, jobs):
    job = held(jobs, "Training fast_scnn", "train")
    job.estimate = lambda: 77.0
    assert job_lines(jobs.jobs)[0].seconds_left == 77.0
    job.estimate = lambda: None  # such as while it is held up
    job.started_at -= 100
    qtbot.waitUntil(lambda: job.done == 1)
    assert job_lines(jobs.jobs)[0].seconds_left is None
    jobs.cancel_all()
    qtbot.waitUntil(lambda: not jobs.jobs)
