"""Which of many previews that are asked for is worked out, and which are seen."""

import threading

import pytest

from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.gui.previewing import Previewing, Wish
from segstudio.methods.segmenter import segmenters
from segstudio.workflows.preview import Lesson, Sight


class Previewer:
    """Yields two pieces, each when it is let; or fails."""

    def __init__(self, name, error=None):
        self.name, self.error = name, error
        self.gates = [threading.Event(), threading.Event()]

    def let(self, *places):
        for place in places or (0, 1):
            self.gates[place].set()
        return self

    def pieces(self, lesson, sight, task):
        for place, gate in enumerate(self.gates):
            while not gate.wait(0.01):
                task.report(0, 1, "")
            if self.error:
                raise self.error
            yield f"{self.name}{place}"

    @property
    def wish(self):
        return Wish(self, Lesson(segmenters["otsu"]()), Sight(Box(0, 0, 1, 1)))


@pytest.fixture
def seen():
    return []


@pytest.fixture
def previewing(jobs, seen):
    made = Previewing(jobs, jobs)
    made.pieced.connect(lambda wish, piece: seen.append(piece))
    made.refused.connect(lambda wish, error: seen.append(error.message))
    return made


def settle(qtbot, previewing):
    qtbot.waitUntil(lambda: not previewing.busy)


def test_pieces_come_in_their_order(qtbot, previewing, seen):
    previewing.ask(Previewer("a").let().wish)
    settle(qtbot, previewing)
    assert seen == ["a0", "a1"]


def test_one_goes_on_until_it_has_shown_something_then_the_newest_follows(qtbot, previewing, seen):
    first, second, third = Previewer("a"), Previewer("b"), Previewer("c").let()
    for each in (first, second, third):
        previewing.ask(each.wish)
    first.let(0)
    settle(qtbot, previewing)
    assert seen == ["a0", "c0", "c1"]


def test_one_that_has_shown_something_gives_way_at_once(qtbot, previewing, seen):
    first = Previewer("a").let(0)
    previewing.ask(first.wish)
    qtbot.waitUntil(lambda: seen == ["a0"])
    previewing.ask(Previewer("b").let().wish)
    settle(qtbot, previewing)
    assert seen == ["a0", "b0", "b1"]


def test_only_the_newest_complains(qtbot, previewing, seen):
    bad = Previewer("a", UserError("too few"))
    previewing.ask(bad.wish)
    previewing.ask(Previewer("b", UserError("too many")).let().wish)
    bad.let()
    settle(qtbot, previewing)
    assert seen == ["too many"]


def test_nothing_comes_after_stopping(qtbot, previewing, seen):
    previewing.ask(Previewer("a").wish)
    previewing.ask(Previewer("b").let().wish)
    previewing.stop()
    settle(qtbot, previewing)
    assert seen == []
