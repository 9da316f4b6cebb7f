"""The objects of the open picture: counted by class, gone to, deleted and reclassed."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.loading import PictureLoader
from segstudio.gui.objects import Objects, counted
from segstudio.gui.panels.object_thumbnails import ObjectThumbnails
from segstudio.gui.panels.objects_model import EVERY, SHOWN, ObjectsModel, Sort
from segstudio.gui.panels.objects_row import THUMBNAIL, ObjectRow, ObjectsList
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.choices import class_square, combo
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.labels import EmptyState
from segstudio.interactive.objects import MaskObject
from segstudio.store.rasters import Readers

SORTS = {
    Sort.LARGEST: "Largest",
    Sort.SMALLEST: "Smallest",
    Sort.POSITION: "Position",
}
NOTHING = "Every connected part of a class is listed here, with its size"
COUNTING = "Counting the objects of this picture"
NAMED = 6
"""Classes whose counts stand in the head; the tool tip has them all."""
AROUND = 24
"""Pixels that are shown around an object at least, so that one of a single pixel is found."""


class ObjectsPanel(QWidget):
    """A list of objects; what is done with those chosen is one edit."""

    box_requested = Signal(object)  # Box

    def __init__(
        self,
        session: Session,
        objects: Objects,
        loader: PictureLoader,
        readers: Readers,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("objects_panel")
        self._session, self._objects = session, objects
        self._filling = False
        self.model = ObjectsModel(session, self)
        self.thumbnails = ObjectThumbnails(session, loader, readers, THUMBNAIL)
        self.classes = combo("objects_class", "Class", "List objects of this class only")
        self.sort = combo("objects_sort", "Sort by", "What the objects are sorted by")
        for sort, text in SORTS.items():
            self.sort.addItem(text, sort)
        self.list = ObjectsList()
        self.list.setObjectName("objects_list")
        self.list.setAccessibleName("Objects")
        self.list.setModel(self.model)
        self.list.setItemDelegate(ObjectRow(self.thumbnails, self.list))
        self.empty = EmptyState(NOTHING, "Take the brush", "objects_empty", "clusters")
        self.reclass = button("Reclass", "objects_reclass", "plain", "swap",
                              "Give the chosen objects another class")  # fmt: skip
        self.delete = button("Delete", "objects_delete", "plain", "trash",
                             "Take the chosen objects out of the mask", "Del")  # fmt: skip
        self.targets = QMenu("Reclass to", self)
        self.targets.setObjectName("objects_reclass_menu")
        self.targets.setAccessibleName("Class for the chosen objects")
        self.menu = QMenu(self)
        self.menu.setObjectName("objects_menu")
        self.menu.setAccessibleName("What to do with the chosen objects")
        self.counts = label("", "secondary", "objects_counts")
        self.counts.setWordWrap(True)
        self.counts.setFont(theme.figures(theme.SECONDARY))
        self.note = label("", "secondary", "objects_note")
        self._fill_menu()
        self._lay_out()
        self._connect()
        self._take_classes()

    def _fill_menu(self) -> None:
        go = self.menu.addAction("Show in the picture")
        go.setObjectName("action_object_show")
        go.triggered.connect(lambda _=False: self._go())
        self.menu.addMenu(self.targets)
        delete = self.menu.addAction("Delete\tDel")
        delete.setObjectName("action_object_delete")
        delete.triggered.connect(lambda _=False: self.delete_chosen())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.GAP)
        head.setSpacing(theme.GAP)
        head.addWidget(self.classes, 1)
        head.addWidget(self.sort, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.list)
        inner = QVBoxLayout()
        inner.setContentsMargins(theme.GAP, 0, theme.GRID, 0)
        inner.addWidget(self.pages)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.EDGE, theme.GAP, theme.EDGE, 0)
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.reclass, 1)
        foot.addWidget(self.delete, 1)
        self.note.setContentsMargins(theme.EDGE, theme.GAP, theme.EDGE, theme.GAP)
        self.note.setFont(theme.figures(theme.SECONDARY))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        self.counts.setContentsMargins(theme.EDGE, 0, theme.EDGE, theme.GAP)
        column.addWidget(self.counts)
        column.addLayout(inner, 1)
        column.addLayout(foot)
        column.addWidget(self.note)

    def _connect(self) -> None:
        session = self._session
        self._objects.changed.connect(self._show)
        session.classes_changed.connect(self._take_classes)
        session.project_changed.connect(self._take_classes)
        session.history_changed.connect(self._tell)
        self.classes.currentIndexChanged.connect(self._show)
        self.sort.currentIndexChanged.connect(self._show)
        self.list.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.list.clicked.connect(self._clicked)
        self.list.activated.connect(lambda _: self._go())
        self.list.delete_asked.connect(self.delete_chosen)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.thumbnails.arrived.connect(self.list.viewport().update)
        theme.notifier.changed.connect(self.list.viewport().update)
        self.delete.clicked.connect(self.delete_chosen)
        self.reclass.clicked.connect(self._ask_class)
        self.empty.clicked.connect(lambda: session.view.choose_tool("brush"))

    # -- what is shown -----------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._objects.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._objects.want(False)

    def _take_classes(self) -> None:
        self.targets.clear()
        for each in self._session.classes:
            action = self.targets.addAction(class_square(each), each.name.replace("&", "&&"))
            action.setObjectName(f"action_object_reclass_{each.id}")
            action.triggered.connect(self._to(each.id))
        self._show()

    def _to(self, id: int) -> Callable[[], object]:
        return lambda: self._objects.reclass(self.chosen(), id)

    def _show(self) -> None:
        """List what was counted; what was chosen and is still there stays chosen."""
        self._filling = True
        census = self._objects.census
        self._count_classes()
        wanted = {(each.class_id, *_first(each)) for each in self.chosen()}
        self.model.show(census, self.classes.currentData(), self.sort.currentData())
        chosen = QItemSelection()
        rows = self.model.row_of(wanted)
        for row in rows:
            index = self.model.index(row)
            chosen.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        selection = self.list.selectionModel()
        selection.select(chosen, flags.ClearAndSelect)
        if rows:
            selection.setCurrentIndex(self.model.index(rows[0]), flags.NoUpdate)
        waiting = self._session.layers is not None and not self._objects.known
        self.empty.text.setText(COUNTING if waiting else NOTHING)
        self.empty.button.setVisible(not waiting)
        self.empty.button.setEnabled(self._session.editable)
        self.pages.setCurrentWidget(self.list if len(self.model.rows) else self.empty)
        self._filling = False
        self._tell()

    def _count_classes(self) -> None:
        """Write the counts by class into the head, and into the choice of a class."""
        counts, chosen = self._objects.census.counts(), self.classes.currentData()
        here = [each for each in self._session.classes if each.id in counts or each.id == chosen]

        def fill() -> None:
            self.classes.clear()
            self.classes.addItem(f"All · {sum(counts.values()):,}", EVERY)
            for each in here:
                self.classes.addItem(
                    class_square(each), f"{each.name} · {counts.get(each.id, 0):,}", each.id
                )
            self.classes.setCurrentIndex(max(0, self.classes.findData(chosen)))

        quietly(self.classes, fill)
        named = [f"{each.name} {counts[each.id]:,}" for each in here if each.id in counts]
        more = len(named) - NAMED
        words = [*named[:NAMED], *([f"{more} more"] if more > 0 else [])]
        self.counts.setText(" · ".join(words))
        self.counts.setToolTip("\n".join(named))
        self.counts.setVisible(bool(named))

    def _tell(self) -> None:
        """Say how many there are and how many are chosen, and what can be done with them."""
        chosen, matching = len(self.list.selected_rows()), self.model.matching
        words = counted(matching)
        if matching > SHOWN:
            words = f"the first {SHOWN:,} of {words}"
        self.note.setText(f"{words} · {chosen:,} chosen" if chosen else words)
        self.note.setVisible(bool(matching))
        able = bool(chosen) and self._session.editable
        self.reclass.setEnabled(able)
        self.delete.setEnabled(able)

    # -- what is chosen ----------------------------------------------------------------

    def chosen(self) -> list[MaskObject]:
        """Return the chosen objects in the order of the list."""
        count = self.model.rowCount()
        return [self.model.at(row) for row in self.list.selected_rows() if row < count]

    def _chosen_changed(self) -> None:
        if self._filling:
            return
        self._tell()
        if len(self.list.selected_rows()) == 1:
            self._go()

    def _clicked(self, index: QModelIndex) -> None:
        """Go there again when the one that is chosen is clicked."""
        if self.list.selected_rows() == [index.row()]:
            self._go()

    def _go(self) -> None:
        rows = self.list.selected_rows()
        if rows:
            current = self.list.currentIndex().row()
            box = self.model.at(current if current in rows else rows[0]).box
            self.box_requested.emit(box.grown(max(0, (AROUND - min(box.shape)) // 2)))

    def delete_chosen(self) -> None:
        """Take the chosen objects out of the mask."""
        if self.delete.isEnabled():
            self._objects.remove(self.chosen())

    def _ask_class(self) -> None:
        self.targets.popup(self.reclass.mapToGlobal(QPoint(0, self.reclass.height() + 4)))

    def _show_menu(self, place: QPoint) -> None:
        if self.list.selected_rows():
            for action in (*self.targets.actions(), self.menu.actions()[-1]):
                action.setEnabled(self.delete.isEnabled())
            self.menu.popup(self.list.viewport().mapToGlobal(place))


def _first(each: MaskObject) -> tuple[int, int]:
    x, y = each.inside
    return int(y), int(x)
