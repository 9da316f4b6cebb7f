"""The tools at the left, and the strip of their options above the canvas."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolBar, QWidget

from segstudio.gui import theme
from segstudio.gui.session import Session
from segstudio.gui.tools.tool import in_order, tools
from segstudio.gui.view_state import BRUSH_LARGEST
from segstudio.gui.widgets.buttons import icon_button, label
from segstudio.gui.widgets.size_strip import SizeStrip

UNCERTAINTY = "bright: the model is unsure · clear: it is sure"


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
    """What the tool in hand can be told: the class it paints, its size, its keys."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("options_strip")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAutoFillBackground(True)
        self._session = session
        self._title = label("", "title", "tool_title")
        self._hint = label("", "secondary", "tool_hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # It gives way: a narrow window must not grow for it.
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
        layout.addWidget(self._hint, 1)
        self.size_strip.value_changed.connect(session.view.set_brush)
        session.view.brush_changed.connect(self.size_strip.set_value)
        session.view.tool_changed.connect(self._show)
        session.view.overlay_changed.connect(self._write_hint)
        self._show(session.view.tool)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write_hint()

    def _show(self, name: str) -> None:
        tool = tools[name]
        self._title.setText(tool.title)
        self.size_strip.setVisible(tool.sized)
        self._write_hint()

    def _write_hint(self) -> None:
        """Write as much of the hint as there is room for; the tool tip has all of it."""
        view = self._session.view
        hint = UNCERTAINTY if view.uncertainty else tools[view.tool].hint
        self._hint.setToolTip(hint)
        shortened = self._hint.fontMetrics().elidedText(
            hint, Qt.TextElideMode.ElideRight, self._hint.width()
        )
        self._hint.setText(shortened)
