"""The columns at both sides of the picture."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea

LEAST = {LEFT: 258, RIGHT: 312}
"""Widths below which names and tabs would be cut off."""


class Docks:
    """The pictures at the left; at the right the classes, and below them the work."""

    def __init__(
        self, window: QMainWindow, images: QWidget, classes: QWidget, work: QWidget
    ) -> None:
        self._window = window
        self._images = self._dock("images", "Images", images, LEFT)
        self._classes = self._dock("classes", "Classes", classes, RIGHT)
        self._work = self._dock("work", "Work", work, RIGHT)

    def _dock(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock_{name}")
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(QWidget(dock))
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        widget.setMinimumWidth(LEAST[area])
        dock.setWidget(widget)
        self._window.addDockWidget(area, dock)
        return dock

    def set_visible(self, visible: bool) -> None:
        """Show them beside a project, or hide them where there is none."""
        first = visible and not self._images.isVisible()
        for dock in (self._images, self._classes, self._work):
            dock.setVisible(visible)
        if first:
            QTimer.singleShot(0, self._window, self._place)

    def _place(self) -> None:
        """Give them their first sizes; Qt takes these only once they are in sight."""
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._window.resizeDocks([self._images, self._work], [264, 352], across)
        self._window.resizeDocks([self._classes, self._work], [332, 504], down)
