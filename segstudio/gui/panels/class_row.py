"""One class in the list of classes."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from segstudio.domain.classes import LabelClass, hex_of
from segstudio.gui import icons, theme
from segstudio.gui.panels.class_name import ClassName
from segstudio.gui.panels.shares import share_text
from segstudio.gui.widgets.buttons import icon_button
from segstudio.gui.widgets.swatch import Swatch

NUMBER, SHARE = 20, 52
"""Widths of the columns of the key and of the share, in px."""


class ClassRow(QFrame):
    """Colour, key, name, share, eye and lock of a class; says what is done to it."""

    chosen = Signal()
    renamed = Signal(str)
    refused = Signal(Exception)
    colour_wanted = Signal()
    visible_switched = Signal()
    lock_switched = Signal()
    stepped = Signal(int)

    def __init__(self, label: LabelClass, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.id = label.id
        self.active = False
        self._label = label
        self.setObjectName(f"class_row_{label.id}")
        self.setFixedHeight(theme.CONTROL)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._make_parts()
        self._lay_out()
        theme.notifier.changed.connect(self._dress)
        self.show_class(label)

    def _make_parts(self) -> None:
        self.swatch = Swatch(self._label.colour, f"class_colour_{self.id}", "", self)
        self.swatch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.swatch.clicked.connect(self.colour_wanted)
        self.number = QLabel(str(self.id), self)
        self.number.setFont(theme.figures(theme.SECONDARY))
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = ClassName(self)
        self.name.setObjectName(f"class_name_{self.id}")
        self.name.given.connect(self.renamed)
        self.name.refused.connect(self.refused)
        self.name.pressed.connect(self.chosen)
        self.share = QLabel(self)
        self.share.setObjectName(f"class_share_{self.id}")
        self.share.setFont(theme.figures(theme.SECONDARY))
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.eye = icon_button("eye", f"class_visible_{self.id}", "", kind="small")
        self.eye.clicked.connect(self.visible_switched)
        self.lock = icon_button("unlock", f"class_lock_{self.id}", "", kind="small")
        self.lock.clicked.connect(self.lock_switched)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(0)
        self.number.setFixedWidth(NUMBER)
        self.share.setFixedWidth(SHARE)
        row.addWidget(self.swatch)
        row.addWidget(self.number)
        row.addWidget(self.name, 1)
        row.addWidget(self.share)
        row.addSpacing(theme.GRID)
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
        self.eye.setToolTip("Hide on the image" if label.visible else "Show on the image")
        self.lock.setAccessibleName(f"{'Unlock' if label.locked else 'Lock'} {label.name}")
        self.lock.setToolTip(
            "Locked: nothing paints over it. Click to unlock"
            if label.locked
            else "Lock, so that nothing paints over it"
        )
        self._dress()

    def show_share(self, share: float | None, pixels: int) -> None:
        """Show how much of the open picture the class covers."""
        self.share.setText(share_text(share))
        exact = f"{share:.2%} of this picture, {pixels:,} px" if share else ""
        self.share.setToolTip(exact.replace("%", " %", 1))

    def set_active(self, active: bool) -> None:
        self.active = active
        self._dress()

    def _dress(self) -> None:
        """Give the parts the colours of the moment: what is not switched stays quiet."""
        label, tokens = self._label, theme.current()
        self.name.chosen = self.active
        self.name.update()
        # Dimmed by mixing, since grey text on the selection would be too weak.
        surface = tokens.selection if self.active else tokens.panel
        ink = tokens.selection_text if self.active else tokens.text
        dim = theme.readable(theme.mixed(ink, surface, 0.35), surface)
        for part in (self.number, self.share):
            part.setStyleSheet(f"color: {dim};")
        quiet = theme.mixed(ink, surface, 0.62)
        icons.set_icon(
            self.eye, "eye" if label.visible else "eye-off", quiet if label.visible else ink
        )
        icons.set_icon(
            self.lock, "lock" if label.locked else "unlock", ink if label.locked else quiet
        )
        self.update()

    # -- events ----------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(240, theme.CONTROL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.name.edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_F2:
                self.name.edit()
            case Qt.Key.Key_Space:
                self.chosen.emit()
            case Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Down:
                self.stepped.emit(1)
            case _:
                super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

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
