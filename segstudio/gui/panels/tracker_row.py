"""Where runs are kept beside the project."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.run_tracking import RunTracking
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.choices import combo

TIP = "A program that gets settings, curves and figures of each run when it is done"


class TrackerRow(QWidget):
    """The choice of a tracker, or of none."""

    def __init__(self, tracking: RunTracking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tracking = tracking
        self.choice = combo("train_tracker", "Log runs to", TIP)
        name = label("Log runs to", "dim")
        name.setToolTip(TIP)
        name.setMinimumWidth(theme.NAMES)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GROUP)
        row.addWidget(name)
        row.addWidget(self.choice, 1)
        self.choice.activated.connect(lambda at: tracking.choose(self.choice.itemData(at)))
        tracking.changed.connect(self.show_chosen)

    def show_chosen(self) -> None:
        """Show what is chosen; the trackers are looked for when this is first asked."""
        if self.choice.count() == 0:
            from segstudio.workflows.trackers.tracker import trackers

            self.choice.addItem("This project alone", "")
            for name in sorted(trackers, reverse=True):
                self.choice.addItem(trackers[name].title, name)
        self.choice.setCurrentIndex(max(0, self.choice.findData(self._tracking.chosen)))
