"""One class in the list of classes."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QWidget

from segstudio.domain.classes import LabelClass, hex_of
from segstudio.gui import icons, theme
from segstudio.gui.panels.class_key import ClassKey
from segstudio.gui.panels.class_name import ClassName
from segstudio.gui.panels.shares import Shares, share_text
from segstudio.gui.widgets.buttons import icon_button
from segstudio.gui.widgets.swatch import Swatch

SHARE = 46
"""Width of the column of the share, in px."""


class ClassRow(QFrame):
    """Colour, key, name, share, solo, eye and lock of a class; says what is done to it."""

    chosen = Signal()
    renamed = Signal(str)
    refused = Signal(Exception)
    colour_wanted = Signal()
    visible_switched = Signal()
    lock_switched = Signal()
    solo_switched = Signal()
    stepped = Signal(int)
    moved = Signal(int)
    deleted = Signal()
    menu_wanted = Signal(QPoint)
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)

    def __init__(self, label: LabelClass, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.id = label.id
        self.active = False
        self.solo: bool | None = None
        """Whether it is shown alone; None while all are shown."""
        self._label = label
        self._pressed: QPointF | None = None
        self._dragging = False
        self.setObjectName(f"class_row_{label.id}")
        self.setFixedHeight(theme.CONTROL)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._make_parts()
        self._lay_out()
        theme.notifier.changed.connect(self._dress)
        self.show_class(label)

    def _make_parts(self) -> None:
        self.swatch = Swatch(self._label.colour, f"class_colour_{self.id}", "", self)
        self.swatch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.swatch.clicked.connect(self.colour_wanted)
        self.key = ClassKey(self.id, self)
        self.name = ClassName(self)
        self.name.setObjectName(f"class_name_{self.id}")
        self.name.given.connect(self.renamed)
        self.name.refused.connect(self.refused)
        self.share = QLabel(self)
        self.share.setObjectName(f"class_share_{self.id}")
        self.share.setFont(theme.figures(theme.SECONDARY))
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.eye = icon_button("eye", f"class_visible_{self.id}", "", kind="small")
        self.eye.clicked.connect(self._eye_clicked)
        self.alone = icon_button("solo", f"class_solo_{self.id}", "", kind="small")
        self.alone.clicked.connect(self.solo_switched)
        self.alone.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keyboard it is in the menu
        keep = self.alone.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.alone.setSizePolicy(keep)
        self.lock = icon_button("unlock", f"class_lock_{self.id}", "", kind="small")
        self.lock.clicked.connect(self.lock_switched)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(0)
        self.share.setFixedWidth(SHARE)
        row.addWidget(self.swatch)
        row.addSpacing(2)
        row.addWidget(self.key)
        row.addWidget(self.name, 1)
        row.addWidget(self.share)
        row.addSpacing(2)
        row.addWidget(self.alone)
        row.addWidget(self.eye)
        row.addWidget(self.lock)

    # -- what it shows ---------------------------------------------------------------

    def show_class(self, label: LabelClass) -> None:
        """Show the class as it is now."""
        self._label = label
        self.name.set_name(label.name)
        self.swatch.set_colour(label.colour)
        key = f"  ({label.id})" if label.id <= 9 else ""
        self.setAccessibleName(f"Class {label.name}")
        self.setToolTip(f"Paint with {label.name}{key}")
        self.name.setAccessibleName(f"Name of {label.name}")
        self.name.setToolTip(f"{label.name}: double-click to rename  (F2)")
        self.swatch.setAccessibleName(f"Colour of {label.name}")
        self.swatch.setToolTip(f"{hex_of(label.colour)}: choose another colour")
        self.eye.setAccessibleName(f"{'Hide' if label.visible else 'Show'} {label.name}")
        seen = "Hide on the image" if label.visible else "Show on the image"
        self.eye.setToolTip(f"{seen}  (Alt+click: show only this class)")
        self.lock.setAccessibleName(f"{'Unlock' if label.locked else 'Lock'} {label.name}")
        self.lock.setToolTip(
            "Locked: nothing paints over it. Click to unlock"
            if label.locked
            else "Lock, so that nothing paints over it"
        )
        self._dress()

    def show_share(self, shares: Shares, exact: str) -> None:
        """Show how much the class covers, and exactly in the tool tip."""
        self.share.setText(share_text(shares.of(self.id)))
        self.share.setToolTip(exact)

    def set_active(self, active: bool) -> None:
        self.active = active
        self._dress()

    def set_solo(self, solo: bool | None) -> None:
        """Show whether this class, another one (False) or none (None) is shown alone."""
        self.solo = solo
        self._dress()

    def _dress(self) -> None:
        """Give the parts the colours of the moment: what is not switched stays quiet."""
        label, tokens = self._label, theme.current()
        self.name.chosen, self.name.dimmed = self.active, self.solo is False
        self.name.update()
        # Dimmed by mixing, since grey text on the selection would be too weak.
        surface = tokens.selection if self.active else tokens.panel
        ink = tokens.selection_text if self.active else tokens.text
        dim = theme.readable(theme.mixed(ink, surface, 0.35), surface)
        self.share.setStyleSheet(f"color: {dim};")
        self.key.set_ink(dim)
        quiet = theme.mixed(ink, surface, 0.62)
        seen = self.solo is not False and (label.visible or bool(self.solo))
        icons.set_icon(self.eye, "eye" if seen else "eye-off", quiet if label.visible else ink)
        icons.set_icon(
            self.lock, "lock" if label.locked else "unlock", ink if label.locked else quiet
        )
        text = f"Show all classes, not only {label.name}" if self.solo else f"Only {label.name}"
        self.alone.setAccessibleName(text)
        self.alone.setToolTip(text if self.solo else f"Show only {label.name} on the image")
        self._dress_solo(quiet)
        self.update()

    def _dress_solo(self, quiet: str) -> None:
        """Show the button only where it says something: at the mouse or the focus, or switched."""
        icons.set_icon(self.alone, "solo", theme.current().accent if self.solo else quiet)
        self.alone.setVisible(bool(self.solo) or self.underMouse() or self.hasFocus())

    # -- events ----------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(240, theme.CONTROL)

    def _eye_clicked(self) -> None:
        alone = QApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier
        (self.solo_switched if alone else self.visible_switched).emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.globalPosition()
            self.chosen.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        away = event.globalPosition() - self._pressed
        if self._dragging or abs(away.y()) >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragging, self._dragging, self._pressed = self._dragging, False, None
        if dragging:
            self.unsetCursor()
            self.dropped.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.name.edit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.chosen.emit()
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moving = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = self.moved if moving else self.stepped
        match event.key():
            case Qt.Key.Key_F2:
                self.name.edit()
            case Qt.Key.Key_Delete:
                self.deleted.emit()
            case Qt.Key.Key_Space:
                self.chosen.emit()
            case Qt.Key.Key_Up:
                step.emit(-1)
            case Qt.Key.Key_Down:
                step.emit(1)
            case _:
                super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._dress()

    def leaveEvent(self, event: QEvent) -> None:
        self._dress()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._dress()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        if self.active:
            painter.setBrush(theme.colour("selection"))
            painter.drawRoundedRect(whole, theme.RADIUS, theme.RADIUS)
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(0, 6, 3, whole.height() - 12), 1.5, 1.5)
        elif self.underMouse():
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(whole, theme.RADIUS, theme.RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                whole.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS
            )
        painter.end()
