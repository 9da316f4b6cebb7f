"""What stands in the middle of the window: where one begins, the picture, or the runs."""

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from segstudio.gui.panels.runs import RunsPanel
from segstudio.gui.stage import Stage
from segstudio.gui.start_page import StartPage


class Pages(QStackedWidget):
    """One page at a time; that of the runs is made when it is first asked for."""

    turned = Signal()
    """To the runs, or back from them."""

    def __init__(self, stage: Stage, make_runs: Callable[[], RunsPanel]) -> None:
        super().__init__()
        self._stage, self._make_runs = stage, make_runs
        self.start = StartPage()
        self.addWidget(self.start)
        self.addWidget(stage)

    @cached_property
    def runs(self) -> RunsPanel:
        """The page of runs."""
        made = self._make_runs()
        made.closed.connect(lambda: self.show_runs(False))
        self.addWidget(made)
        return made

    @property
    def runs_shown(self) -> bool:
        """Whether the page of runs is to be seen."""
        return self.currentWidget() not in (self.start, self._stage)

    def show_runs(self, shown: bool) -> None:
        """Turn to the page of runs, or back to the picture."""
        if shown or self.runs_shown:
            self.setCurrentWidget(self.runs if shown else self._stage)
            self.turned.emit()

    def show_project(self, there: bool) -> None:
        """Turn to the picture, or where there is no project to the beginning; runs stay."""
        if not there:
            self.setCurrentWidget(self.start)
        elif not self.runs_shown:
            self.setCurrentWidget(self._stage)
