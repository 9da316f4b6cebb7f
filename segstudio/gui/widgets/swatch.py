"""The colour of a class, and the small pop-up in which another one is chosen."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from segstudio.domain.classes import PALETTE, Colour, hex_of, parse_colour
from segstudio.errors import UserError
from segstudio.gui import theme
from segstudio.gui.widgets.buttons import restyle

_COLUMNS = 5


class Swatch(QAbstractButton):
    """A square of one colour to press."""

    def __init__(self, colour: Colour, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(20, 20)
        self._colour = colour

    def colour(self) -> Colour:
        return self._colour

    def set_colour(self, colour: Colour) -> None:
        """Show a colour without saying so."""
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5)
        fill = QColor(*self._colour)
        # A thin edge, so that a colour near the panel's own still has a shape.
        edge = QColor(theme.mixed(fill.name(), theme.current().text, 0.25))
        painter.setPen(QPen(edge, 1))
        painter.setBrush(fill if self.isEnabled() else theme.colour("hover"))
        painter.drawRoundedRect(square, 3, 3)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else "text_dim"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)


class ClassSwatch(Swatch):
    """The colour of a class; a click offers the palette and a field for any other colour."""

    colour_changed = Signal(tuple)

    def __init__(
        self, colour: Colour, prefix: str, class_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(colour, f"{prefix}_swatch", f"Colour of {class_name}", parent)
        self._prefix = prefix
        self.clicked.connect(self._choose)

    def _choose(self) -> None:
        popup = ColourPopup(self._colour, f"{self._prefix}_colours", self)
        popup.chosen.connect(self._take)
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        popup.show()

    def _take(self, colour: Colour) -> None:
        if colour != self._colour:
            self.set_colour(colour)
            self.colour_changed.emit(colour)


class ColourPopup(QFrame):
    """The palette that colour-blind people can tell apart, and a field for ``#RRGGBB``."""

    chosen = Signal(tuple)

    def __init__(self, colour: Colour, prefix: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName(f"{prefix}_popup")
        self.setProperty("role", "popup")
        grid = QGridLayout()
        grid.setSpacing(theme.GAP)
        for place, offered in enumerate(PALETTE):
            text = hex_of(offered)
            swatch = Swatch(offered, f"{prefix}_{text[1:].lower()}", text)
            swatch.clicked.connect(lambda _=False, c=offered: self._take(c))
            grid.addWidget(swatch, *divmod(place, _COLUMNS))
        self.edit = QLineEdit(hex_of(colour))
        self.edit.setObjectName(f"{prefix}_hex")
        self.edit.setAccessibleName("Colour as #RRGGBB")
        self.edit.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.edit.setFont(theme.figures())
        self.edit.returnPressed.connect(self._take_text)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        column.addLayout(grid)
        column.addWidget(self.edit)

    def _take_text(self) -> None:
        try:
            self._take(parse_colour(self.edit.text().strip()))
        except UserError as error:
            self.edit.setToolTip(f"{error.message}: {error.hint}")
            self.edit.setProperty("invalid", True)
            restyle(self.edit)

    def _take(self, colour: Colour) -> None:
        self.chosen.emit(colour)
        self.close()
