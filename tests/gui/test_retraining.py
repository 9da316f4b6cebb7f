"""Trainings that begin by themselves."""

import pytest
from PySide6.QtCore import QObject, Signal

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, Split, State
from segstudio.gui.retraining import FULL, PAUSE, Retraining

CORNER = QueueItem(1, 0.9, "margin", Box(0, 0, 128, 128))
WHOLE = QueueItem(2, 0.9, "margin")


class Trainings(QObject):
    """Stands for `Training`: it begins when asked, and ends when told."""

    changed = Signal()
    began = Signal()

    def __init__(self):
        super().__init__()
        self.running, self.asked, self.fits = False, [], True

    def start_by_itself(self, full=False):
        self.asked.append(full)
        if not self.fits:  # as `Training` does, which has said why
            self.changed.emit()
            return None
        self.running = True
        self.began.emit()
        self.changed.emit()
        return self

    def end(self):
        self.running = False
        self.changed.emit()


class Queue(QObject):
    settled = Signal(object, bool)


@pytest.fixture
def training():
    return Trainings()


@pytest.fixture
def queue():
    return Queue()


@pytest.fixture
def retraining(session, training, queue, wait_idle):
    made = Retraining(session, training, queue)
    made._reload()
    wait_idle()
    return made


def review(session, *ids, done=True):
    state = State.REVIEWED if done else State.IN_WORK
    session.set_image(list(ids), "Review", state=state)


def test_it_begins_after_so_many_reviewed_pictures(session, retraining, training, wait_saved):
    retraining.when = "2"
    review(session, 1)
    assert (retraining.fresh, retraining.needed, training.asked) == (1, 2, [])
    review(session, 2)
    assert training.asked == [False]
    assert retraining.fresh == 0
    wait_saved()


def test_a_picture_that_is_not_reviewed_after_all_does_not_count(
    session, retraining, training, wait_saved
):
    retraining.when = "2"
    review(session, 1)
    review(session, 1, done=False)
    review(session, 2)
    assert (retraining.fresh, training.asked) == (1, [])
    wait_saved()


def test_settings_that_do_not_fit_are_said_once(retraining, training, queue):
    training.fits, retraining.when = False, "1"
    queue.settled.emit(CORNER, True)
    assert training.asked == [False]
    training.changed.emit()  # as with each change of a setting
    assert training.asked == [False]
    queue.settled.emit(QueueItem(2, 0.5, "margin", Box(0, 0, 50, 50)), True)
    assert training.asked == [False, False]
    training.fits = True
    retraining.choose("off")
    retraining.when = "1"
    training.changed.emit()
    assert len(training.asked) == 3
    assert retraining.fresh == 0


def test_regions_of_the_queue_count_when_they_are_labelled(retraining, training, queue):
    retraining.when = "2"
    queue.settled.emit(CORNER, True)
    queue.settled.emit(CORNER, False)
    queue.settled.emit(WHOLE, True)  # a whole picture counts when it is reviewed
    assert retraining.fresh == 0
    queue.settled.emit(CORNER, True)
    queue.settled.emit(QueueItem(2, 0.5, "margin", Box(0, 0, 50, 50)), True)
    assert training.asked == [False]


def test_a_reviewed_picture_counts_once_whatever_the_queue_asked_of_it(
    session, retraining, training, queue, wait_saved
):
    retraining.when = "3"
    review(session, 1)
    queue.settled.emit(CORNER, True)
    queue.settled.emit(QueueItem(1, 0.5, "margin", Box(0, 0, 50, 50)), True)
    assert (retraining.fresh, training.asked) == (1, [])
    wait_saved()


def test_what_is_labelled_while_one_learns_begins_the_next_when_it_ends(
    session, retraining, training, wait_saved
):
    retraining.when = "1"
    review(session, 1)
    review(session, 2)
    assert training.asked == [False]
    assert retraining.fresh == 1
    training.end()
    assert training.asked == [False, False]
    training.end()
    assert len(training.asked) == 2  # nothing new
    wait_saved()


def test_every_so_often_one_begins_with_fresh_weights(session, retraining, training, wait_saved):
    retraining.when = "1"
    for _ in range(FULL):
        review(session, 1)
        training.end()
        review(session, 1, done=False)
    assert training.asked == [False] * (FULL - 1) + [True]
    wait_saved()


def test_a_pause_begins_one_where_something_is_new(session, retraining, training, wait_saved):
    retraining.choose(PAUSE)
    assert retraining._pause.isActive()
    retraining._pause.timeout.emit()
    assert training.asked == []
    review(session, 1)
    assert training.asked == []
    retraining._pause.timeout.emit()
    assert training.asked == [False]
    retraining.choose("off")
    assert not retraining._pause.isActive()
    wait_saved()


def test_off_counts_and_begins_nothing(session, retraining, training, wait_saved):
    review(session, 1, 2)
    assert (retraining.fresh, retraining.needed, training.asked) == (2, None, [])
    wait_saved()


def test_the_project_remembers_when_it_trains_by_itself(session, retraining, wait_idle):
    retraining.choose("10")
    session.project.writer.settle()
    retraining.when = "off"
    retraining._reload()
    wait_idle()
    assert retraining.when == "10"
    retraining._take("whenever")
    assert retraining.when == "off"


def test_what_was_labelled_since_the_last_training_counts_when_the_project_is_opened_again(
    session, retraining, training, wait_idle, open_image, stroke
):
    open_image(1)
    stroke((20, 64), (108, 64))
    review(session, 1, 2)  # nothing is labelled in the second
    session.project.writer.settle()
    retraining._fresh.clear()
    retraining._reload()
    wait_idle()
    assert retraining.fresh == 1
    assert training.asked == []
    session.close_image()


def test_pictures_to_measure_on_do_not_count(session, retraining, training, wait_saved):
    retraining.when = "1"
    session.set_image([1], "Use", split=Split.VAL)
    review(session, 1)
    assert (retraining.fresh, training.asked) == (0, [])
    wait_saved()
