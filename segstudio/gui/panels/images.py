"""The pictures of the project: find one, open it, see how far the labelling has come."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from segstudio.domain.records import Split, State
from segstudio.errors import UserError
from segstudio.gui import theme
from segstudio.gui.drops import dropped_paths, take_files
from segstudio.gui.panels.images_head import ImagesHead
from segstudio.gui.panels.images_list import ImageListView
from segstudio.gui.panels.images_menu import ImagesMenu
from segstudio.gui.panels.images_model import SPLIT_WORDS, STATE_WORDS, ImagesModel
from segstudio.gui.panels.images_row import THUMBNAIL, ImageRow
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.labels import EmptyState
from segstudio.store.rasters import Readers


class ImagesPanel(QWidget):
    """A list of pictures with their thumbnails; choosing one opens it."""

    add_requested = Signal()
    dropped = Signal(list)  # paths of files and folders

    def __init__(self, session: Session, readers: Readers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("images_panel")
        self.setAcceptDrops(True)
        self._session = session
        self.model = ImagesModel(session, self)
        self.thumbnails = Thumbnails(session, readers, THUMBNAIL, parent=self)
        self._following = False
        self._chosen: set[int] = set()
        self._last: int | None = None
        self._heir: int | None = None
        self.head = ImagesHead()
        self._make_list()
        self._make_foot()
        self._lay_out()
        self._make_menu()
        self._connect()
        self._offer_classes()
        self._refresh()

    # -- parts -----------------------------------------------------------------------

    def _make_list(self) -> None:
        self.view = ImageListView()
        self.view.setObjectName("images_list")
        self.view.setAccessibleName("Pictures")
        self.view.setModel(self.model)
        self.view.setItemDelegate(ImageRow(self._session, self.thumbnails, self.view))
        self.nothing = EmptyState(
            "Drop a folder of pictures here", "Add pictures…", "images_empty", "image"
        )
        self.no_match = EmptyState("No picture is like that", "Show all", "images_no_match")
        self.pages = QStackedWidget()
        for page in (self.view, self.nothing, self.no_match):
            self.pages.addWidget(page)

    def _make_foot(self) -> None:
        self.count = label("", "secondary", "images_count")
        self.count.setFont(theme.figures(theme.SECONDARY))
        self.count.setWordWrap(True)

    def _lay_out(self) -> None:
        inner = QVBoxLayout()
        inner.setContentsMargins(theme.GAP, 0, theme.GRID, 0)
        inner.addWidget(self.pages)
        self.count.setContentsMargins(theme.EDGE, theme.GAP, theme.EDGE, theme.GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(inner, 1)
        column.addWidget(self.count)

    def _make_menu(self) -> None:
        self.menu = ImagesMenu(self)
        self.menu.marked.connect(self._mark)
        self.menu.used.connect(self._use_for)

    def add_commands(self, chosen: Sequence[QAction], more: Sequence[QAction]) -> None:
        """Offer commands of the window: for the chosen pictures, and for all of them."""
        self.menu.add_commands(chosen)
        self.head.more_menu.addActions(more)

    def _connect(self) -> None:
        session = self._session
        session.project_changed.connect(self._begin)
        session.classes_changed.connect(self._offer_classes)
        session.images_changed.connect(self._refresh)
        session.images_changed.connect(self._go_on)
        session.image_opened.connect(self._opened)
        session.image_closed.connect(self._redraw)
        self.thumbnails.arrived.connect(self.model.repaint)
        theme.notifier.changed.connect(self._redraw)
        self.head.changed.connect(self._filter)
        self.head.choices_wanted.connect(self._prepare_choices)
        self.view.asked_menu.connect(self._show_menu)
        self.view.activated.connect(self._open)
        self.view.selectionModel().currentChanged.connect(self._open)
        self.model.leaving.connect(self._part)
        self.model.facts.changed.connect(lambda _: self._show_facts())
        self.model.about_to_list.connect(self._remember)
        self.model.modelReset.connect(self._relisted)
        self.nothing.clicked.connect(self.add_requested)
        self.head.add.clicked.connect(self.add_requested)
        self.no_match.clicked.connect(self.head.reset)

    # -- what it shows ---------------------------------------------------------------

    def _begin(self) -> None:
        """Show another project, all of it."""
        self._last = self._heir = None
        self._chosen.clear()
        self._offer_classes()
        self.head.reset()
        self._refresh()

    def _refresh(self) -> None:
        model, project = self.model, self._session.project
        page: QWidget = self.view
        if not model.total:
            page = self.nothing
        elif not model.ids:
            page = self.no_match
        self.pages.setCurrentWidget(page)
        writable = project is not None and project.writable
        self.head.show_for(model.total, project is not None, writable)
        self.count.setVisible(bool(model.total))
        self.nothing.button.setEnabled(writable)
        reviewed = f"{model.reviewed:,} of {model.total:,} reviewed"
        listed = len(model.ids)
        self.count.setText(reviewed if listed == model.total else f"{listed:,} listed · {reviewed}")

    def _filter(self) -> None:
        self.model.set_sorting(self.head.sorting())
        self.model.set_filter(self.head.filter())
        self._refresh()

    def _prepare_choices(self) -> None:
        """See to it that what the choices need of the database is read."""
        self.model.facts.need()
        self._show_facts()

    def _show_facts(self) -> None:
        self.head.choices.set_scored(self.model.facts.scored)
        self._refresh()

    def _offer_classes(self) -> None:
        classes = self._session.classes if self._session.project is not None else ()
        self.head.choices.set_classes(classes)

    def _redraw(self) -> None:
        self.view.viewport().update()

    def _remember(self) -> None:
        self._chosen = set(self.selected_ids())

    def _relisted(self) -> None:
        """Choose again what was chosen and is still listed."""
        self.view.select_rows(self.model.rows_of(self._chosen))
        self._follow()

    def _follow(self) -> None:
        """Select the picture that is open, without opening it once more."""
        image = self._session.image
        row = None if image is None else self.model.row_of(image.id)
        self._following = True
        if row is not None and not self._is_selected(row):
            self.view.setCurrentIndex(self.model.index(row))
        elif row is not None:
            self.view.selectionModel().setCurrentIndex(
                self.model.index(row), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self._following = False
        if row is not None:
            self.view.scrollTo(self.model.index(row))
        self.view.viewport().update()

    def _opened(self) -> None:
        self._last = self._session.image.id if self._session.image is not None else None
        self._follow()

    def _part(self, gone: list[int]) -> None:
        """See which picture is to be opened where the open one is among those that go."""
        here, lost = self._last, frozenset(gone)
        self._heir = self.model.survivor(here, lost) if here is not None and here in lost else None

    def _go_on(self) -> None:
        """Open what stood after a picture that has left the project."""
        heir, self._heir = self._heir, None
        if heir is not None and self._session.image is None and not self._session.opening:
            self._session.open_image(heir)

    def _is_selected(self, row: int) -> bool:
        return self.view.selectionModel().isSelected(self.model.index(row))

    # -- what is done ----------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """Return the selected pictures in the order of the list."""
        return [self.model.ids[row] for row in self.view.selected_rows()]

    def chosen_ids(self) -> list[int]:
        """Return the selected pictures; where none is, the open one."""
        chosen, here = self.selected_ids(), self._session.image
        return chosen or ([] if here is None else [here.id])

    def step(self, step: int, unreviewed_only: bool = False) -> bool:
        """Open the next listed picture in a direction; false where there is none."""
        image = self._session.image
        found = self.model.beside(image.id if image else None, step, unreviewed_only)
        if found is not None:
            self._session.open_image(found)
        return found is not None

    def _open(self, index: QModelIndex) -> None:
        image = self.model.record(index.row())
        if image is not None and not self._following:
            self._session.open_image(image.id)

    def _mark(self, state: State) -> None:
        self._set(f"Mark {STATE_WORDS[state]}", state=state)

    def _use_for(self, split: Split) -> None:
        self._set(f"Use for {SPLIT_WORDS[split]}", split=split)

    def _set(self, text: str, **values: State | Split) -> None:
        try:
            self._session.set_image(self.selected_ids(), text, **values)
        except UserError as error:
            self._session.say_error(error)

    def _show_menu(self, place: QPoint) -> None:
        if self.selected_ids():
            project = self._session.project
            self.menu.set_writable(project is not None and project.writable)
            self.menu.popup(place)

    # -- events ----------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        take_files(event)

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(dropped_paths(event.mimeData()))
