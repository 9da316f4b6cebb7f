"""When the project trains by itself."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.retraining import OFF, PAUSE, WHEN, Retraining
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.field import quietly

TIP = (
    "Train in the background from the weights in use, and all labels; the model gives way only "
    "if the new one is not clearly worse on the pictures held back"
)


class RetrainSection(QWidget):
    """A choice, and how far it is to the next training."""

    def __init__(
        self, session: Session, retraining: Retraining, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("retrain_section")
        self._session, self._retraining = session, retraining
        self.when = combo("retrain_when", "Train by itself", TIP)
        for when in WHEN:
            self.when.addItem(_in_words(when), when)
        name = label("Train by itself", "dim", "retrain_name")
        name.setToolTip(TIP)
        name.setBuddy(self.when)
        self.state = label("", "secondary", "retrain_state")
        self.state.setFont(theme.figures(theme.SECONDARY))
        row = QHBoxLayout()
        row.setSpacing(theme.GROUP)
        row.addWidget(name)
        row.addWidget(self.when, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, 0, theme.EDGE, theme.GROUP)
        column.setSpacing(theme.GRID)
        column.addLayout(row)
        column.addWidget(self.state)
        self.when.activated.connect(lambda place: retraining.choose(self.when.itemData(place)))
        retraining.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        retraining, project = self._retraining, self._session.project
        place = self.when.findData(retraining.when)
        quietly(self.when, lambda: self.when.setCurrentIndex(place))
        self.when.setEnabled(bool(project and project.writable))
        fresh = retraining.fresh
        text = f"{fresh} newly labelled" if fresh else "nothing newly labelled"
        if retraining.needed is not None:
            text += f", {max(retraining.needed - fresh, 0)} to go"
        self.state.setText(text)
        self.state.setVisible(retraining.when != OFF)


def _in_words(when: str) -> str:
    if when == OFF:
        return "Never"
    return "When I pause for a minute" if when == PAUSE else f"After {when} labels"
