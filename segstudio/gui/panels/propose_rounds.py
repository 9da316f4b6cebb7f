"""k-means round by round, for people who want to see how it comes to its clusters."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import icons, theme
from segstudio.gui.jobs import Job
from segstudio.gui.proposing import Proposing
from segstudio.gui.widgets.buttons import button, icon_button, label
from segstudio.gui.widgets.colour_strip import ColourStrip
from segstudio.workflows.preview import Previewer, Regions

if TYPE_CHECKING:
    from segstudio.methods.builtin.kmeans import Step

PACE = 600
"""Milliseconds that each round is shown for."""


class RoundsPlayer(QWidget):
    """A button; pressed, it plays the rounds over the picture, and they can be walked through.

    The last round is the one at which the centres rest. Other settings end it.
    """

    def __init__(self, proposing: Proposing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("propose_rounds")
        self._proposing = proposing
        self._job: Job | None = None
        self._rounds: list[tuple[Step, Regions]] = []
        self._complete = False
        self._place = -1
        self.begin = button(
            "Step by step", "rounds_begin",
            tip="Play the rounds in which k-means moves its centres to where they rest",
        )  # fmt: skip
        self.begin.setCheckable(True)
        self.back = icon_button("chevron-left", "rounds_back", "One round back", kind="small")
        self.play = icon_button("play", "rounds_play", "Play the rounds, or pause", kind="small")
        self.on = icon_button("chevron-right", "rounds_on", "One round on", kind="small")
        self.text = label("", "secondary", "rounds_text")
        self.text.setWordWrap(True)
        self.text.setFont(theme.figures(theme.SECONDARY))
        self.colours = ColourStrip("rounds_colours", "Colours of the centres, dark to light")
        self._pace = QTimer(self)
        self._pace.setInterval(PACE)
        self._pace.timeout.connect(self._advance)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addWidget(self.begin, 1)
        for part in (self.back, self.play, self.on):
            part.setFixedSize(theme.CONTROL, theme.CONTROL)
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(row)
        column.addWidget(self.colours)
        column.addWidget(self.text)

    def _connect(self) -> None:
        proposing = self._proposing
        self.begin.toggled.connect(lambda on: self._start() if on else self.stop())
        self.back.clicked.connect(lambda: self._walk(-1))
        self.on.clicked.connect(lambda: self._walk(1))
        self.play.clicked.connect(self._play_or_pause)
        proposing.plan_changed.connect(self.stop)
        proposing.settings_changed.connect(self.stop)
        proposing.previewed.connect(self._look)

    # -- the rounds ------------------------------------------------------------------

    def _start(self) -> None:
        settings = self._proposing.plan.settings

        def work(previewer: Previewer, job: Job) -> None:
            from segstudio.methods.builtin.kmeans import steps

            for step in steps(previewer.samples, settings, job):
                job.note((step, previewer.shown(settings, step.state, job)))

        self._rounds, self._complete, self._place = [], False, -1
        self._job = job = self._proposing.study("k-means, step by step", work)
        if job is None:
            self.stop()
            return
        job.noted.connect(lambda fact: self._take(job, fact))
        job.succeeded.connect(lambda _: self._end(job))
        job.failed.connect(lambda error: self._refuse(job, error))
        self._pace.start()
        self._refresh()

    def stop(self) -> None:
        """End it; the preview stays as it is until there is another."""
        self._pace.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._rounds, self._place = [], -1
        if self.begin.isChecked():
            self.begin.setChecked(False)
        self._refresh()

    def _take(self, job: Job, fact: "tuple[Step, Regions]") -> None:
        if job is self._job:
            self._rounds.append(fact)
            if self._place < 0:
                self._show(0)
            else:
                self._refresh()

    def _end(self, job: Job) -> None:
        if job is self._job:
            self._job, self._complete = None, True
            self._refresh()

    def _refuse(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self.stop()
            self.text.setText(str(getattr(error, "message", error)))
            self.text.show()

    def _look(self) -> None:
        """Another preview has come, or this one is dropped: then it is over."""
        shown = self._rounds[self._place][1] if self._place >= 0 else None
        if shown is not None and self._proposing.regions is not shown:
            self.stop()

    # -- walking through them --------------------------------------------------------

    def _advance(self) -> None:
        if self._place + 1 < len(self._rounds):
            self._show(self._place + 1)
        elif self._complete:
            self._pace.stop()
            self._refresh()

    def _walk(self, by: int) -> None:
        self._pace.stop()
        self._show(min(max(self._place + by, 0), len(self._rounds) - 1))

    def _play_or_pause(self) -> None:
        if self._pace.isActive():
            self._pace.stop()
        else:
            if self._complete and self._place == len(self._rounds) - 1:
                self._show(0)
            self._pace.start()
        self._refresh()

    def _show(self, place: int) -> None:
        self._place = place
        self._proposing.show(self._rounds[place][1])
        self._refresh()

    def _refresh(self) -> None:
        here, last = self._place, len(self._rounds) - 1
        playing = self.begin.isChecked()
        for part in (self.back, self.play, self.on):
            part.setVisible(playing)
        self.back.setEnabled(here > 0)
        self.on.setEnabled(0 <= here < last)
        icons.set_icon(self.play, "stop" if self._pace.isActive() else "play")
        known = playing and here >= 0
        self.text.setVisible(playing)
        self.text.setText(self._words() if known else "Looking for good starting colours …")
        found = list(self._rounds[here][0].colours) if known else []
        eight_bits = known and self._rounds[here][0].state.encoding.low is None
        self.colours.set_colours(found if eight_bits else [])

    def _words(self) -> str:
        step = self._rounds[self._place][0]
        first = self._rounds[0][0].inertia or 1.0
        total = f" of {len(self._rounds)}" if self._complete else ""
        words = [
            f"round {self._place + 1}{total}",
            f"spread {100 * step.inertia / first:.1f} % of the first",
        ]
        if self._complete and self._place == len(self._rounds) - 1:
            words.append("at rest")
        elif math.isfinite(step.moved):
            words.append(f"moved {step.moved:.1f}")
        return " · ".join(words)
