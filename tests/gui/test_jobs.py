import threading
import time

import pytest

from segstudio.domain.task import Cancelled
from segstudio.errors import UserError

WAIT = 10_000


class Heard:
    """What a job has told, in order, and in which thread."""

    def __init__(self, job):
        self.told, self.threads = [], set()
        for name in ("succeeded", "failed", "cancelled", "finished"):
            getattr(job, name).connect(lambda *values, name=name: self.hear(name, *values))
        job.progressed.connect(lambda *values: self.hear("progressed", *values))
        job.noted.connect(lambda fact: self.hear("noted", fact))

    def hear(self, name, *values):
        self.threads.add(threading.current_thread())
        self.told.append((name, *values))

    def of(self, *names):
        return [entry for entry in self.told if entry[0] in names]

    @property
    def end(self):
        return self.of("succeeded", "failed", "cancelled", "finished")


def waited(qtbot, jobs):
    qtbot.waitUntil(lambda: not jobs.jobs, timeout=WAIT)


def test_a_result_arrives_in_the_main_thread(qtbot, jobs):
    where = []
    job = jobs.start("Counting", lambda job: where.append(threading.current_thread()) or 42)
    heard = Heard(job)
    waited(qtbot, jobs)
    assert heard.end == [("succeeded", 42), ("finished",)]
    assert heard.threads == {threading.main_thread()}
    assert where[0] is not threading.main_thread()
    assert where[0].name == "job-work"


def test_progress_and_notes_arrive_in_the_main_thread_before_the_end(qtbot, jobs):
    def work(job):
        for step in range(3):
            job.note(step)
            job.report(step, 3, f"step {step}")
            time.sleep(0.06)
        job.report(3, 3, "done")

    job = jobs.start("Stepping", work)
    heard = Heard(job)
    waited(qtbot, jobs)
    assert heard.of("noted") == [("noted", n) for n in range(3)]
    assert heard.of("progressed")[-1] == ("progressed", 3, 3, "done")
    assert heard.told[-1] == ("finished",)
    assert (job.done, job.total, job.text) == (3, 3, "done")
    assert heard.threads == {threading.main_thread()}


def test_reports_do_not_flood_the_main_thread(qtbot, jobs):
    def work(job):
        for step in range(5000):
            job.report(step, 5000, "busy")

    heard = Heard(jobs.start("Busy", work))
    waited(qtbot, jobs)
    assert len(heard.of("progressed")) < 100


@pytest.mark.parametrize(
    ("error", "logged"), [(UserError("no room", "make some"), False), (ValueError("bad"), True)]
)
def test_an_error_arrives_and_only_surprises_are_logged(qtbot, jobs, caplog, error, logged):
    def work(job):
        raise error

    heard = Heard(jobs.start("Failing", work))
    waited(qtbot, jobs)
    assert heard.end == [("failed", error), ("finished",)]
    assert ("Failing failed" in caplog.text) == logged


def test_cancelling_stops_work_that_reports(qtbot, jobs):
    reached = []

    def work(job):
        for step in range(10_000):
            job.report(step, 10_000, "long")
            reached.append(step)
            time.sleep(0.002)

    job = jobs.start("Long", work)
    heard = Heard(job)
    qtbot.waitUntil(lambda: len(reached) > 3, timeout=WAIT)
    start = time.monotonic()
    job.cancel()
    job.cancel()
    waited(qtbot, jobs)
    assert time.monotonic() - start < 0.5
    assert heard.end == [("cancelled",), ("finished",)]
    assert len(reached) < 5000


