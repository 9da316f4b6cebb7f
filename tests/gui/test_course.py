"""How far a training is, and how long it will still take."""

import pytest

from segstudio.gui import course as module
from segstudio.gui.course import Course
from segstudio.workflows.choice import choose


class Gate:
    def __init__(self):
        self.paused = False

    def go_on(self):
        self.paused = False


@pytest.fixture
def course(monkeypatch):
    clock = iter(range(0, 1000, 2))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))
    return Course(choose("quick", None, {"steps": 10}))


def step(course, number):
    course.take({"step": number, "loss": 1.0, "learning_rate": 0.1, "seconds": float(number)})


def test_the_time_that_is_left_is_known_after_three_steps(course):
    for number in (1, 2):
        step(course, number)
    assert course.seconds_left is None
    step(course, 3)
    assert course.seconds_left == 14.0  # seven steps of two seconds
    assert course.curves.steps == [1, 2, 3]


def test_a_pause_says_nothing_of_how_long_steps_take(course):
    course.gate = Gate()
    for number in (1, 2, 3):
        step(course, number)
    course.gate.paused = True
    assert course.seconds_left is None
    course.go_on()
    assert course.seconds_left is None
    assert not course.paused


def test_the_newest_samples_are_kept(course):
    course.take({"step": 1, "seconds": 1.0, "samples": ["a"]})
    course.take({"step": 2, "seconds": 2.0, "samples": ["b", "c"]})
    assert course.samples == ["b", "c"]
