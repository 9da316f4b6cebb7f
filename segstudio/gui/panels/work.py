"""The tabs at the right, in the order of the work."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.panels.augmentation import AugmentationPanel
from segstudio.gui.panels.clean import CleanPanel
from segstudio.gui.panels.deliver import DeliverPanel
from segstudio.gui.panels.learn import LearnPanel
from segstudio.gui.panels.pipelines import PipelineSection
from segstudio.gui.panels.progress import ProgressSection
from segstudio.gui.panels.propose import ProposePanel
from segstudio.gui.panels.queue import QueuePanel
from segstudio.gui.panels.retrain import RetrainSection
from segstudio.gui.picking import ColourPicking
from segstudio.gui.training import Training
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
        self.pipelines = PipelineSection(session, window.proposing, window.pipelining)
        self.clean = CleanPanel(session, window.cleaning)
        self.learn = LearnPanel(session, window.training, window.models, window.tracking)
        self.augmentation = AugmentationPanel(session, window.augmenting)
        self.queue = QueuePanel(session, window.queueing, window.doubting, window.images.thumbnails)
        self.progress = ProgressSection(session, window.progressing)
        self.retrain = RetrainSection(session, window.retraining)
        self.deliver = DeliverPanel(
            session, window.delivering, window.predicting, window.models,
            window.images.model.states,
        )  # fmt: skip
        for title, panel in (
            ("Propose", _below("propose_tab", self.propose, self.pipelines, self.clean)),
            ("Learn", _below("learn_tab", self.learn, self.augmentation)),
            ("Queue", _below("queue_tab", self.queue, self.retrain, self.progress)),
            ("Deliver", self.deliver),
        ):
            self.addTab(scrolled(panel), title)
        self.tabBar().setObjectName("work_tab_bar")
        picking = ColourPicking(window.canvas, window.stage.loader, window.readers)
        self.propose.settings.pick_colours(picking)
        self.propose.compare_asked.connect(lambda: window.trigger("compare_methods"))
        window.training.changed.connect(lambda: self._show_learning(window.training))

    def _show_learning(self, training: Training) -> None:
        """Turn to what learns, unless it began by itself while the person does something else."""
        if training.running and not training.by_itself:
            self.show_panel("Learn")

    def show_clean_up(self) -> None:
        """Bring the section that cleans up into sight."""
        self.show_panel("Propose")
        area = self.currentWidget()
        assert isinstance(area, QScrollArea)
        area.ensureWidgetVisible(self.clean.apply, 0, theme.EDGE)
        self.clean.steps.setFocus()

    def show_panel(self, title: str) -> None:
        """Turn to a tab by its title."""
        for place in range(self.count()):
            if self.tabText(place) == title:
                self.setCurrentIndex(place)


def _below(name: str, *panels: QWidget) -> QWidget:
    """Return panels as one, each below the other."""
    made = QWidget()
    made.setObjectName(name)
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for panel in panels:
        grows = panel.sizePolicy().verticalPolicy() == QSizePolicy.Policy.Expanding
        column.addWidget(panel, int(grows))
    column.addStretch()  # takes what is left where none grows
    return made