def test_control_is_back_within_a_second_even_from_work_that_does_not_listen(qtbot, jobs):
    go, ended = threading.Event(), threading.Event()

    def deaf(job):
        go.wait(10)
        ended.set()
        return "late"

    job = jobs.start("Deaf", deaf)
    heard = Heard(job)
    qtbot.wait(20)
    start = time.monotonic()
    job.cancel()
    waited(qtbot, jobs)
    assert time.monotonic() - start < 1.0
    assert heard.end == [("cancelled",), ("finished",)]

    after = jobs.start("After", lambda job: "next")
    heard_after = Heard(after)
    waited(qtbot, jobs)
    assert heard_after.end == [("succeeded", "next"), ("finished",)]
    go.set()
    assert ended.wait(10)
    qtbot.wait(50)
    assert heard.end == [("cancelled",), ("finished",)]


def test_a_result_that_comes_after_cancel_is_thrown_away(qtbot, jobs):
    go = threading.Event()
    job = jobs.start("Nearly done", lambda job: go.wait(10) and "late")
    heard = Heard(job)
    job.cancel()
    go.set()
    waited(qtbot, jobs)
    assert heard.end == [("cancelled",), ("finished",)]


def test_a_cancelled_job_hears_no_notes(qtbot, jobs):
    go = threading.Event()

    def work(job):
        go.wait(10)
        job.note("late")

    job = jobs.start("Noting", work)
    heard = Heard(job)
    job.cancel()
    go.set()
    waited(qtbot, jobs)
    assert heard.of("noted") == []


def test_a_waiting_job_that_is_cancelled_never_works(qtbot, jobs):
    go, worked = threading.Event(), []
    first = Heard(jobs.start("First", lambda job: go.wait(10)))
    second = jobs.start("Second", worked.append)
    heard = Heard(second)
    second.cancel()
    go.set()
    waited(qtbot, jobs)
    assert first.end[0][0] == "succeeded"
    assert heard.end == [("cancelled",), ("finished",)]
    assert worked == []


def test_jobs_of_a_lane_run_one_after_another_lanes_side_by_side(qtbot, jobs):
    go, order = threading.Event(), []

    def held(job):
        order.append(job.title)
        go.wait(10)

    jobs.start("a1", held, "work")
    jobs.start("a2", lambda job: order.append("a2"), "work")
    jobs.start("b1", lambda job: order.append("b1"), "train")
    assert [job.title for job in jobs.jobs][-1] == "a2"
    qtbot.waitUntil(lambda: "b1" in order, timeout=WAIT)
    assert "a2" not in order
    go.set()
    waited(qtbot, jobs)
    assert sorted(order[:2]) == ["a1", "b1"]
    assert order[-1] == "a2"


def test_the_runner_tells_when_jobs_come_and_go(qtbot, jobs):
    told = []
    jobs.started.connect(lambda job: told.append(job.title))
    jobs.idle.connect(lambda: told.append("idle"))
    jobs.start("One", lambda job: None)
    jobs.start("Two", lambda job: None)
    waited(qtbot, jobs)
    assert told == ["One", "Two", "idle"]


def test_all_can_be_cancelled(qtbot, jobs):
    def work(job):
        while True:
            job.report(0, 1, "for ever")
            time.sleep(0.005)

    heard = [Heard(jobs.start(lane, work, lane)) for lane in ("train", "work", "work", "quick")]
    start = time.monotonic()
    jobs.cancel_all()
    waited(qtbot, jobs)
    assert time.monotonic() - start < 1.0
    assert all(h.end == [("cancelled",), ("finished",)] for h in heard)


def test_the_time_left_follows_the_rate(qtbot, jobs):
    go = threading.Event()
    job = jobs.start("Slow", lambda job: go.wait(10))
    assert job.seconds_left is None
    job.started_at = time.monotonic() - 10
    job.done, job.total = 20, 100
    assert job.seconds_left == pytest.approx(40, rel=0.05)
    go.set()
    waited(qtbot, jobs)


def test_work_that_raises_cancelled_itself_is_cancelled(qtbot, jobs):
    def work(job):
        raise Cancelled

    heard = Heard(jobs.start("Gives up", work))
    waited(qtbot, jobs)
    assert heard.end == [("cancelled",), ("finished",)]
