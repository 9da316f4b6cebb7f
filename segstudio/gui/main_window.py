"""The main window: it only puts the parts together."""

from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from segstudio.domain.records import State
from segstudio.domain.tiles import TILE, Layer
from segstudio.gui import theme
from segstudio.gui.actions import Actions
from segstudio.gui.augmenting import Augmenting
from segstudio.gui.canvas.canvas import Canvas
from segstudio.gui.canvas.compare_bar import CompareBar
from segstudio.gui.canvas.comparison import Comparison
from segstudio.gui.canvas.handle import SwipeHandle
from segstudio.gui.canvas.preview import Piece
from segstudio.gui.cleaning import Cleaning
from segstudio.gui.comparing import Comparing
from segstudio.gui.copying import MaskCopying
from segstudio.gui.delivering import Delivering
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.files import Files
from segstudio.gui.housekeeping import Housekeeping
from segstudio.gui.job_lines import job_lines
from segstudio.gui.jobs import JobRunner
from segstudio.gui.keys import Keys, all_keys
from segstudio.gui.methods_study import MethodsStudy
from segstudio.gui.model_files import ModelFiles
from segstudio.gui.models import Models
from segstudio.gui.next_step import next_step
from segstudio.gui.objects import Objects
from segstudio.gui.overviews import Overviews
from segstudio.gui.panels.classes import ClassesPanel
from segstudio.gui.panels.images import ImagesPanel
from segstudio.gui.panels.left import LeftTabs
from segstudio.gui.panels.runs import RunsPanel
from segstudio.gui.panels.work import WorkTabs
from segstudio.gui.pipelining import Pipelining
from segstudio.gui.predicting import Predicting
from segstudio.gui.proposing import Proposing
from segstudio.gui.queueing import Queueing
from segstudio.gui.rail import OptionsStrip, ToolRail
from segstudio.gui.run_keeping import RunKeeping
from segstudio.gui.session import Session
from segstudio.gui.stage import Stage
from segstudio.gui.start_page import StartPage
from segstudio.gui.status import StatusStrip
from segstudio.gui.training import Training
from segstudio.gui.watching import Watching
from segstudio.gui.widgets.floating_bar import FloatingBar
from segstudio.gui.widgets.job_chip import JobChip
from segstudio.gui.widgets.message_line import MessageLine
from segstudio.store.rasters import Readers

LEFT_LEAST, RIGHT_LEAST = 208, 312
"""Widths below which names and tabs of the docks would be cut off."""


