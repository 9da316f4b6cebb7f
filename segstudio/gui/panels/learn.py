"""The panel that trains networks and shows how they learn."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.domain.classes import hex_of
from segstudio.domain.records import RunRecord
from segstudio.gui import theme
from segstudio.gui.models import FILE, Models
from segstudio.gui.panels.beginning import BeginningChoice
from segstudio.gui.panels.learn_settings import LearnSettings
from segstudio.gui.run_tracking import RunTracking
from segstudio.gui.session import Session
from segstudio.gui.training import Training
from segstudio.gui.widgets.buttons import button, icon_button, label
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.curves import CurvesView
from segstudio.gui.widgets.job_chip import time_left
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.sample_rows import SampleRows
from segstudio.gui.widgets.shares import ClassBars, Share

PRESETS = (
    ("quick", "Quick: a first look"),
    ("default", "Default: a good model"),
    ("long", "Long: over lunch"),
)

LEARNING = "Its model comes into use when the training is done."

SMOOTHING = 12
"""Steps over which the drawn loss is averaged: single steps are noise."""

LINE = 16
"""Height in px that the label of a class takes at the end of its line."""


class LearnPanel(QWidget):
    """Preset, network, settings; Train, Pause and Stop; curves, classes and samples."""

    runs_requested = Signal()

    def __init__(
        self, session: Session, training: Training, models: Models, tracking: RunTracking,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("learn_panel")
        self._session, self._training, self._models = session, training, models
        self.preset = combo("train_preset", "Preset", "How long to train")
        for name, text in PRESETS:
            self.preset.addItem(text, name)
        self.network = combo("train_network", "Network", "The architecture that learns")
        self.network.addItem("As the preset", None)
        self.begin = BeginningChoice(training)
        self._make_buttons()
        self.settings = LearnSettings(training, tracking)
        self.state = label("", "secondary", "train_state")
        self.state.setFont(theme.figures(theme.SECONDARY))
        self.warning = label("", "warning", "train_warning")
        self.used = label("", "secondary", "model_in_use")
        for words in (self.state, self.warning, self.used):
            words.setWordWrap(True)
        self._make_views()
        self._recent: list[float] = []
        self._drawn_of = training.curves
        self._lay_out()
        self._connect()
        self._restart()
        self._show()

    def _make_buttons(self) -> None:
        tip = (
            "Learn from all labelled pixels, in the background; while another one learns, after it"
        )
        self.train = button("Train", "train_button", "primary", "train", tip, "Ctrl+T")
        self.stop = button("Stop", "stop_button", "plain", "stop",
                           "Stop the training; the model in use stays")  # fmt: skip
        self.pause = button("Pause", "pause_button", "plain", "",
                            "Hold the training up, and let the machine rest")  # fmt: skip
        self.pause.setCheckable(True)
        self.runs = button("Runs", "runs_button", "plain", "queue",
                           "Compare all trainings of this project", "Ctrl+Shift+T")  # fmt: skip
        self.fold = icon_button("settings", "train_settings", "Settings of the training",
                                checkable=True)  # fmt: skip

    def _make_views(self) -> None:
        self.loss = CurvesView("loss")
        self.loss.set_empty_text("Loss, mIoU and samples appear here while a network learns")
        self.miou = CurvesView("miou")
        self.miou.set_empty_text("mIoU on the pictures held back appears here")
        self.by_class = CurvesView("class_curves")
        for view in (self.miou, self.by_class):
            view.set_range(0, 1)
        self.bars = ClassBars("class_iou")
        self.bars_title = SectionHeader("IoU by class, on pictures held back", "class_iou")
        self.samples = SampleRows("train_samples")
        self.samples_title = SectionHeader("Prediction, and what it misses", "train_samples")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.GAP)
        layout.setSpacing(theme.GAP)
        for wide, *others in (
            (self.preset, self.train),
            (self.network, self.fold, self.runs),
            (self.begin,),
            (self.pause, self.stop),
        ):
            row = QHBoxLayout()
            row.setSpacing(theme.GAP)
            row.addWidget(wide, 1)
            for other in others:
                row.addWidget(other, int(other is self.stop))
            layout.addLayout(row)
        parts: list[QWidget] = [self.settings, self.used, self.state, self.warning]
        parts += [self.loss, self.miou]
        parts += [self.bars_title, self.by_class, self.bars, self.samples_title, self.samples]
        for part in parts:
            layout.addWidget(part, int(part in (self.loss, self.miou)))

    def _connect(self) -> None:
        training = self._training
        self.preset.activated.connect(self._choose)
        self.network.activated.connect(self._choose_network)
        self.train.clicked.connect(lambda: training.start())
        self.stop.clicked.connect(lambda: training.stop())
        self.pause.clicked.connect(
            lambda: training.go_on() if training.paused else training.pause()
        )
        self.fold.toggled.connect(self.settings.unfold)
        self.runs.clicked.connect(self.runs_requested)
        self.samples.clicked.connect(self._session.open_image)
        training.changed.connect(self._show)
        training.stepped.connect(self._stepped)
        training.evaluated.connect(self._evaluated)
        training.looked.connect(self._show_samples)
        training.warned.connect(lambda _: self._show_warning())
        self._models.changed.connect(self._show)
        self._session.classes_changed.connect(self._show_classes)

    def _choose(self, index: int) -> None:
        self._training.preset = self.preset.itemData(index)
        self._training.changed.emit()

    def _choose_network(self, index: int) -> None:
        self._training.set_network(self.network.itemData(index))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.network.count() == 1:  # their files are not read before somebody looks
            from segstudio.learning.networks.network import networks

            for name in networks:
                self.network.addItem(name, name)
            self._show()

    # -- showing ---------------------------------------------------------------------

    def _show(self) -> None:
        training = self._training
        self.preset.setCurrentIndex(self.preset.findData(training.preset))
        self.network.setCurrentIndex(max(0, self.network.findData(training.network)))
        self.begin.show_offered()
        project = self._session.project
        self.train.setEnabled(bool(project and project.writable))
        self.train.setText("Queue" if training.running else "Train")
        self.stop.setVisible(training.running)
        self.pause.setVisible(training.running)
        self.pause.setChecked(training.paused)
        self.pause.setText("Go on" if training.paused else "Pause")
        count = len(self._models.rows)
        self.runs.setText(f"Runs ({count})" if count else "Runs")
        used = self._models.current
        self.used.setText(LEARNING if training.running and used is None else in_words(used))
        if self._drawn_of is not training.curves:
            self._restart()
        self._show_state()
        self._show_warning()
        self._show_classes()

    def _restart(self) -> None:
        """Draw the curves of the training that runs now, as far as they have come."""
        curves = self._drawn_of = self._training.curves
        self._recent = []
        for view, name, colour, best in (
            (self.loss, "loss", "#E69F00", None),
            (self.miou, "mIoU", "#56B4E9", "max"),
        ):
            view.forget()
            view.add_series(name, colour, best)  # type: ignore[arg-type]
        self.by_class.forget()
        for step, loss in zip(curves.steps, curves.losses, strict=True):
            self._draw_loss(step, loss)
        for step, miou in zip(curves.evaluated, curves.mious, strict=True):
            self.miou.append("mIoU", step, miou)

        self.miou.setVisible(bool(curves.steps))

    def _draw_loss(self, step: int, loss: float) -> None:
        self._recent = [*self._recent[-SMOOTHING + 1 :], loss]
        self.loss.append("loss", step, sum(self._recent) / len(self._recent))

    def _stepped(self, entry: dict[str, Any]) -> None:
        self._draw_loss(entry["step"], float(entry["loss"]))
        self.miou.setVisible(True)
        self._show_state()

    def _evaluated(self, entry: dict[str, Any]) -> None:
        self.miou.append("mIoU", entry["step"], entry.get("miou") or 0.0)
        self._show_classes()

    def _show_state(self) -> None:
        training, parts = self._training, []
        if training.running:
            curves = training.curves
            done = curves.steps[-1] if curves.steps else 0
            parts.append(f"step {done:,} of {curves.total:,}" if done else "reading the labels")
            parts.append("paused" if training.paused else time_left(training.seconds_left))
            if training.waiting:
                parts.append(f"{training.waiting} waiting")
        self.state.setText(" · ".join(part for part in parts if part))
        self.state.setVisible(bool(parts))

    def _show_warning(self) -> None:
        warnings = self._training.curves.warnings
        text = warnings[-1] if warnings else ""
        self.warning.setText(text[:1].upper() + text[1:])
        self.warning.setToolTip("\n".join(warnings))
        self.warning.setVisible(bool(text))

    def _show_classes(self) -> None:
        """Show the curves of the classes while there are some, else the last figures as bars."""
        curves = self._training.curves
        colours = {each.name: each.colour for each in self._session.classes}
        grey = (128, 128, 128)
        several = len(curves.evaluated) > 1
        if several:
            self.by_class.forget()
            for name, points in curves.classes.items():
                self.by_class.add_series(name, hex_of(colours.get(name, grey)))
                self.by_class.set_points(name, [x for x, _ in points], [y for _, y in points])
            self.by_class.setMinimumHeight(max(84, LINE * (len(curves.classes) + 1) + 36))
        iou = curves.iou
        if not iou and self._models.current is not None:
            iou = self._models.current.metrics.get("iou", {})
        self.bars.set_rows([Share(n, colours.get(n, grey), value) for n, value in iou.items()])
        self.bars_title.setVisible(bool(iou))
        self.by_class.setVisible(several)
        self.bars.setVisible(not several)
        self._show_samples()

    def _show_samples(self) -> None:
        samples = self._training.samples
        self.samples.set_samples(samples, {each.id: each.colour for each in self._session.classes})
        self.samples_title.setVisible(bool(samples))
        self.samples.setVisible(bool(samples))


def in_words(run: RunRecord | None) -> str:
    """Say which model is in use, and how good it is."""
    if run is None:
        return "No model yet: label a few strokes of each class, then Train."
    if run.kind == FILE:
        return f"In use: {run.network}, from a file"
    miou, interval = run.metrics.get("miou"), run.metrics.get("interval")
    figure = "–" if miou is None else f"{miou:.2f}"
    if interval:
        figure += f" ({interval[0]:.2f}–{interval[1]:.2f})"
    kind = "indicative mIoU" if run.metrics.get("indicative") else "mIoU"
    return f"In use: run {run.id}, {run.network}, {kind} {figure}"
