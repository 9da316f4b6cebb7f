"""Real mouse, pen and key events for the window. Qt is imported when they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QMouseEvent

    from segstudio.gui.main_window import MainWindow

Point = tuple[float, float]
"""x and y in pixels of the open image."""


class Hand:
    """Moves mouse and pen over the canvas of a window and presses keys; calls can be chained."""

    window: MainWindow

    def drag(
        self, *points: Point, button: str = "left", shift: bool = False, alt: bool = False,
        ctrl: bool = False,
    ) -> Self:  # fmt: skip
        """Press at the first point, move over the others, release at the last."""
        from PySide6.QtCore import QEvent

        held = (button, shift, alt, ctrl)
        self._mouse(QEvent.Type.MouseButtonPress, points[0], *held)
        for point in points[1:]:
            self._mouse(QEvent.Type.MouseMove, point, *held)
        self._mouse(QEvent.Type.MouseButtonRelease, points[-1], *held)
        return self

    def click(
        self, x: float, y: float, button: str = "left", shift: bool = False, alt: bool = False,
        ctrl: bool = False,
    ) -> Self:  # fmt: skip
        """Press and release at one point."""
        return self.drag((x, y), button=button, shift=shift, alt=alt, ctrl=ctrl)

    def double_click(self, x: float, y: float) -> Self:
        """Click twice at one point, as Qt tells of it."""
        from PySide6.QtCore import QEvent

        self.click(x, y)
        self._mouse(QEvent.Type.MouseButtonDblClick, (x, y), "left")
        self._mouse(QEvent.Type.MouseButtonRelease, (x, y), "left")
        return self

    def move(self, x: float, y: float) -> Self:
        """Move the mouse without a button."""
        from PySide6.QtCore import QEvent

        self._mouse(QEvent.Type.MouseMove, (x, y), "")
        return self

    def pen(self, *points: Point, pressure: float = 1.0, rubber: bool = False) -> Self:
        """Draw with a pen, or with its other end, pressed so hard (0…1)."""
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QPointingDevice, QTabletEvent
        from PySide6.QtWidgets import QApplication

        kinds, device = QPointingDevice.PointerType, QPointingDevice.primaryPointingDevice()
        pen = QPointingDevice(
            "pen", 1, device.DeviceType.Stylus, kinds.Eraser if rubber else kinds.Pen,
            device.Capability.Position | device.Capability.Pressure, 1, 1,
        )  # fmt: skip
        kind, left, none = QEvent.Type, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        moves = [(kind.TabletMove, point, none, left, pressure) for point in points[1:]]
        steps = [
            (kind.TabletPress, points[0], left, left, pressure), *moves,
            (kind.TabletRelease, points[-1], left, none, 0.0),
        ]  # fmt: skip
        canvas = self.window.canvas
        for step, point, button, held, force in steps:
            place = canvas.view.to_view(*point)
            event = QTabletEvent(
                step, pen, place, canvas.mapToGlobal(place), force, 0.0, 0.0, 0.0, 0.0, 0.0,
                Qt.KeyboardModifier.NoModifier, button, held,
            )  # fmt: skip
            QApplication.sendEvent(canvas, event)
        return self

    def _mouse(self, kind: QEvent.Type, at: Point, button: str, *held: bool) -> None:
        from PySide6.QtWidgets import QApplication

        QApplication.sendEvent(self.window.canvas, self.mouse_event(kind, at, button, *held))

    def mouse_event(
        self, kind: QEvent.Type, at: Point, button: str = "left", shift: bool = False,
        alt: bool = False, ctrl: bool = False,
    ) -> QMouseEvent:  # fmt: skip
        """Return a mouse event on the canvas, its button held where the kind wants it."""
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QMouseEvent

        canvas = self.window.canvas
        place = canvas.view.to_view(*at)
        held = _button(button)
        none = Qt.MouseButton.NoButton
        after = none if kind == QEvent.Type.MouseButtonRelease else held
        which = none if kind == QEvent.Type.MouseMove else held
        modifiers = Qt.KeyboardModifier.NoModifier
        if shift:
            modifiers |= Qt.KeyboardModifier.ShiftModifier
        if alt:
            modifiers |= Qt.KeyboardModifier.AltModifier
        if ctrl:
            modifiers |= Qt.KeyboardModifier.ControlModifier
        place_on_screen = canvas.mapToGlobal(place)
        return QMouseEvent(kind, place, place_on_screen, which, after, modifiers)

    def key(self, keys: str) -> Self:
        """Press keys such as ``"B"``, ``"Ctrl+Z"`` or ``"Enter"``."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        QTest.keySequence(self.window.windowHandle(), QKeySequence(keys))
        QApplication.processEvents()
        return self


def _button(name: str) -> Qt.MouseButton:
    from PySide6.QtCore import Qt

    return {
        "": Qt.MouseButton.NoButton,
        "left": Qt.MouseButton.LeftButton,
        "right": Qt.MouseButton.RightButton,
        "middle": Qt.MouseButton.MiddleButton,
    }[name]
