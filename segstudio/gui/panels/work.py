"""The tabs at the right, in the order of the work."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabWidget

from segstudio.gui.panels.deliver import DeliverPanel
from segstudio.gui.panels.learn import LearnPanel
from segstudio.gui.panels.propose import ProposePanel
from segstudio.gui.panels.queue import QueuePanel
from segstudio.gui.widgets.scrolled import scrolled

if TYPE_CHECKING:
    from segstudio.gui.main_window import MainWindow


class WorkTabs(QTabWidget):
    """Propose, Learn, Queue, Deliver."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self.setObjectName("work_tabs")
        self.setAccessibleName("Work")
        self.setDocumentMode(True)
        session = window.session
        self.propose = ProposePanel(session, window.proposing)
        self.learn = LearnPanel(session, window.training, window.models)
        self.queue = QueuePanel(session, window.queueing, window.images.thumbnails)
        self.deliver = DeliverPanel(
            session, window.delivering, window.predicting, window.models,
            window.images.model.states,
        )  # fmt: skip
        for title, panel in (
            ("Propose", self.propose),
            ("Learn", self.learn),
            ("Queue", self.queue),
            ("Deliver", self.deliver),
        ):
            self.addTab(scrolled(panel), title)
        self.tabBar().setObjectName("work_tab_bar")
        window.training.changed.connect(
            lambda: self.show_panel("Learn") if window.training.running else None
        )

    def show_panel(self, title: str) -> None:
        """Turn to a tab by its title."""
        for place in range(self.count()):
            if self.tabText(place) == title:
                self.setCurrentIndex(place)
