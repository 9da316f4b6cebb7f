"""The one place where progress is shown: a chip that opens into the list of jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import icon_button, label, restyle

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
_WIDTH = 320
_STEPS = 1000


@dataclass(frozen=True)
class JobLine:
    """What is shown of a job. ``done`` is 0…1, or None while nobody knows how far it is."""

    key: str
    text: str
    done: float | None = None
    seconds_left: float | None = None
    state: JobState = "running"
    note: str = ""
    """A few words more: what it does now, or why it failed."""


class JobChip(QWidget):
    """The job that runs now, its progress and a cross to cancel it; hidden without jobs.

    A click opens the list. ``cancel_requested`` carries the key of the job.
    """

    cancel_requested = Signal(str)

    def __init__(self, prefix: str = "jobs", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_chip")
        self._lines: tuple[JobLine, ...] = ()
        self._icon_of: tuple[object, ...] = ()
        self.button = QToolButton()
        self.button.setObjectName(f"{prefix}_open")
        self.button.setAccessibleName("Jobs")
        self.button.setProperty("kind", "job")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setIconSize(QSize(16, 16))
        self.button.setToolTip("Show the list of jobs")
        self.button.setFont(theme.figures())
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.open_list)
        self.cancel = icon_button("discard", f"{prefix}_cancel", "Cancel this job", kind="small")
        self.cancel.clicked.connect(self._cancel_first)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.button)
        row.addWidget(self.cancel)
        self.popup = JobList(prefix, self)
        self.popup.cancel_requested.connect(self.cancel_requested)
        theme.notifier.changed.connect(self._show)
        self.hide()

    def set_jobs(self, lines: Sequence[JobLine]) -> None:
        """Show the jobs as they are now; call it as often as their progress changes."""
        self._lines = tuple(lines)
        self._show()
        self.setVisible(bool(lines))
        if self.popup.isVisible():
            self.popup.set_jobs(self._lines)

    def open_list(self) -> None:
        """Open the list of jobs above the chip."""
        self.popup.set_jobs(self._lines)
        size = self.popup.sizeHint()
        corner = self.mapToGlobal(QPoint(self.width(), 0))
        self.popup.move(corner.x() - size.width(), corner.y() - size.height() - theme.GRID)
        self.popup.show()

    def _first(self) -> JobLine | None:
        running = [line for line in self._lines if line.state == "running"]
        waiting = [line for line in self._lines if line.state == "waiting"]
        return next(iter([*running, *waiting, *reversed(self._lines)]), None)

    def _show(self) -> None:
        line = self._first()
        if line is None:
            return
        more = sum(other.state in ("running", "waiting") for other in self._lines) - 1
        text = in_words(line)
        self.button.setText(f" {text}  +{more}" if more > 0 else f" {text}")
        self.button.setAccessibleName(text)
        self.cancel.setVisible(line.state in ("running", "waiting"))
        look = (line.state, line.done and round(line.done, 2), theme.current().name,
                self.devicePixelRatioF())  # fmt: skip
        if look != self._icon_of:
            self._icon_of = look
            self.button.setIcon(QIcon(pie(line, self.devicePixelRatioF())))

    def _cancel_first(self) -> None:
        line = self._first()
        if line is not None:
            self.cancel_requested.emit(line.key)


class JobList(QFrame):
    """The list that the chip opens: each job with its bar, time left and a cross."""

    cancel_requested = Signal(str)

    def __init__(self, prefix: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName(f"{prefix}_list")
        self.setProperty("role", "popup")
        self.setAccessibleName("Jobs")
        self.setFixedWidth(_WIDTH)
        self._prefix = prefix
        self._rows: dict[str, _JobRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.EDGE, theme.GROUP, theme.GROUP, theme.GROUP)
        self._column.setSpacing(theme.GROUP)

    def set_jobs(self, lines: Sequence[JobLine]) -> None:
        """Show the jobs; rows of jobs that are still there stay the same widgets."""
        gone = set(self._rows) - {line.key for line in lines}
        for key in gone:
            row = self._rows.pop(key)
            self._column.removeWidget(row)
            row.deleteLater()
        for line in lines:
            if line.key not in self._rows:
                row = _JobRow(line.key, self._prefix)
                row.cancel.clicked.connect(partial(self._cancel, line.key))
                self._rows[line.key] = row
                self._column.addWidget(row)
            self._rows[line.key].show_line(line)
        self.adjustSize()

    def _cancel(self, key: str) -> None:
        self.cancel_requested.emit(key)


class _JobRow(QWidget):
    """One job of the list."""

    def __init__(self, key: str, prefix: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.text = QLabel()
        self.left = label("", "secondary")
        self.left.setFont(theme.figures(theme.SECONDARY))
        self.note = label("", "secondary")
        self.note.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = icon_button("discard", f"{prefix}_cancel_{key}", "Cancel", kind="small")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.GRID)
        grid.setColumnStretch(0, 1)
        grid.setRowMinimumHeight(0, 24)
        grid.addWidget(self.text, 0, 0)
        grid.addWidget(self.left, 0, 1)
        grid.addWidget(self.cancel, 0, 2)
        grid.addWidget(self.bar, 1, 0, 1, 3)
        grid.addWidget(self.note, 2, 0, 1, 3)

    def show_line(self, line: JobLine) -> None:
        going = line.state in ("running", "waiting")
        self.text.setText(line.text)
        self.left.setText(time_left(line.seconds_left) if line.state == "running" else line.state)
        self.note.setText(line.note)
        self.note.setVisible(bool(line.note))
        self.cancel.setAccessibleName(f"Cancel {line.text}")
        self.cancel.setVisible(going)
        if line.state == "running" and line.done is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, _STEPS)
            self.bar.setValue(round(_STEPS * (line.done or 0)))
        self.bar.setAccessibleName(in_words(line))
        self.bar.setVisible(line.state == "running")
        role = "error" if line.state == "failed" else "secondary"
        if self.left.property("role") != role:
            self.left.setProperty("role", role)
            restyle(self.left)


def in_words(line: JobLine) -> str:
    """Return a job in few words: "training 42 % · 3 min left"."""
    if line.state != "running":
        return f"{line.text} {line.state}"
    text = line.text if line.done is None else f"{line.text} {100 * line.done:.0f} %"
    left = time_left(line.seconds_left)
    return f"{text} · {left}" if left else text


def time_left(seconds: float | None) -> str:
    """Return a time to wait as a person says it: "40 s left", "3 min left", "1 h 20 min left"."""
    if seconds is None:
        return ""
    if seconds < 55:
        return f"{max(5 * round(seconds / 5), 1):.0f} s left"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min left"
    return f"{minutes // 60} h {minutes % 60} min left"


def pie(line: JobLine, scale: float) -> QPixmap:
    """Return a small pie, filled as far as the job is done."""
    side = round(16 * scale)
    made = QPixmap(side, side)
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = theme.colour("danger" if line.state == "failed" else "accent")
    painter.setPen(QPen(ink, 1.25))
    painter.drawEllipse(QRectF(1.5, 1.5, 13, 13))
    share = 1.0 if line.state in ("done", "failed") else (line.done or 0.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPie(QRectF(3.5, 3.5, 9, 9), 90 * 16, -round(share * 360 * 16))
    painter.end()
    return made
