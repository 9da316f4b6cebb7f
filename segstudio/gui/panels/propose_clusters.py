"""How many clusters: a curve to choose from, and k-means round by round."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from segstudio.errors import UserError
from segstudio.gui import theme
from segstudio.gui.jobs import Job
from segstudio.gui.panels.propose_rounds import RoundsPlayer
from segstudio.gui.proposing import Proposing
from segstudio.gui.widgets.cluster_curve import ClusterCurve
from segstudio.workflows.preview import Previewer

if TYPE_CHECKING:
    from segstudio.methods.choosing import Curve

log = logging.getLogger(__name__)

REST = 250
"""Milliseconds that the settings must have rested before the curve is worked out."""

FEWEST = 2

WAITING = "Trying numbers of clusters …"
ONE_COLOUR = "The picture has one colour: there is nothing to part."
NO_CURVE = "There is no curve of this picture."
EMPTY = "Open a picture: the curve shows how many clusters part it clearly."


class ClusterSection(QWidget):
    """Belongs to k-means: worked out only while it is in sight."""

    def __init__(self, proposing: Proposing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("propose_clusters")
        self._proposing = proposing
        self._job: Job | None = None
        self._known: Any = None
        self._asked: Any = None
        self.curve = ClusterCurve("propose_curve")
        self.curve.clear(EMPTY)
        self.rounds = RoundsPlayer(proposing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.curve)
        column.addWidget(self.rounds)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._work_out)
        self.curve.chosen.connect(self._choose)
        proposing.plan_changed.connect(self.refresh)
        proposing.settings_changed.connect(self.refresh)
        proposing.previewed.connect(self._mark)
        proposing.ready.connect(self._forget)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop()
        self.rounds.stop()

    def refresh(self) -> None:
        """Show the curve of the settings as they are; another is worked out when they rest."""
        if self._proposing.plan.method == "kmeans" and self.isVisible():
            self._mark()
            if self._key() != self._known:
                self._rest.start()

    def forget(self) -> None:
        """Take the curve away: there is no picture."""
        self._stop()
        self._known = None
        self.rounds.stop()
        self.curve.clear(EMPTY)

    def _forget(self) -> None:
        self.forget()
        self.refresh()

    def _key(self) -> Any:
        """Return the settings without what the curve is the same for."""
        return replace(self._proposing.plan.settings, clusters=FEWEST, choose="by hand")

    def _mark(self) -> None:
        """Move the handle to the number of clusters that is shown."""
        proposing = self._proposing
        if proposing.plan.method != "kmeans":
            return
        settings, found = proposing.plan.settings, proposing.regions
        by_hand = settings.choose == "by hand"
        self.curve.set_number(settings.clusters if by_hand or found is None else found.count)

    def _choose(self, number: int) -> None:
        plan = self._proposing.plan
        if plan.method == "kmeans":
            settings = replace(plan.settings, clusters=number, choose="by hand")
            self._proposing.set_settings(settings)

    def _stop(self) -> None:
        self._rest.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _work_out(self) -> None:
        self._stop()
        if self._proposing.plan.method != "kmeans" or not self.isVisible():
            return
        settings, key = self._proposing.plan.settings, self._key()

        def work(previewer: Previewer, job: Job) -> "Curve":
            from segstudio.methods.builtin.kmeans import cluster_curve

            return cluster_curve(previewer.samples, settings, job)

        self._job = job = self._proposing.study("Trying numbers of clusters", work)
        if job is None:
            return
        self.curve.clear(WAITING)
        job.succeeded.connect(lambda found: self._show(job, key, found))
        job.failed.connect(lambda error: self._refuse(job, key, error))

    def _show(self, job: Job, key: Any, found: "Curve") -> None:
        if job is self._job:
            self._job, self._known = None, key
            if found.clusters[-1] < FEWEST:
                self.curve.clear(ONE_COLOUR)
            else:
                self.curve.set_curve(found.clusters, found.inertia, found.silhouette)
            self._mark()

    def _refuse(self, job: Job, key: Any, error: Exception) -> None:
        if job is self._job:
            self._job, self._known = None, key
            self.curve.clear(NO_CURVE)
            if not isinstance(error, UserError):  # else the preview says it
                log.error("no curve over numbers of clusters", exc_info=error)
