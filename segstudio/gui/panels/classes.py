"""The classes of the project: choose one to paint with; name, colour, hide, lock, order them."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from segstudio.domain.classes import LabelClass
from segstudio.gui import theme
from segstudio.gui.class_editing import ClassEditing
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.panels.class_head import ClassHead
from segstudio.gui.panels.class_menu import ClassMenu
from segstudio.gui.panels.class_row import ClassRow
from segstudio.gui.panels.shares import NOTHING, ShareCounter, share_text
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button
from segstudio.gui.widgets.shares import Share

SHOWN = 8
"""Rows in sight before the list scrolls."""


class ClassesPanel(QWidget):
    """A row for each class; the one that is painted with is lit."""

    def __init__(self, session: Session, ask: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classes_panel")
        self._session = session
        self.rows: dict[int, ClassRow] = {}
        self.editing = ClassEditing(session, ask)
        self.shares = ShareCounter(session)
        self.menu = ClassMenu(self)
        self.head = ClassHead()
        self._make_list()
        self._make_foot()
        self._lay_out()
        self._connect()
        self.refresh()

    # -- parts -----------------------------------------------------------------------

    def _make_list(self) -> None:
        self._inner = QWidget()
        self._inner.setObjectName("classes_rows")
        self._inner.setAutoFillBackground(False)
        self._list = QVBoxLayout(self._inner)
        self._list.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        self._list.setSpacing(1)
        self._list.addStretch(1)
        self._mark = QFrame(self._inner)  # where a dragged row would go
        self._mark.setFixedHeight(2)
        self._mark.hide()
        self._scroll = QScrollArea()
        self._scroll.setObjectName("classes_scroll")
        self._scroll.setAccessibleName("List of classes")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        # New rows have their places only when the list has grown.
        self._scroll.verticalScrollBar().rangeChanged.connect(self._bring_into_sight)
        self._scroll.setWidget(self._inner)

    def _make_foot(self) -> None:
        self._add = button("Class", "add_class", "quiet", icon="plus", tip="Add a class")
        self._start = button(
            "Templates", "class_templates", "quiet", tip="Begin with a set of classes"
        )
        self._start.setMenu(self.menu.starting)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.GAP, theme.GRID, theme.GAP, theme.GAP)
        foot.addWidget(self._add)
        foot.addStretch(1)
        foot.addWidget(self._start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._scroll, 100)
        column.addLayout(foot)
        column.addStretch(1)  # the button stays below the last row

    def _connect(self) -> None:
        session, editing, menu = self._session, self.editing, self.menu
        session.project_changed.connect(self.refresh)
        session.classes_changed.connect(self.refresh)
        session.images_changed.connect(self._show_start)
        session.view.class_changed.connect(self._show_active)
        session.view.overlay_changed.connect(self._show_solo)
        self.shares.counted.connect(self._show_shares)
        self._add.clicked.connect(self.add_class)
        self.head.whole_chosen.connect(self._choose_shares)
        self.head.solo_ended.connect(lambda: session.view.set_solo(None))
        self.head.menu_wanted.connect(lambda place: self._open_menu(self._active, place))
        menu.chosen.connect(self._do)
        menu.merge_chosen.connect(lambda id, target: editing.removal.merge(id, target))
        menu.template_chosen.connect(editing.take_template)

    # -- what it shows ---------------------------------------------------------------

    def refresh(self) -> None:
        """Show the classes as they are now, keeping the rows that stay."""
        project = self._session.project
        classes = self._session.classes if project is not None else []
        ids = [each.id for each in classes]
        if ids != list(self.rows):
            self._arrange(classes)
        for each in classes:
            self.rows[each.id].show_class(each)
        self._add.setEnabled(project is not None and project.writable)
        self._scroll.setMinimumHeight(min(len(ids), SHOWN) * (theme.CONTROL + 1))
        self._scroll.setMaximumHeight(len(ids) * (theme.CONTROL + 1))
        self._show_start()
        self._show_active()
        self._show_solo()
        self._show_shares()

    def _arrange(self, classes: list[LabelClass]) -> None:
        """Make rows for new classes, drop those of gone ones, and put all in order."""
        old = self.rows
        self.rows = {each.id: old.get(each.id) or self._row(each) for each in classes}
        for row in (row for id, row in old.items() if id not in self.rows):
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        before: QWidget = self._scroll
        for place, row in enumerate(self.rows.values()):
            self._list.insertWidget(place, row)
            for part in (row, row.swatch, row.name, row.eye, row.lock):
                QWidget.setTabOrder(before, part)
                before = part

    def _row(self, label: LabelClass) -> ClassRow:
        id, row, editing = label.id, ClassRow(label), self.editing
        row.chosen.connect(lambda: self._session.view.choose_class(id))
        row.renamed.connect(lambda name: editing.change(id, name=name))
        row.refused.connect(self._session.say_error)
        row.colour_wanted.connect(lambda: self._do("colour", id))
        row.visible_switched.connect(lambda: self._do("hide", id))
        row.lock_switched.connect(lambda: self._do("lock", id))
        row.solo_switched.connect(lambda: self._do("solo", id))
        row.deleted.connect(lambda: self._do("delete", id))
        row.moved.connect(lambda by: editing.step(id, by))
        row.stepped.connect(lambda by: self._step(id, by))
        row.menu_wanted.connect(lambda place: self._open_menu(id, place))
        row.dragged.connect(lambda place: self._show_mark(place))
        row.dropped.connect(lambda place: self._drop(id, place))
        return row

    @property
    def _active(self) -> int:
        return self._session.view.active_class

    def _show_active(self) -> None:
        for id, row in self.rows.items():
            row.set_active(id == self._active)
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        row = self.rows.get(self._active)
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, 0)

    def _show_solo(self) -> None:
        solo = self._session.view.solo
        label = None if solo is None else self._session.class_of(solo)
        for id, row in self.rows.items():
            row.set_solo(None if label is None else id == label.id)
        self.head.show_solo("" if label is None else label.name)

    def _show_start(self) -> None:
        project = self._session.project
        writable = project is not None and project.writable
        self._start.setVisible(writable and self.editing.untouched)

    def _choose_shares(self, whole: bool) -> None:
        self.shares.want(whole)
        self._show_shares()

    def _show_shares(self) -> None:
        whole = self.head.of_project.isChecked()
        shares = self.shares.project if whole else self.shares.image
        for id, row in self.rows.items():
            row.show_share(shares, self._exact(id))
        parts = [(each, shares.of(each.id)) for each in self._session.classes]
        done = sum(part or 0 for _, part in parts)
        note = f"{share_text(done) or '0 %'} labelled" if shares.area else ""
        self.head.show_shares([Share(each.name, each.colour, part) for each, part in parts], note)

    def _exact(self, id: int) -> str:
        """Return both shares of a class, those of what there is."""
        image, project = self.shares.image, self.shares.project
        lines = [
            shares.in_words(id, what)
            for shares, what in ((image, "this picture"), (project, "all pixels of the project"))
            if shares is not NOTHING and project.pixels.get(id, image.pixels.get(id))
        ]
        return "\n".join(lines)

    # -- what is done to them --------------------------------------------------------

    def add_class(self) -> None:
        """Add a class and let its name be typed."""
        id = self.editing.add()
        if id is not None:
            self.rename(id)

    def rename(self, id: int) -> None:
        """Open the name of a class for typing."""
        self.rows[id].name.edit()

    def _do(self, what: str, id: int) -> None:
        """Do one of the things of the menu."""
        editing = self.editing
        match what:
            case "rename":
                self.rename(id)
            case "colour":
                swatch = self.rows[id].swatch
                below = swatch.mapToGlobal(QPoint(0, swatch.height() + theme.GRID))
                editing.ask_colour(id, below)
            case "hide":
                editing.switch(id, "visible")
            case "lock":
                editing.switch(id, "locked")
            case "solo":
                editing.solo(id)
            case "delete":
                editing.removal.delete(id)
            case "up" | "down":
                editing.step(id, -1 if what == "up" else 1)
            case "load":
                editing.load()
            case "save":
                editing.save()

    def _open_menu(self, id: int, place: QPoint) -> None:
        session = self._session
        project = session.project
        if project is not None:
            solo = session.view.solo == id
            label = session.class_of(id)
            self.menu.show_for(label, session.classes, solo, project.writable, place)

    def _step(self, id: int, by: int) -> None:
        """Choose the row above or below, and move the focus there."""
        ids = list(self.rows)
        place = ids.index(id) + by
        if 0 <= place < len(ids):
            self._session.view.choose_class(ids[place])
            self.rows[ids[place]].setFocus(Qt.FocusReason.TabFocusReason)

    # -- dragging --------------------------------------------------------------------

    def _gap(self, place: QPoint) -> int:
        """Return how many rows are above a place of the screen."""
        y = self._inner.mapFromGlobal(place).y()
        return sum(row.geometry().center().y() < y for row in self.rows.values())

    def _show_mark(self, place: QPoint) -> None:
        """Draw a line where a dragged row would go."""
        rows, gap = list(self.rows.values()), self._gap(place)
        y = rows[gap].y() - 1 if gap < len(rows) else rows[-1].geometry().bottom()
        self._mark.setStyleSheet(f"background: {theme.current().accent};")
        self._mark.setGeometry(theme.GAP, max(0, y - 1), self._inner.width() - 2 * theme.GAP, 2)
        self._mark.raise_()
        self._mark.show()
        self._scroll.ensureVisible(0, self._inner.mapFromGlobal(place).y(), 0, theme.CONTROL)

    def _drop(self, id: int, place: QPoint) -> None:
        self._mark.hide()
        gap, old = self._gap(place), list(self.rows).index(id)
        self.editing.move(id, gap - 1 if gap > old else gap)