class MainWindow(QMainWindow):
    """Lays out the panels around the canvas."""

    session: Session
    stage: Stage
    canvas: Canvas
    images: ImagesPanel
    models: Models
    proposing: Proposing
    studying: MethodsStudy
    training: Training
    augmenting: Augmenting
    keeping: RunKeeping
    model_files: ModelFiles
    predicting: Predicting
    queueing: Queueing
    comparing: Comparing
    delivering: Delivering
    housekeeping: Housekeeping
    cleaning: Cleaning
    pipelining: Pipelining
    copying: MaskCopying
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
        self.augmenting = Augmenting(self.session, self.training)
        self.predicting = Predicting(self.session, self.models)
        self.queueing = Queueing(self.session, self.models, self.stage)
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
        self.copying = MaskCopying(self.session)
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
        self.start_page = StartPage()
        self.message = MessageLine("message")
        self.bar = FloatingBar("preview", self.canvas)
        self.canvas.compare(
            Comparison(self.comparing, self.session, self.canvas.over, self.readers)
        )
        self.swipe_handle = SwipeHandle(self.comparing, self.canvas)
        self.compare_bar = CompareBar(self.comparing, self.ask, self.canvas)
        self.stage.put_on_top(OptionsStrip(self.session, self.canvas.named))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start_page)
        self.pages.addWidget(self.stage)
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
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.docks = [
            self._dock("images", "Images", self.left, left),
            self._dock("classes", "Classes", self.classes, right),
            self._dock("work", "Work", self.work, right),
        ]
        self.chip = JobChip("jobs")
        self.status = StatusStrip(self.session, self.chip)
        self.status.follow(self.stage.loader, self.readers)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.status, 1)

    def _dock(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock_{name}")
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(QWidget(dock))
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        left = area == Qt.DockWidgetArea.LeftDockWidgetArea
        widget.setMinimumWidth(LEFT_LEAST if left else RIGHT_LEAST)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _connect(self) -> None:
        session = self.session
        for signal in (
            session.project_changed, session.image_opened, session.image_closed,
            session.history_changed, session.classes_changed, session.images_changed,
            session.view.overlay_changed, self.training.changed, self.models.changed,
            self.queueing.changed, self.proposing.previewed, self.comparing.changed,
        ):  # fmt: skip
            signal.connect(lambda *_: self._refresh_soon())
        session.said.connect(self.message.show_message)
        session.save_failed.connect(self._save_failed)
        self.message.action_clicked.connect(lambda: self.files.save_elsewhere())
        self.bar.accepted.connect(lambda: self.trigger("accept"))
        self.bar.discarded.connect(lambda: self.trigger("cancel"))
        self.status.step.clicked.connect(lambda: self.trigger(self.status.step.property("command")))
        self.canvas.hovered.connect(self.status.show_position)
        self.canvas.view_changed.connect(lambda: self.status.show_zoom(self.canvas.view.zoom))
        self.proposing.previewed.connect(self._show_preview)
        self.proposing.follow(self.canvas)
        self.proposing.model_saved.connect(self.models.reload)
        self.models.changed.connect(self.images.model.facts.reload)
        self.queueing.ranked.connect(self.images.model.facts.reload)
        self.work.learn.runs_requested.connect(lambda: self.trigger("runs"))
        self.work.learn.settings.save_requested.connect(lambda: self.keeping.save_next())
        self.work.learn.settings.load_requested.connect(lambda: self.keeping.load_settings())
        self.keeping.left.connect(lambda: self.show_runs(False))
        self.session.image_opened.connect(lambda: self.show_runs(False))
        self.training.done.connect(lambda _: QApplication.alert(self))
        self.watching.changed.connect(self._refresh_soon)
        self.studying.taken.connect(lambda _: self.work.show_panel("Propose"))
        self.images.add_requested.connect(lambda: self.trigger("add_pictures"))
        self.left.history.add_requested.connect(lambda: self.trigger("add_pictures"))
        self.left.objects.box_requested.connect(self.stage.show_box)
        self.overviews.made.connect(self.images.thumbnails.again)
        self.images.dropped.connect(self.files.open_pictures)
        self.start_page.folder_requested.connect(lambda: self.trigger("new_project"))
        self.start_page.project_requested.connect(lambda: self.trigger("open_project"))
        self.start_page.demo_requested.connect(lambda: self.trigger("open_demo"))
        self.start_page.recent_requested.connect(lambda path: self.files.open(Path(path)))
        self.start_page.dropped.connect(self.files.open_pictures)
        self.chip.cancel_requested.connect(self._cancel_job)
        self.jobs.changed.connect(self._show_jobs)
        self._job_timer = QTimer(self)
        self._job_timer.setInterval(250)
        self._job_timer.timeout.connect(self._show_jobs)
        self._refresher = QTimer(self)
        self._refresher.setSingleShot(True)
        self._refresher.timeout.connect(self._refresh)

    # -- keeping up ------------------------------------------------------------------

    def _refresh_soon(self) -> None:
        """Several signals of one change make one refresh."""
        self._refresher.start(0)

    def _refresh(self) -> None:
        session = self.session
        project = session.project
        self.setWindowTitle(f"{project.root.stem} – segstudio" if project else "segstudio")
        if not self.runs_shown or project is None:
            self.pages.setCurrentWidget(self.stage if project else self.start_page)
        if project is None:
            self.start_page.set_recent(self.files.recent())
        first = project is not None and not self.docks[0].isVisible()
        for part in (*self.docks, self.rail):
            part.setVisible(project is not None)
        if first:
            QTimer.singleShot(0, self, self._place_docks)
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
        self._show_bar()

    def _show_bar(self) -> None:
        proposing, session = self.proposing, self.session
        if proposing.regions is not None:
            title = type(proposing.plan.settings).title
            count = "" if proposing.plan.seeds != "none" else f", {proposing.regions.count} regions"
            self.bar.set_text(f"preview: {title}{count}")
        elif session.layers is not None and len(session.layers.proposal):
            self.bar.set_text("proposal, not yet accepted")
        self.bar.setVisible(proposing.anything)

    def _show_preview(self) -> None:
        proposing = self.proposing
        pieces = [Piece(p.box, p.ids, p.doubt) for p in (proposing.regions, proposing.rest) if p]
        if pieces:
            seeded = proposing.plan.seeds != "none"
            self.canvas.preview.show(pieces, proposing.mapping(), beneath=seeded)
        else:
            self.canvas.preview.clear()

    def _show_jobs(self) -> None:
        lines = job_lines(self.jobs.jobs)
        self.chip.set_jobs(lines)
        if lines and not self._job_timer.isActive():
            self._job_timer.start()
        elif not lines:
            self._job_timer.stop()

    def _cancel_job(self, key: str) -> None:
        for job in self.jobs.jobs:
            if str(id(job)) == key:
                job.cancel()

    def _save_failed(self, text: str, hint: str) -> None:
        self.message.show_message(text, hint, "error", "Save elsewhere…")

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
        if self.runs_shown:
            self.show_runs(False)
            return
        if self.canvas.cancel_stroke() or self.cleaning.discard():
            return
        if self.comparing.active and not self.proposing.anything:
            self.comparing.close()
        else:
            self.proposing.discard()

    @cached_property
    def runs(self) -> RunsPanel:
        """The page of runs, made when it is first asked for."""
        made = RunsPanel(
            self.session, self.models, self.training, self.keeping, self.images.thumbnails
        )
        made.closed.connect(lambda: self.show_runs(False))
        self.pages.addWidget(made)
        return made

    @property
    def runs_shown(self) -> bool:
        """Whether the page of runs is to be seen."""
        return self.pages.currentWidget() not in (self.start_page, self.stage)

    def show_runs(self, shown: bool) -> None:
        """Turn to the page of runs, or back to the picture."""
        if shown or self.runs_shown:
            self.pages.setCurrentWidget(self.runs if shown else self.stage)
            self._refresh_soon()

    def swap_class(self) -> None:
        if self.session.classes:
            self.session.view.swap_with_first(self.session.classes[0].id)

    def pick_class(self) -> None:
        """Choose the class that lies under the cursor."""
        point = self.canvas.under_cursor()
        if point is None:
            return
        x, y = (int(v // 1) for v in point)
        tile = self.session.tile(Layer.MASK, (y // TILE, x // TILE))
        if tile is not None and x >= 0 and y >= 0:
            id = int(tile[y % TILE, x % TILE])
            if self.session.class_of(id) is not None:
                self.session.view.choose_class(id)

    def copy_previous(self) -> None:
        """Copy the mask of the picture that is listed before the open one."""
        image = self.session.image
        if image is not None:
            self.copying.copy_from(self.images.model.beside(image.id, -1))

    def mark_reviewed(self) -> None:
        image = self.session.image
        if image is not None:
            done = image.state == State.REVIEWED
            state = State.IN_WORK if done else State.REVIEWED
            self.session.set_image([image.id], "Mark reviewed", state=state)

    def switch_theme(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            name: theme.ThemeName = "light" if theme.current().name == "dark" else "dark"
            theme.apply(app, name)
            QSettings("segstudio", "segstudio").setValue("theme", name)

    def show_keys(self) -> None:
        from segstudio.gui.dialogs.keys_sheet import KeysSheet

        KeysSheet(all_keys(), self).show()

    def compare_methods(self) -> None:
        from segstudio.gui.dialogs.methods_sheet import MethodsSheet

        MethodsSheet(self.studying, self).show()

    def show_palette(self) -> None:
        from segstudio.gui.dialogs.palette import Palette

        Palette(list(self.actions_by_name.by_name.values()), self).show()

    # -- Qt --------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self.keys)

    def _place_docks(self) -> None:
        """Give the docks their first sizes; Qt takes them only once they are in sight."""
        images, classes, work = self.docks
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.resizeDocks([images, work], [264, 352], across)
        self.resizeDocks([classes, work], [332, 504], down)

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
        self.jobs.cancel_all()
        self.hide()
        self.files.save_and_close()
        self.readers.close(wait=False)
        event.accept()
