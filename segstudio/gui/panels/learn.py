"""The panel that trains a network and shows how it learns."""

from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.domain.records import RunRecord
from segstudio.gui import theme
from segstudio.gui.models import Models
from segstudio.gui.session import Session
from segstudio.gui.training import Training
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.curves import CurvesView
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.shares import ClassBars, Share

PRESETS = (
    ("quick", "Quick: a first look"),
    ("default", "Default: a good model"),
    ("long", "Long: over lunch"),
)

LEARNING = "Its model comes into use when the training is done."

SMOOTHING = 12
"""Steps over which the drawn loss is averaged: single steps are noise."""


class LearnPanel(QWidget):
    """Preset, Train and Stop, curves of loss and mIoU, IoU of each class."""

    def __init__(
        self, session: Session, training: Training, models: Models, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("learn_panel")
        self._session, self._training, self._models = session, training, models
        self.preset = QComboBox()
        self.preset.setObjectName("train_preset")
        self.preset.setAccessibleName("Preset")
        self.preset.setMinimumContentsLength(12)
        self.preset.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for name, text in PRESETS:
            self.preset.addItem(text, name)
        tip = "Learn from all labelled pixels, in the background"
        self.train = button("Train", "train_button", "primary", "train", tip, "Ctrl+T")
        self.stop = button("Stop", "stop_button", "plain", "stop",
                           "Stop the training; the model in use stays")  # fmt: skip
        self.loss = CurvesView("loss")
        self.loss.set_empty_text("The loss appears here while a network learns")
        self.miou = CurvesView("miou")
        self.miou.set_range(0, 1)
        self.miou.set_empty_text("mIoU on the pictures held back appears here")
        self.bars = ClassBars("class_iou")
        self.used = label("", "secondary", "model_in_use")
        self.used.setWordWrap(True)
        self._recent: list[float] = []
        self._lay_out()
        self._connect()
        self._restart()
        self._show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.GAP)
        layout.setSpacing(theme.GAP)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.preset, 1)
        row.addWidget(self.train)
        row.addWidget(self.stop)
        layout.addLayout(row)
        layout.addWidget(self.used)
        layout.addWidget(self.loss, 1)
        layout.addWidget(self.miou, 1)
        self.bars_title = SectionHeader("IoU by class, on pictures held back", "class_iou")
        layout.addWidget(self.bars_title)
        layout.addWidget(self.bars)

    def _connect(self) -> None:
        training = self._training
        self.preset.activated.connect(self._choose)
        self.train.clicked.connect(lambda: training.start())
        self.stop.clicked.connect(lambda: training.stop())
        training.changed.connect(self._show)
        training.stepped.connect(self._stepped)
        training.evaluated.connect(self._evaluated)
        self._models.changed.connect(self._show)
        self._session.classes_changed.connect(self._show_bars)

    def _choose(self, index: int) -> None:
        self._training.preset = self.preset.itemData(index)

    def _show(self) -> None:
        training = self._training
        self.preset.setCurrentIndex(self.preset.findData(training.preset))
        self.preset.setEnabled(not training.running)
        project = self._session.project
        self.train.setEnabled(bool(project and project.writable))
        self.train.setVisible(not training.running)
        self.stop.setVisible(training.running)
        used = self._models.current
        self.used.setText(LEARNING if training.running and used is None else in_words(used))
        if not training.curves.steps:
            self._restart()
        self._show_bars()

    def _restart(self) -> None:
        self._recent = []
        for view, name, colour, best in (
            (self.loss, "loss", "#E69F00", None),
            (self.miou, "mIoU", "#56B4E9", "max"),
        ):
            view.clear()
            view.add_series(name, colour, best)  # type: ignore[arg-type]

    def _stepped(self, entry: dict[str, Any]) -> None:
        self._recent = [*self._recent[-SMOOTHING + 1 :], float(entry["loss"])]
        self.loss.append("loss", entry["step"], sum(self._recent) / len(self._recent))

    def _evaluated(self, entry: dict[str, Any]) -> None:
        self.miou.append("mIoU", entry["step"], entry.get("miou") or 0.0)
        self._show_bars()

    def _show_bars(self) -> None:
        iou = self._training.curves.iou
        if not iou and self._models.current is not None:
            iou = self._models.current.metrics.get("iou", {})
        colours = {label.name: label.colour for label in self._session.classes}
        self.bars.set_rows(
            [Share(name, colours.get(name, (128, 128, 128)), value) for name, value in iou.items()]
        )
        self.bars_title.setVisible(bool(iou))


def in_words(run: RunRecord | None) -> str:
    """Say which model is in use, and how good it is."""
    if run is None:
        return "No model yet: label a few strokes of each class, then Train."
    miou = run.metrics.get("miou")
    figure = "–" if miou is None else f"{miou:.2f}"
    kind = "indicative mIoU" if run.metrics.get("indicative") else "mIoU"
    return f"In use: run {run.id}, {run.network}, {kind} {figure}"
