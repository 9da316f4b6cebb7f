"""The section on what a method learns from, and what it makes of it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.importance import ImportanceBars
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.named_rows import NamedRows

MOST = 8
"""Features whose importance is shown: those that count most."""


class ClassifierSection(QWidget):
    """From which pictures to learn; of a pixel classifier also what counts, and saving it.

    Hidden where a method goes by the strokes on each picture alone, or learns nothing.
    """

    def __init__(
        self, session: Session, proposing: Proposing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("classifier_section")
        self._session, self._proposing = session, proposing
        self.sources = combo("learn_from", "Learn from", "From which pictures the method learns", 4)
        for together in (False, True):
            self.sources.addItem("", together)
        self.header = SectionHeader("What counts", "importance")
        self.header.setToolTip("How much each feature of the pixels tells the classes apart")
        self.bars = ImportanceBars()
        self.save = button(
            "Save as model", "classifier_save",
            tip="Keep what was learned as a model: for other pictures and the command line",
        )  # fmt: skip
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP)
        row = NamedRows()
        row.add("Learn from", self.sources)
        layout.addLayout(row)
        layout.addWidget(self.header)
        layout.addWidget(self.bars)
        layout.addWidget(self.save)

    def _connect(self) -> None:
        proposing = self._proposing
        self.sources.activated.connect(
            lambda place: proposing.set_together(self.sources.itemData(place))
        )
        self.save.clicked.connect(lambda: proposing.save_model())
        for signal in (proposing.plan_changed, proposing.settings_changed, proposing.previewed):
            signal.connect(self._show)

    def _show(self) -> None:
        plan, regions = self._proposing.plan, self._proposing.regions
        seeds = type(plan.settings).seeds
        self.setVisible(seeds != "picture" and type(plan.settings).learns)
        every = "All labelled pictures" if seeds == "project" else "All pictures"
        for place, text in enumerate(("This picture", every)):
            self.sources.setItemText(place, text)
        self.sources.setCurrentIndex(int(plan.together))
        importance = regions.importance[:MOST] if regions is not None else ()
        self.bars.set_rows(importance)
        for part in (self.header, self.bars):
            part.setVisible(bool(importance))
        project = self._session.project
        self.save.setVisible(seeds == "project")
        self.save.setEnabled(regions is not None and bool(project and project.writable))
