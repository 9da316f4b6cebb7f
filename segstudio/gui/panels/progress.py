"""What labels have brought so far, what more will bring, and when to stop."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.domain.classes import hex_of
from segstudio.gui import theme
from segstudio.gui.progressing import Progressing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.progress_curve import ProgressCurve, Span
from segstudio.workflows.progress import Point, Progress

LABELS, MINUTES = "label", "minute"
MIOU, LOT = "mIoU", "by lot"
HEIGHT = 132
GREY = "#808080"
"""Of classes that the project has no more."""


class ProgressSection(QWidget):
    """The learning curve of the project, over labels or minutes, of all classes or each."""

    def __init__(
        self, session: Session, progressing: Progressing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("progress_section")
        self._session, self._progressing = session, progressing
        self.title = SectionHeader("What labels bring", "progress")
        self.over = combo("progress_over", "Learning curve over",
                          "Over the labels learned from, or the minutes they took")  # fmt: skip
        self.over.addItem("Labels", LABELS)
        self.over.addItem("Minutes", MINUTES)
        self.by_class = button("By class", "progress_classes", "chip", "",
                               "Show the IoU of each class instead of their mean")  # fmt: skip
        self.by_class.setCheckable(True)
        self.curve = ProgressCurve("progress")
        self.curve.setAccessibleName("Learning curve of the project")
        self.curve.set_empty_text(
            "Each training adds a point: mIoU over the labels it learned from"
        )
        self.curve.setFixedHeight(HEIGHT)
        self.hint = label("", "secondary", "progress_hint")
        self.hint.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.over, 1)
        row.addWidget(self.by_class)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, 0, theme.EDGE, theme.EDGE)
        column.setSpacing(theme.GAP)
        column.addWidget(self.title)
        column.addLayout(row)
        column.addWidget(self.curve)
        column.addWidget(self.hint)
        self.over.activated.connect(lambda _: self._show())
        self.by_class.toggled.connect(lambda _: self._show())
        progressing.changed.connect(self._show)
        session.classes_changed.connect(self._show)
        theme.notifier.changed.connect(self._show)
        self._show()

    def choose(self, over: str, by_class: bool = False) -> None:
        """Show the curve over ``LABELS`` or ``MINUTES``, the mean or the classes."""
        quietly(self.over, lambda: self.over.setCurrentIndex(self.over.findData(over)))
        quietly(self.by_class, lambda: self.by_class.setChecked(by_class))
        self._show()

    def _show(self) -> None:
        progress = self._progressing.progress or Progress()
        self.curve.forget()
        self.curve.setFixedHeight(HEIGHT)
        self.curve.set_spans()
        self.curve.set_x_name(self.over.currentData())
        points = sorted(progress.points, key=lambda point: self._x(progress, point))
        if self.by_class.isChecked():
            self._draw_classes(progress, points)
        else:
            self._draw_mean(progress, points)
        self.hint.setText(progress.hint)
        self.hint.setVisible(bool(progress.hint))
        count = len(progress.points)
        self.title.set_note(f"{count} training{'s' * (count != 1)}" if count else "")
        for each in (self.over, self.by_class):
            each.setEnabled(bool(count))

    def _x(self, progress: Progress, point: Point) -> float:
        return point.minutes if self.over.currentData() == MINUTES else progress.labels(point)

    def _draw_mean(self, progress: Progress, points: list[Point]) -> None:
        """Draw the mIoU on pictures held back, and what regions by lot say of it.

        These are asked for after a training, and stand where its model stands.
        """
        text, dim = theme.current().accent_text, theme.current().text_dim
        xs = [self._x(progress, point) for point in points]
        if points:
            self.curve.add_series(MIOU, text, "max")
            self.curve.set_points(MIOU, xs, [point.miou for point in points])
        place = {point.run: x for point, x in zip(points, xs, strict=True)}
        lot = sorted(
            (
                (place[p.lot_run], p.lot, p.lot_interval)
                for p in points
                if p.lot is not None and p.lot_run in place
            ),
            key=lambda each: each[0],
        )
        if lot:
            self.curve.add_series(LOT, dim)
            self.curve.set_points(LOT, [x for x, _, _ in lot], [miou for _, miou, _ in lot])
        held = [Span(x, *p.interval) for x, p in zip(xs, points, strict=True) if p.interval]
        drawn = [Span(x, *interval) for x, _, interval in lot if interval]
        self.curve.set_spans([(text, held)], [(dim, drawn)])

    def _draw_classes(self, progress: Progress, points: list[Point]) -> None:
        colours = {label.name: hex_of(label.colour) for label in self._session.classes}
        names = dict.fromkeys(name for point in points for name in point.iou)
        for name in names:
            known = [
                (self._x(progress, p), v) for p in points if (v := p.iou.get(name)) is not None
            ]
            if known:
                self.curve.add_series(name, colours.get(name, GREY))
                self.curve.set_points(name, [x for x, _ in known], [v for _, v in known])
        self.curve.setFixedHeight(max(HEIGHT, 16 * len(names) + 40))
