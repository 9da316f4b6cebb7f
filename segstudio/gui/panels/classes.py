"""The classes of the project: choose one to paint with; name, colour, hide and lock them."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from segstudio.domain.classes import LabelClass, default_colour, free_id
from segstudio.errors import UserError
from segstudio.gui import theme
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.panels.class_row import ClassRow
from segstudio.gui.panels.shares import ShareCounter, share_text
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.shares import Share, ShareBar

SHOWN = 8
"""Rows in sight before the list scrolls."""


class ClassesPanel(QWidget):
    """A row for each class; the one that is painted with is lit."""

    def __init__(self, session: Session, ask: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classes_panel")
        self._session, self._ask = session, ask
        self.rows: dict[int, ClassRow] = {}
        self.shares = ShareCounter(session, self)
        self._make_parts()
        session.project_changed.connect(self.refresh)
        session.classes_changed.connect(self.refresh)
        session.view.class_changed.connect(self._show_active)
        self.shares.counted.connect(self._show_shares)
        self.refresh()

    def _make_parts(self) -> None:
        self._head = SectionHeader("Classes", "classes")
        self._head.note.setFont(theme.figures(theme.SECONDARY))
        self._bar = ShareBar("classes")
        head = QVBoxLayout()
        head.setContentsMargins(theme.EDGE, theme.GAP, theme.EDGE, theme.GRID)
        head.setSpacing(0)
        head.addWidget(self._head)
        head.addWidget(self._bar)
        inner = QWidget()
        inner.setObjectName("classes_rows")
        inner.setAutoFillBackground(False)
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        self._list.setSpacing(1)
        self._list.addStretch(1)
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
        self._scroll.setWidget(inner)
        self._add = button("Class", "add_class", "quiet", icon="plus", tip="Add a class")
        self._add.clicked.connect(self.add_class)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.GAP, theme.GRID, theme.GAP, theme.GAP)
        foot.addWidget(self._add)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._scroll, 100)
        column.addLayout(foot)
        column.addStretch(1)  # the button stays below the last row

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
        self._show_active()
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
        id, row = label.id, ClassRow(label)
        row.chosen.connect(lambda: self._session.view.choose_class(id))
        row.renamed.connect(lambda name: self._change(id, name=name))
        row.refused.connect(self._session.say_error)
        row.colour_wanted.connect(lambda: self._ask_colour(id))
        row.visible_switched.connect(lambda: self._switch(id, "visible"))
        row.lock_switched.connect(lambda: self._switch(id, "locked"))
        row.stepped.connect(lambda by: self._step(id, by))
        return row

    def _show_active(self) -> None:
        for id, row in self.rows.items():
            row.set_active(id == self._session.view.active_class)
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        row = self.rows.get(self._session.view.active_class)
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, 0)

    def _show_shares(self) -> None:
        for id, row in self.rows.items():
            row.show_share(self.shares.share(id), self.shares.pixels.get(id, 0))
        parts = [(each, self.shares.share(each.id)) for each in self._session.classes]
        self._bar.set_shares([Share(each.name, each.colour, part) for each, part in parts])
        self._bar.setVisible(bool(self.shares.area))
        done = sum(part or 0 for _, part in parts)
        self._head.set_note(f"{share_text(done) or '0 %'} labelled" if self.shares.area else "")

    # -- what is done to them --------------------------------------------------------

    def add_class(self) -> None:
        """Add a class with the next number and colour, and let its name be typed."""
        session = self._session
        if session.project is None or not session.project.writable:
            return
        try:
            id = free_id(session.classes)
            names = {each.name.casefold() for each in session.classes}
            number = id
            while f"class {number}" in names:
                number += 1
            last = max((each.position for each in session.classes), default=-1)
            session.change_class(
                LabelClass(id, f"class {number}", default_colour(id), position=last + 1)
            )
        except UserError as error:
            session.say_error(error)
            return
        session.view.choose_class(id)
        self.rename(id)

    def rename(self, id: int) -> None:
        """Open the name of a class for typing."""
        self.rows[id].name.edit()

    def _change(self, id: int, **values: object) -> None:
        """Give a class other properties; a refusal is told to the person."""
        old = self._session.class_of(id)
        if old is None:
            return
        try:
            self._session.change_class(replace(old, **values))  # type: ignore[arg-type]
        except UserError as error:
            self._session.say_error(error)

    def _switch(self, id: int, name: str) -> None:
        old = self._session.class_of(id)
        if old is not None:
            self._change(id, **{name: not getattr(old, name)})

    def _ask_colour(self, id: int) -> None:
        old = self._session.class_of(id)
        if old is not None:
            swatch = self.rows[id].swatch
            below = swatch.mapToGlobal(QPoint(0, swatch.height() + theme.GRID))
            colour = self._ask.choose_colour(old.colour, below)
            if colour is not None:
                self._change(id, colour=colour)

    def _step(self, id: int, by: int) -> None:
        """Choose the row above or below, and move the focus there."""
        ids = list(self.rows)
        place = ids.index(id) + by
        if 0 <= place < len(ids):
            self._session.view.choose_class(ids[place])
            self.rows[ids[place]].setFocus(Qt.FocusReason.TabFocusReason)
