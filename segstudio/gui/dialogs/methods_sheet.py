"""The sheet that compares methods: how much is looked at, and the table of what was found."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.dialogs.methods_table import (
    FIRST_CLASS,
    LEARNS,
    METHOD,
    MIOU,
    PACE,
    ROW,
    SETTINGS,
    MethodsModel,
    MethodsOrder,
    rows_table,
)
from segstudio.gui.dialogs.overlay import Overlay
from segstudio.gui.methods_study import Extent, MethodsStudy
from segstudio.gui.widgets.buttons import button, icon_button, label
from segstudio.gui.widgets.compact_fields import compact_field
from segstudio.gui.widgets.field import Field
from segstudio.gui.widgets.labels import EmptyState
from segstudio.gui.widgets.message_line import sentence
from segstudio.settings import build, settings_of

LEAST, LOW, HIGH = 880, 440, 720
"""The width and height of the card before there is a table, and its height with one."""

LEFT, RIGHT = 24, theme.EDGE
WIDTHS = {METHOD: 184, SETTINGS: 172, LEARNS: 104, MIOU: 124, PACE: 72}
CLASS_WIDTH = 64
NOTHING = "How well each method does on your labelled pictures appears here, the best first"
BEGIN = "Compare methods"


class MethodsSheet(Overlay):
    """Shows a comparison; it goes on in the background when the sheet is closed."""

    def __init__(self, study: MethodsStudy, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("methods_sheet")
        self.setAccessibleName("Compare methods")
        self._study = study
        self._followed = True  # the best row stays chosen until the person chooses another
        self.fields: dict[str, Field] = {
            setting.name: compact_field(setting, f"methods_{setting.name}")
            for setting in settings_of(Extent)
        }
        self.begin = button(
            "Compare again", "methods_begin", tip="Measure every method, with several settings"
        )
        self.stop = button("Stop", "methods_stop", "plain", "stop", "Stop; what was measured stays")
        self.use = button(
            "Use", "methods_use", "primary", "", "Propose by this method as it stands here", "Enter"
        )
        self.said = label("", "dim", "methods_said")
        self.note = label("", "secondary", "methods_note")
        self.progress = QProgressBar()
        self.progress.setObjectName("methods_progress")
        self.progress.setAccessibleName("How far the comparison is")
        self.progress.setTextVisible(False)
        self.model = MethodsModel(self)
        self.order = MethodsOrder(self.model, self)
        self.table = rows_table(self.order)
        self.empty = EmptyState(NOTHING, BEGIN, "methods_empty", "histogram")
        self.empty.button.setProperty("kind", "primary")
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._fill()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Compare methods", "title"))
        head.addStretch(1)
        close = icon_button("discard", "methods_close", "Close; comparing goes on", "Esc",
                            kind="small")  # fmt: skip
        close.clicked.connect(self.close)
        head.addWidget(close)
        row = QHBoxLayout()
        row.setSpacing(theme.GROUP)
        for field in self.fields.values():
            row.addWidget(field)
        row.addStretch(1)
        row.addWidget(self.begin)
        row.addWidget(self.stop)
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.table)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GROUP)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.use)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(LEFT, theme.EDGE, RIGHT, theme.EDGE)
        column.setSpacing(theme.GROUP)
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addWidget(self.progress)
        column.addWidget(self.pages, 1)
        column.addLayout(foot)
        self.note.setWordWrap(True)
        self.said.setWordWrap(True)

    def _connect(self) -> None:
        study = self._study
        for name, field in self.fields.items():
            field.set_value(getattr(study.extent, name))
            field.changed.connect(self._take)
        self.begin.clicked.connect(lambda: study.start())
        self.empty.clicked.connect(lambda: study.start())
        self.stop.clicked.connect(lambda: study.stop())
        self.use.clicked.connect(self._use)
        self.table.doubleClicked.connect(lambda _: self._use())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._describe())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._choose())
        study.changed.connect(self._fill)
        study.measured.connect(self._add)
        theme.notifier.changed.connect(self.table.viewport().update)

    def _take(self) -> None:
        values = {name: field.value() for name, field in self.fields.items()}
        self._study.extent = build(Extent, values)

    # -- what is shown ---------------------------------------------------------------

    def _fill(self) -> None:
        study = self._study
        if not self.model.holds(study.rows, study.classes):
            self.model.set_rows(study.rows, study.classes)
            self._followed = True
            self.table.sortByColumn(MIOU, Qt.SortOrder.DescendingOrder)
        self.place_card()
        if study.job is not None:
            study.job.progressed.connect(self._show_progress)
        if self._followed:
            self._select_first()
        self._show_state()

    def _widths(self) -> dict[int, int]:
        """Return how wide each column has to be."""
        header = self.table.horizontalHeader()
        widths = {n: WIDTHS.get(n, CLASS_WIDTH) for n in range(self.model.columnCount())}
        for column in range(FIRST_CLASS, len(widths)):
            widths[column] = max(widths[column], header.sectionSizeFromContents(column).width())
        return widths

    def _add(self, row: object) -> None:
        self.model.append(row)  # type: ignore[arg-type]
        if self._followed:
            self._select_first()
        self._show_state()

    def _select_first(self) -> None:
        if self.order.rowCount():
            rows = QItemSelectionModel.SelectionFlag.Rows
            clear = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.table.selectionModel().setCurrentIndex(self.order.index(0, 0), clear | rows)
            self._followed = True

    def _show_state(self) -> None:
        study = self._study
        running = study.job is not None
        if running and not study.rows:
            self.setFocus()  # the button that was pressed goes
        self.begin.setVisible(bool(study.rows) and not running)
        self.stop.setVisible(running)
        self.progress.setVisible(running)
        self.use.setVisible(bool(study.rows))
        for field in self.fields.values():
            field.setEnabled(not running)
        page = self.table if study.rows else self.empty
        if page is not self.pages.currentWidget():
            self.pages.setCurrentWidget(page)
            self.take_focus()
        self.said.setText(self._in_words())
        if running:
            self.empty.set_text("The first figures come in a moment")
        elif study.error is not None:
            words = (study.error.message, study.error.hint)
            self.empty.set_text(". ".join(sentence(text) for text in words if text) + ".", BEGIN)
        else:
            self.empty.set_text(NOTHING, BEGIN)
        self._describe()

    def _in_words(self) -> str:
        found = self._study.study
        if found is None:
            return "Each method learns from a few labelled pictures and is measured on others."
        learned, judged, pixels = len(found.learned), len(found.judged), self._study.extent.pixels
        done = f"{len(self._study.rows)} of {len(found.candidates)} measured. "
        return (
            f"{done if len(self._study.rows) < len(found.candidates) else ''}"
            f"Learned from {_counted(learned)} and {pixels} pixels of each class, "
            f"measured on {_counted(judged, 'other ')}."
        )

    def _show_progress(self, done: int, total: int, text: str) -> None:
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.note.setText(text)

    def _describe(self) -> None:
        """Say of the chosen row what its figures do not."""
        index = self.chosen()
        self.use.setEnabled(index is not None)
        tip = (
            self.order.index(index.row(), LEARNS).data(Qt.ItemDataRole.ToolTipRole) if index else ""
        )
        self.note.setText(sentence(tip or ""))

    # -- what is done ----------------------------------------------------------------

    def chosen(self) -> QModelIndex | None:
        """Return the row that is chosen."""
        rows = self.table.selectionModel().selectedRows()
        return rows[0] if rows else None

    def _choose(self) -> None:
        self._followed = False

    def _use(self) -> None:
        index = self.chosen()
        if index is not None:
            self._study.use(index.data(ROW))
            self.close()

    def own_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use()
            return True
        return super().own_key(event)

    def take_focus(self) -> None:
        begin = self if self._study.job is not None else self.empty.button
        (self.table if self._study.rows else begin).setFocus()

    def place_card(self) -> None:
        """Make the card as wide as the table, and the settings wider where it is narrow."""
        widths, bar = self._widths(), self.table.verticalScrollBar().sizeHint().width()
        beside = LEFT + RIGHT + bar + 2 * self.table.frameWidth()
        room = self.size() - QSize(4 * theme.EDGE, 4 * theme.EDGE)
        begun = bool(self._study.rows) or self._study.job is not None
        size = QSize(LEAST, LOW)
        if begun:
            size = QSize(max(sum(widths.values()) + beside, LEAST), HIGH)
        size = size.boundedTo(room)
        widths[SETTINGS] += max(size.width() - beside - sum(widths.values()), 0)
        for column, width in widths.items():
            self.table.setColumnWidth(column, width)
        self.card.resize(size)
        left, top = self.width() - size.width(), self.height() - size.height()
        self.card.move(left // 2, top // 2)


def _counted(number: int, other: str = "") -> str:
    return f"{number} {other}picture{'s' * (number != 1)}"
