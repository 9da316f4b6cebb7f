"""The main window: it only puts the parts together."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from segstudio.gui.actions import Actions
from segstudio.gui.augmenting import Augmenting
from segstudio.gui.canvas.canvas import Canvas
from segstudio.gui.canvas.compare_bar import CompareBar
from segstudio.gui.canvas.comparison import Comparison
from segstudio.gui.canvas.handle import SwipeHandle
from segstudio.gui.cleaning import Cleaning
from segstudio.gui.comparing import Comparing
from segstudio.gui.delivering import Delivering
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.docks import Docks
from segstudio.gui.doubting import Doubting
from segstudio.gui.files import Files
from segstudio.gui.housekeeping import Housekeeping
from segstudio.gui.jobs import JobRunner
from segstudio.gui.jobs_chip import JobsChip
from segstudio.gui.keys import Keys
from segstudio.gui.labelling import Labelling
from segstudio.gui.methods_study import MethodsStudy
from segstudio.gui.model_files import ModelFiles
from segstudio.gui.models import Models
from segstudio.gui.next_step import next_step
from segstudio.gui.objects import Objects
from segstudio.gui.overviews import Overviews
from segstudio.gui.pages import Pages
from segstudio.gui.panels.classes import ClassesPanel
from segstudio.gui.panels.images import ImagesPanel
from segstudio.gui.panels.left import LeftTabs
from segstudio.gui.panels.runs import RunsPanel
from segstudio.gui.panels.work import WorkTabs
from segstudio.gui.pipelining import Pipelining
from segstudio.gui.predicting import Predicting
from segstudio.gui.preview_bar import PreviewBar
from segstudio.gui.progressing import Progressing
from segstudio.gui.proposing import Proposing
from segstudio.gui.queue_bar import QueueBar
from segstudio.gui.queueing import Queueing
from segstudio.gui.rail import OptionsStrip, ToolRail
from segstudio.gui.retraining import Retraining
from segstudio.gui.run_keeping import RunKeeping
from segstudio.gui.run_tracking import RunTracking
from segstudio.gui.session import Session
from segstudio.gui.stage import Stage
from segstudio.gui.status import StatusStrip
from segstudio.gui.training import Training
from segstudio.gui.watching import Watching
from segstudio.gui.widgets.message_line import MessageLine
from segstudio.gui.wiring import connect
from segstudio.store.rasters import Readers


class MainWindow(QMainWindow):
    """Lays out the panels around the canvas."""

    closing = Signal()
    """The window is about to go, and is still as it was."""

    # What the commands ask for; they are read before the lines that make these.
    session: Session
    stage: Stage
    canvas: Canvas
    pages: Pages
    images: ImagesPanel
    labelling: Labelling
    models: Models
    proposing: Proposing
    training: Training
    keeping: RunKeeping
    model_files: ModelFiles
    predicting: Predicting
    queueing: Queueing
    doubting: Doubting
    comparing: Comparing
    delivering: Delivering
    housekeeping: Housekeeping
    watching: Watching
    work: WorkTabs
    files: Files

    def __init__(self, ask: Asker | None = None) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("segstudio")
        self.resize(1440, 900)
        self.setAcceptDrops(True)
        self.ask = ask or Asker(self)
        self.readers = Readers()
        self.jobs = JobRunner(self)
        self.session = Session(self.jobs, self)
        self.files = Files(self.session, self.ask)
        self.stage = Stage(self.session, self.readers)
        self.canvas = self.stage.canvas
        self.models = Models(self.session)
        self.proposing = Proposing(self.session, self.stage.loader)
        self.studying = MethodsStudy(self.session, self.proposing)
        self.training = Training(self.session, self.models)
        self.tracking = RunTracking(self.session, self.training)
        self.augmenting = Augmenting(self.session, self.training)
        self.predicting = Predicting(self.session, self.models)
        self.queueing = Queueing(self.session, self.stage)
        self.doubting = Doubting(self.session, self.models, self.stage)
        self.progressing = Progressing(self.session, self.models)
        self.retraining = Retraining(self.session, self.training, self.queueing)
        self.overviews = Overviews(self.session, self.stage.loader, self.readers)
        self.comparing = Comparing(self.session, self.models, self.stage.loader)
        self.keeping = RunKeeping(
            self.session, self.models, self.training, self.comparing, self.ask
        )
        self.model_files = ModelFiles(self.session, self.models, self.ask)
        self.delivering = Delivering(self.session, self.ask)
        self.housekeeping = Housekeeping(self.session, self.ask)
        self.cleaning = Cleaning(
            self.session, self.ask, self.canvas, lambda: self.images.chosen_ids()
        )
        self.pipelining = Pipelining(self.session, self.proposing, lambda: self.images.chosen_ids())
        self.watching = Watching(self.session, self.files, self.ask)
        self._build()
        self.actions_by_name = Actions(self)
        self.images.add_commands(
            self.actions_by_name.named("predict_selected", "clear_labels", "remove_images"),
            self.actions_by_name.named("watch_folder", "watch_other", "watch_none"),
        )
        self.keys = Keys(self)
        self._connect()
        self._refresh()

    # -- building --------------------------------------------------------------------

    def _build(self) -> None:
        self.rail = ToolRail(self.session, self)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        self.message = MessageLine("message")
        self.bar = PreviewBar(self.session, self.proposing, self.canvas)
        self.canvas.compare(
            Comparison(self.comparing, self.session, self.canvas.over, self.readers)
        )
        self.swipe_handle = SwipeHandle(self.comparing, self.canvas)
        self.compare_bar = CompareBar(self.comparing, self.ask, self.canvas)
        self.queue_bar = QueueBar(self.session, self.queueing, self.canvas)
        self.stage.put_on_top(OptionsStrip(self.session, self.canvas.named))
        self.pages = Pages(self.stage, self._make_runs)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self.images = ImagesPanel(self.session, self.readers)
        self.objects = Objects(self.session, self.canvas.context)
        self.left = LeftTabs(
            self.session, self.images, self.stage.loader, self.objects, self.readers
        )
        self.classes = ClassesPanel(self.session, self.ask)
        self.work = WorkTabs(self)
        self.docks = Docks(self, self.left, self.classes, self.work)
        self.labelling = Labelling(self.session, self.canvas, self.images.model)
        self.chip = JobsChip(self.jobs)
        self.status = StatusStrip(self.session, self.chip)
        self.status.follow(self.stage.loader, self.readers)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.status, 1)

    def _make_runs(self) -> RunsPanel:
        return RunsPanel(
            self.session, self.models, self.training, self.keeping, self.images.thumbnails
        )

    def _connect(self) -> None:
        self._refresher = QTimer(self)
        self._refresher.setSingleShot(True)
        self._refresher.timeout.connect(self._refresh)
        connect(self)

    # -- keeping up ------------------------------------------------------------------

    def refresh_soon(self) -> None:
        """Show how things are, once for all the signals of one change."""
        self._refresher.start(0)

    def _refresh(self) -> None:
        session = self.session
        project = session.project
        self.setWindowTitle(f"{project.root.stem} – segstudio" if project else "segstudio")
        self.pages.show_project(project is not None)
        if project is None:
            self.pages.start.set_recent(self.files.recent())
        self.docks.set_visible(project is not None)
        self.rail.setVisible(project is not None)
        self.actions_by_name.refresh()
        self.status.show_next(
            next_step(
                session,
                self.images.model.states,
                preview=self.proposing.regions is not None,
                model=self.models.current is not None,
                queue=bool(self.queueing.items),
                training=self.training.running,
            )
        )
        self.bar.refresh()

    # -- commands --------------------------------------------------------------------

    def trigger(self, command: str) -> None:
        """Carry out a command of the menus by its name."""
        action = self.actions_by_name.by_name.get(command or "")
        if action is not None and action.isEnabled():
            action.trigger()

    def accept(self) -> None:
        """Complete what the tool in hand has begun, else accept the proposal."""
        if not self.canvas.tool.finish():
            self.proposing.accept()

    def escape(self) -> None:
        """Give up the stroke at hand, else the preview or proposal, else the comparison."""
        if self.pages.runs_shown:
            self.pages.show_runs(False)
            return
        if self.canvas.cancel_stroke() or self.cleaning.discard():
            return
        if self.comparing.active and not self.proposing.anything:
            self.comparing.close()
        elif self.proposing.anything or not self.queueing.let_go():
            self.proposing.discard()

    # -- Qt --------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self.keys)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        self.files.open_pictures(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_leave():
            event.ignore()
            return
        self.closing.emit()
        self.jobs.cancel_all()
        self.hide()
        self.files.save_and_close()
        self.readers.close(wait=False)
        event.accept()
