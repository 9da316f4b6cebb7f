"""The pictures of the project: find one, open it, see how far the labelling has come."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from segstudio.domain.records import Split, State
from segstudio.errors import UserError
from segstudio.gui import icons, theme
from segstudio.gui.drops import dropped_paths, take_files
from segstudio.gui.panels.images_list import ImageListView, SearchField
from segstudio.gui.panels.images_model import SPLIT_WORDS, ImageFilter, ImagesModel
from segstudio.gui.panels.images_row import STATE_ICONS, THUMBNAIL, ImageRow
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import icon_button, label
from segstudio.gui.widgets.labels import EmptyState, SectionHeader
from segstudio.store.rasters import Readers

NOT_REVIEWED = frozenset(State) - {State.REVIEWED}

FILTERS: tuple[tuple[str, str, ImageFilter], ...] = (
    ("All", "", ImageFilter()),
    ("Not reviewed", "", ImageFilter(states=NOT_REVIEWED)),
    *(
        (state.replace("_", " ").capitalize(), STATE_ICONS[state], ImageFilter(frozenset({state})))
        for state in State
    ),
    *(
        (f"For {SPLIT_WORDS[split]}", "", ImageFilter(splits=frozenset({split})))
        for split in (Split.TRAIN, Split.VAL, Split.TEST)
    ),
)
"""What can be listed: text, icon and filter."""


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
        self._make_head()
        self._make_list()
        self._make_foot()
        self._lay_out()
        self._make_menu()
        self._connect()
        self._dress_filters()
        self._refresh()

    # -- parts -----------------------------------------------------------------------

    def _make_head(self) -> None:
        self.states = QComboBox()
        self.states.setObjectName("images_state")
        self.states.setAccessibleName("Which pictures are listed")
        self.states.setToolTip("Which pictures are listed")
        for text, _, _ in FILTERS:
            self.states.addItem(text)
        self.states.insertSeparator(2)
        self.states.insertSeparator(2 + len(State) + 1)
        self.search = SearchField()
        self.search.setObjectName("images_search")
        self.search.setAccessibleName("Search pictures by name")
        self.search.setToolTip("Words of the name  (Esc clears)")
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        glass = QAction(self.search)
        icons.set_icon(glass, "search")
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)

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
        title = SectionHeader("Images", "images")
        self.add = icon_button("plus", "images_add", "Add pictures", "Ctrl+Shift+O", kind="small")
        # In the heading it is quiet; below, the search has the whole width to itself.
        self.states.setStyleSheet(
            "QComboBox { min-height: 22px; } QComboBox:!hover:!focus:!on {"
            " background: transparent; border-color: transparent; }"
        )
        title.add(self.states)
        title.add(self.add)
        head = QVBoxLayout()
        head.setContentsMargins(theme.EDGE, theme.GAP, theme.GROUP, theme.GAP)
        head.setSpacing(theme.GRID)
        head.addWidget(title)
        head.addWidget(self.search)
        inner = QVBoxLayout()
        inner.setContentsMargins(theme.GAP, 0, theme.GRID, 0)
        inner.addWidget(self.pages)
        self.count.setContentsMargins(theme.EDGE, theme.GAP, theme.EDGE, theme.GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(inner, 1)
        column.addWidget(self.count)

    def _make_menu(self) -> None:
        self.menu = QMenu(self)
        self.menu.setObjectName("images_menu")
        self.menu.setAccessibleName("What to do with the chosen pictures")
        self._command("mark_listed_reviewed", "Mark reviewed", "M", lambda: self._mark(True))
        self._command("mark_listed_in_work", "Mark in work", "", lambda: self._mark(False))
        self.menu.addSeparator()
        for split in Split:
            text = f"Use for {SPLIT_WORDS[split]}"
            if split == Split.POOL:
                text = "Back to the pool"
            self._command(f"set_split_{split}", text, "", partial(self._use_for, split))

    def _command(self, name: str, text: str, key: str, run: Callable[[], object]) -> None:
        # The key is only shown: the window's own action has it.
        action = self.menu.addAction(f"{text}\t{key}" if key else text)
        action.setObjectName(f"action_{name}")
        action.triggered.connect(lambda _=False: run())

    def _connect(self) -> None:
        session = self._session
        session.project_changed.connect(self._refresh)
        session.images_changed.connect(self._refresh)
        session.image_opened.connect(self._follow)
        session.image_closed.connect(self.view.viewport().update)
        self.thumbnails.arrived.connect(self.model.repaint)
        theme.notifier.changed.connect(self._dress_filters)
        self.states.currentIndexChanged.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        self.view.asked_menu.connect(self._show_menu)
        self.view.activated.connect(self._open)
        self.view.selectionModel().currentChanged.connect(self._open)
        self.model.modelReset.connect(self._follow)
        self.nothing.clicked.connect(self.add_requested)
        self.add.clicked.connect(self.add_requested)
        self.no_match.clicked.connect(self.show_all)

    # -- what it shows ---------------------------------------------------------------

    def _refresh(self) -> None:
        model, project = self.model, self._session.project
        page: QWidget = self.view
        if not model.total:
            page = self.nothing
        elif not model.ids:
            page = self.no_match
        self.pages.setCurrentWidget(page)
        self.states.setVisible(bool(model.total))
        self.search.setVisible(bool(model.total))
        self.count.setVisible(bool(model.total))
        writable = project is not None and project.writable
        self.add.setEnabled(writable)
        self.nothing.button.setEnabled(writable)
        reviewed = f"{model.reviewed:,} of {model.total:,} reviewed"
        listed = len(model.ids)
        self.count.setText(reviewed if listed == model.total else f"{listed:,} listed · {reviewed}")

    def _dress_filters(self) -> None:
        """Give the filters icons in the colours of the theme."""
        for text, icon, _ in FILTERS:
            if icon:
                self.states.setItemIcon(self.states.findText(text), icons.icon(icon))
        self.view.viewport().update()

    def _filter(self) -> None:
        chosen = next(f for text, _, f in FILTERS if text == self.states.currentText())
        self.model.set_filter(ImageFilter(chosen.states, chosen.splits, self.search.text()))
        self._refresh()

    def show_all(self) -> None:
        """List every picture again."""
        self.search.clear()
        self.states.setCurrentIndex(0)

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

    def _is_selected(self, row: int) -> bool:
        return self.view.selectionModel().isSelected(self.model.index(row))

    # -- what is done ----------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """Return the selected pictures in the order of the list."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self.model.ids[row] for row in rows]

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

    def _mark(self, reviewed: bool) -> None:
        state = State.REVIEWED if reviewed else State.IN_WORK
        self._set("Mark reviewed" if reviewed else "Mark in work", state=state)

    def _use_for(self, split: Split) -> None:
        self._set(f"Use for {SPLIT_WORDS[split]}", split=split)

    def _set(self, text: str, **values: State | Split) -> None:
        try:
            self._session.set_image(self.selected_ids(), text, **values)
        except UserError as error:
            self._session.say_error(error)

    def _show_menu(self, place: QPoint) -> None:
        if self.selected_ids():
            writable = self._session.project is not None and self._session.project.writable
            for action in self.menu.actions():
                action.setEnabled(writable)
            self.menu.popup(place)

    # -- events ----------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        take_files(event)

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(dropped_paths(event.mimeData()))
