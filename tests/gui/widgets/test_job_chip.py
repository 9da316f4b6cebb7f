import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar, QToolButton

from segstudio.gui.widgets.job_chip import JobChip, JobLine, in_words, pie, time_left

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def chip(qtbot):
    chip = JobChip("jobs")
    qtbot.addWidget(chip)
    return chip


def test_hidden_without_jobs(chip):
    chip.set_jobs([JobLine("1", "training", 0.1)])
    assert chip.isVisible()
    chip.set_jobs([])
    assert chip.isHidden()


def test_tells_the_running_job_and_how_many_more(chip):
    chip.set_jobs(
        [JobLine("1", "export", state="waiting"), JobLine("2", "training", 0.42, seconds_left=185)]
    )
    assert chip.button.text().strip() == "training 42 % · 3 min left  +1"
    assert chip.button.accessibleName() == "training 42 % · 3 min left"


def test_the_cross_cancels_the_job_that_is_shown(chip, qtbot):
    chip.set_jobs([JobLine("a", "export", state="waiting"), JobLine("b", "training", 0.42)])
    with qtbot.waitSignal(chip.cancel_requested) as heard:
        QTest.mouseClick(chip.cancel, Qt.MouseButton.LeftButton)
    assert heard.args == ["b"]


def test_the_list_shows_and_cancels_each_job(chip, qtbot):
    chip.set_jobs([JobLine("a", "training", 0.5), JobLine("b", "predicting", state="waiting")])
    chip.open_list()
    bar = chip.popup.findChild(QProgressBar)
    assert bar.value() / bar.maximum() == 0.5
    with qtbot.waitSignal(chip.cancel_requested) as heard:
        cross = chip.popup.findChild(QToolButton, "jobs_cancel_b")
        QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert heard.args == ["b"]
    chip.set_jobs([JobLine("a", "training", 0.75)])
    assert bar.value() / bar.maximum() == 0.75
    assert list(chip.popup._rows) == ["a"]
    chip.popup.close()


def test_a_finished_job_cannot_be_cancelled(chip):
    chip.set_jobs([JobLine("a", "export", 1.0, state="failed", note="the disk is full")])
    assert chip.cancel.isHidden()
    assert chip.button.text().strip() == "export failed"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (1, "1 s left"),
        (42, "40 s left"),
        (185, "3 min left"),
        (4800, "1 h 20 min left"),
    ],
)
def test_time_left_in_words(seconds, words):
    assert time_left(seconds) == words


def test_a_job_of_unknown_length_tells_no_figure():
    assert in_words(JobLine("a", "loading")) == "loading"


def test_the_pie_grows(qapp):
    filled = []
    for done in (0.0, 0.4, 0.9):
        image = pie(JobLine("a", "training", done), 2.0).toImage()
        filled.append(
            sum(image.pixelColor(x, y).alpha() > 200 for x in range(32) for y in range(32))
        )
    assert filled == sorted(set(filled))
