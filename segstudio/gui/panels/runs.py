"""The page of runs: the table, the curves of the chosen ones, where the first goes wrong."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.models import Models
from segstudio.gui.panels.run_errors import RunErrors
from segstudio.gui.panels.runs_model import RunsModel
from segstudio.gui.panels.runs_table import RunsTable
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.run_keeping import MOST, RunKeeping
from segstudio.gui.session import Session
from segstudio.gui.training import Training
from segstudio.gui.widgets.buttons import button, icon_button, label
from segstudio.gui.widgets.curves import CurvesView
from segstudio.gui.widgets.flow import FlowLayout
from segstudio.gui.widgets.labels import EmptyState, SectionHeader
from segstudio.gui.widgets.scrolled import scrolled

if TYPE_CHECKING:
    from segstudio.workflows.run_table import RunRow

SMOOTH = 25
"""Points over which a drawn loss is averaged at most: single steps are noise."""


class RunsPanel(QWidget):
    """What each run did and reached; their curves over each other; what to do with them."""

    closed = Signal()

    def __init__(
        self,
        session: Session,
        models: Models,
        training: Training,
        keeping: RunKeeping,
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runs_panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._models, self._training = session, models, training
        self._keeping = keeping
        self.model = RunsModel(models, self)
        self.table = RunsTable(self.model)
        self.sorted = self.table.sorted
        self.empty = EmptyState(
            "Every training appears here with its figures and curves, to compare and to keep",
            "Train", "runs_empty", "train",
        )  # fmt: skip
        self.note = label("", "secondary", "runs_note")
        self.close_button = icon_button("discard", "runs_close", "Back to the picture", "Esc")
        self._make_buttons()
        self._make_views(thumbnails)
        self._lay_out()
        self._connect()
        self._show()

    # -- building --------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.use = button("Use this model", "runs_use", "primary", "accept",
                          "Predict and rank with the model of this run")  # fmt: skip
        self.again = button("Train again", "runs_again", "plain", "refresh",
                            "Train anew with these settings, on what is labelled now")  # fmt: skip
        self.resume = button("Continue", "runs_resume", "plain", "play",
                             "Go on with this run where it was stopped")  # fmt: skip
        self.save = button("Save settings…", "runs_save", "plain", "save",
                           "Write the settings of this run into a TOML file")  # fmt: skip
        self.delete = button("Delete…", "runs_delete", "plain", "trash",
                             "Delete the chosen runs with their models")  # fmt: skip

    def _make_views(self, thumbnails: Thumbnails) -> None:
        self.loss, self.miou = CurvesView("runs_loss"), CurvesView("runs_miou")
        self.loss.set_empty_text("The losses of the chosen runs appear here")
        self.miou.set_empty_text("The mIoU of the chosen runs appears here")
        self.errors = RunErrors(self._session, thumbnails)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(label("Runs", "title", "runs_title"))
        head.addWidget(self.note)
        head.addStretch(1)
        head.addWidget(self.close_button)
        acts = FlowLayout(theme.GAP)
        for act in (self.use, self.again, self.resume, self.save, self.delete):
            acts.addWidget(act)
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setObjectName("runs_parts")
        self.parts.addWidget(self.table)
        self.parts.addWidget(self._below())
        self.parts.setSizes([260, 420])
        self.parts.setChildrenCollapsible(False)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(acts)
        column.addWidget(self.parts, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(filled)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.EDGE)
        whole.setSpacing(theme.GAP)
        whole.addLayout(head)
        whole.addWidget(self.pages, 1)

    def _below(self) -> QWidget:
        curves = QWidget()
        column = QVBoxLayout(curves)
        column.setContentsMargins(0, 0, theme.GAP, 0)
        column.setSpacing(theme.GRID)
        for title, name, view in (
            ("Loss", "runs_loss", self.loss),
            ("mIoU", "runs_miou", self.miou),
        ):
            column.addWidget(SectionHeader(title, name))
            column.addWidget(view, 1)
        below = QSplitter(Qt.Orientation.Horizontal)
        below.setObjectName("runs_views")
        below.addWidget(curves)
        below.addWidget(scrolled(self.errors))
        below.setSizes([396, 344])
        below.setChildrenCollapsible(False)
        return below

    def _connect(self) -> None:
        keeping, training = self._keeping, self._training
        self.close_button.clicked.connect(self.closed)
        self.empty.clicked.connect(lambda: training.start())
        self.use.clicked.connect(lambda: self._with_first(self._models.use))
        self.again.clicked.connect(lambda: self._with_first(training.again))
        self.resume.clicked.connect(lambda: self._with_first(training.resume))
        self.save.clicked.connect(lambda: self._with_first(keeping.save_settings))
        self.delete.clicked.connect(lambda: keeping.delete(self.chosen()))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._chosen_changed())
        self.errors.picture_requested.connect(keeping.open_image)
        keeping.curves_came.connect(self._show_curves)
        self._models.changed.connect(self._show)
        training.evaluated.connect(lambda _: self._chosen_changed())
        training.changed.connect(self._show)
        self._session.classes_changed.connect(self._show_errors)

    # -- what is chosen --------------------------------------------------------------

    def chosen(self) -> list[int]:
        """Return the numbers of the chosen runs; the current one stands first."""
        return self.table.chosen()

    def choose(self, ids: list[int]) -> None:
        """Choose runs by their numbers."""
        self.table.choose(ids)

    def _with_first(self, act: Any) -> None:
        chosen = self.chosen()
        if chosen:
            act(chosen[0])

    def _first(self) -> "RunRow | None":
        chosen = self.chosen()
        return self._models.row(chosen[0]) if chosen else None

    def _chosen_changed(self) -> None:
        self._show_buttons()
        if self.isVisible():
            self._keeping.look(self.chosen())

    # -- showing ---------------------------------------------------------------------

    def _show(self) -> None:
        count = len(self.model.rows)
        self.pages.setCurrentIndex(1 if count else 0)
        project = self._session.project
        self.empty.button.setEnabled(bool(project and project.writable))
        self.note.setText(f"{count} run{'s' * (count != 1)}" if count else "")
        if count and not self.chosen():
            used = self._models.current
            self.choose([used.id if used else self.model.rows[0].run.id])
        self._chosen_changed()

    def _show_buttons(self) -> None:
        project, row = self._session.project, self._first()
        writable = bool(project and project.writable)
        one = writable and row is not None and len(self.chosen()) == 1
        self.use.setEnabled(bool(one and row and row.has_model and not row.in_use))
        self.again.setEnabled(one)
        self.resume.setVisible(bool(row and row.resumable))
        self.resume.setEnabled(one)
        self.save.setEnabled(row is not None)
        rows = [self._models.row(id) for id in self.chosen()]
        going = any(each and each.run.status == "running" for each in rows)
        self.delete.setEnabled(writable and bool(rows) and not going)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.setFocus()
        self._chosen_changed()

    def _show_curves(self) -> None:
        self.loss.forget()
        self.miou.forget()
        chosen = sorted(self.chosen()[:MOST])
        best = "max" if len(chosen) == 1 else None  # the marks of several lie over each other
        for id in chosen:
            row, curves = self._models.row(id), self._keeping.curves.get(id)
            if row is None or curves is None:
                continue
            name = f"{id} {row.run.network}"
            self.loss.add_series(name)
            self.loss.set_points(name, curves.steps, smoothed(curves.losses))
            self.miou.add_series(name, best=best)  # type: ignore[arg-type]
            self.miou.set_points(name, curves.evaluated, curves.mious)
        self._show_errors()

    def _show_errors(self) -> None:
        row = self._first()
        self.errors.show_run(row, self._keeping.curves.get(row.run.id) if row else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.delete.isEnabled():
            self._keeping.delete(self.chosen())
        else:
            super().keyPressEvent(event)


def smoothed(losses: list[float]) -> list[float]:
    """Return the mean of each loss and those shortly before it."""
    import numpy as np

    if not losses:
        return []
    over = min(SMOOTH, max(1, len(losses) // 10))
    sums = np.cumsum(np.concatenate([[0.0], losses]))
    ends = np.arange(1, len(losses) + 1)
    starts = np.maximum(0, ends - over)
    means: list[float] = ((sums[ends] - sums[starts]) / (ends - starts)).tolist()
    return means
