"""The tools at the left, and the strip of their options above the canvas."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolBar, QWidget

from segstudio.gui import theme
from segstudio.gui.options_row import OptionsRow
from segstudio.gui.session import Session
from segstudio.gui.tools.remembering import remember, restored
from segstudio.gui.tools.tool import Tool, in_order, tools
from segstudio.gui.view_state import BRUSH_LARGEST
from segstudio.gui.widgets.buttons import icon_button
from segstudio.gui.widgets.size_strip import SizeStrip

LETTERS = 112
"""What of a text stays in sight at least, in px."""

UNCERTAINTY = "bright: doubtful · clear: sure"
"""True of one model and of two that are compared."""


class ToolRail(QToolBar):
    """One button a tool; exactly one is pressed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Tools", parent)
        self.setObjectName("tool_rail")
        self.setOrientation(Qt.Orientation.Vertical)
        self.setMovable(False)
        self.setFloatable(False)
        self._group = QButtonGroup(self)
        for name in in_order():
            tool = tools[name]
            made = icon_button(tool.icon, f"tool_{name}", tool.title, tool.key, True, "rail")
            made.clicked.connect(lambda _=False, n=name: session.view.choose_tool(n))
            self._group.addButton(made)
            self.addWidget(made)
        self._session = session
        session.view.tool_changed.connect(self._check)
        self._check(session.view.tool)

    def _check(self, name: str) -> None:
        made = self.findChild(QWidget, f"tool_{name}")
        if made is not None:
            made.setChecked(True)  # type: ignore[attr-defined]


class OptionsStrip(QWidget):
    """What the tool in hand can be told: its size, its options; and what its keys are.

    ``named`` gives the tools by their names. Their options are those that were kept.
    """

    def __init__(
        self, session: Session, named: Callable[[str], Tool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("options_strip")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAutoFillBackground(True)
        self._session = session
        self._title = Elided("title", "tool_title")
        self._hint = Elided("secondary", "tool_hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # It gives way to all else.
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.size_strip = SizeStrip("brush_size", 1, BRUSH_LARGEST)
        self.size_strip.set_value(session.view.brush)
        # As high without the size: the picture must not jump from tool to tool.
        self.setMinimumHeight(self.size_strip.sizeHint().height() + 2 * theme.GRID)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, theme.GRID, theme.EDGE, theme.GRID)
        layout.setSpacing(theme.GROUP)
        layout.addWidget(self._title)
        layout.addWidget(self.size_strip)
        self.rows: dict[str, OptionsRow] = {}
        for name in in_order():
            tool = named(name)
            if tool.options is not None:
                self.rows[name] = self._row(name, tool)
                layout.addWidget(self.rows[name])
        layout.addWidget(self._hint, 1)
        self.size_strip.value_changed.connect(session.view.set_brush)
        session.view.brush_changed.connect(self.size_strip.set_value)
        session.view.tool_changed.connect(self._show)
        session.view.overlay_changed.connect(self._write_hint)
        self._show(session.view.tool)

    def _row(self, name: str, tool: Tool) -> OptionsRow:
        """Return the editors of a tool's options, and give it those that were kept."""
        tool.options = restored(name, tool.options)
        row = OptionsRow(f"tool_{name}", tool.options, self)

        def take(options: object) -> None:
            tool.options = options
            tool.options_changed()
            remember(name, options)

        row.changed.connect(take)
        return row

    def _show(self, name: str) -> None:
        tool = tools[name]
        self._title.say(tool.title)
        self.size_strip.setVisible(tool.sized)
        for of, row in self.rows.items():
            row.setVisible(of == name)
        self._write_hint()

    def _write_hint(self) -> None:
        view = self._session.view
        self._hint.say(UNCERTAINTY if view.uncertainty else tools[view.tool].hint)


class Elided(QLabel):
    """Writes as much of a text as there is room for; the tool tip has all of it."""

    def __init__(self, role: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole = ""

    def say(self, text: str) -> None:
        self._whole = text
        self.setToolTip(text)
        self.updateGeometry()
        self._write()

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self._whole)
        return QSize(wide + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A narrow window must not grow for a long text."""
        return QSize(min(LETTERS, self.sizeHint().width()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        right = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._whole, right, self.width()))
