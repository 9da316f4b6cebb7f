"""Keeps a widget floating over another, at an edge of it, without a window of its own."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from segstudio.gui import theme


class Floater(QObject):
    """Places a child at the top or the foot of its parent, in the middle, at its own size.

    With ``width`` the child is that wide where there is room, and as high as its text needs.
    """

    def __init__(self, child: QWidget, edge: Qt.AlignmentFlag, width: int | None = None) -> None:
        super().__init__(child)
        parent = child.parentWidget()
        if parent is None:
            raise ValueError("only a child can float over its parent")
        self._child, self._parent = child, parent
        self._edge, self._width = edge, width
        child.installEventFilter(self)
        parent.installEventFilter(self)

    def place(self) -> None:
        parent, child = self._parent, self._child
        room = parent.width() - 2 * theme.EDGE
        width = min(self._width or child.sizeHint().width(), room)
        height = child.sizeHint().height()
        if self._width and child.hasHeightForWidth():
            height = child.heightForWidth(width)
        foot = parent.height() - height - theme.EDGE
        top = theme.EDGE if self._edge == Qt.AlignmentFlag.AlignTop else max(0, foot)
        child.setGeometry((parent.width() - width) // 2, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        of_parent = watched is not self._child and event.type() == QEvent.Type.Resize
        of_child = watched is self._child and event.type() in _GROWS
        if of_parent or of_child:
            self.place()
        return False


_GROWS = (QEvent.Type.Show, QEvent.Type.LayoutRequest)
