import io

import pytest

from segstudio.cli import progress as module
from segstudio.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def test_a_terminal_gets_a_bar_with_rate_and_time_left(clock):
    stream = Terminal()
    progress = Progress(stream)
    progress.report(0, 40, "Segmenting")
    clock.now += 5
    progress.report(10, 40, "Segmenting")
    assert stream.getvalue().startswith("\rSegmenting: ██████░")
    assert "10/40, 2/s, 15 s left" in stream.getvalue()
    progress.finish()
    assert stream.getvalue().endswith("\r")


def test_elsewhere_a_line_comes_now_and_then(clock):
    stream = io.StringIO()
    progress = Progress(stream)
    for done in range(100):
        progress.report(done, 100, "Adding")
        clock.now += 1
    lines = stream.getvalue().splitlines()
    assert 5 < len(lines) <= 10
    assert all("\r" not in line for line in lines)


def test_quick_work_says_nothing(clock):
    stream = io.StringIO()
    progress = Progress(stream)
    for done in range(5):
        progress.report(done, 5, "Adding")
    progress.finish()
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(5, "5 s"), (65, "1 min 5 s"), (3 * 3600 + 61, "3 h 1 min")]
)
def test_durations_are_said_in_words(seconds, text):
    assert module._duration(seconds) == text
