"""The columns at both sides of the picture."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea

LEAST = {LEFT: 258, RIGHT: 312}
"""Widths below which names and tabs would be cut off."""

FIRST = [264, 352, 332, 504]
"""Widths of both columns, and heights of classes and work, before the person moves them."""


class Docks:
    """The pictures at the left; at the right the classes, and below them the work."""

    def __init__(
        self, window: QMainWindow, images: QWidget, classes: QWidget, work: QWidget
    ) -> None:
        self._window = window
        self._images = self._dock("images", "Images", images, LEFT)
        self._classes = self._dock("classes", "Classes", classes, RIGHT)
        self._work = self._dock("work", "Work", work, RIGHT)
        self._sizes = FIRST
        self._placed = False

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
        if not visible:
            self._sizes, self._placed = self.sizes, False
        for dock in (self._images, self._classes, self._work):
            dock.setVisible(visible)
        if first:
            QTimer.singleShot(0, self._window, self._place)

    @property
    def sizes(self) -> list[int]:
        """Widths of the left and the right column in px, and heights of classes and work."""
        if not self._placed:
            return self._sizes
        images, classes, work = (d.size() for d in (self._images, self._classes, self._work))
        return [images.width(), work.width(), classes.height(), work.height()]

    @sizes.setter
    def sizes(self, sizes: list[int]) -> None:
        self._sizes = sizes
        if self._placed:
            self._place()

    def _place(self) -> None:
        """Give them their sizes; Qt takes these only once they are in sight."""
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._window.resizeDocks([self._images, self._work], self._sizes[:2], across)
        self._window.resizeDocks([self._classes, self._work], self._sizes[2:], down)
        self._placed = True
