"""Which page stands in the middle of the window."""

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from segstudio.gui.pages import Pages


class Runs(QWidget):
    closed = Signal()


@pytest.fixture
def made():
    return []


@pytest.fixture
def stage():
    return QWidget()


@pytest.fixture
def pages(qtbot, stage, made):
    pages = Pages(stage, lambda: made.append(Runs()) or made[-1])
    qtbot.addWidget(pages)
    return pages


def test_one_begins_at_the_start_and_comes_to_the_picture(pages, stage):
    assert pages.currentWidget() is pages.start
    pages.show_project(True)
    assert pages.currentWidget() is stage
    pages.show_project(False)
    assert pages.currentWidget() is pages.start


def test_runs_are_made_once_and_say_that_the_page_is_turned(qtbot, pages, stage, made):
    pages.show_project(True)
    pages.show_runs(False)
    assert made == []
    for _ in range(2):
        with qtbot.waitSignal(pages.turned):
            pages.show_runs(True)
        assert pages.runs_shown
        pages.show_project(True)  # something has changed in the project
        assert pages.currentWidget() is made[0]
        with qtbot.waitSignal(pages.turned):
            pages.runs.closed.emit()
        assert pages.currentWidget() is stage
    assert len(made) == 1


def test_without_a_project_there_are_no_runs(pages):
    pages.show_project(True)
    pages.show_runs(True)
    pages.show_project(False)
    assert not pages.runs_shown
