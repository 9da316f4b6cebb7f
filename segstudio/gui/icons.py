"""Icons drawn for this program, tinted by the theme and sharp at every scale."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from segstudio.gui import theme
from segstudio.resources import resource

SIZE = 20
"""Side of the grid on which the icons are drawn, in px."""


def icon(name: str, colour: str | None = None) -> QIcon:
    """Return an icon by its file's name, in the theme's colours or in one ``#RRGGBB``.

    It keeps the theme of the moment: `set_icon` follows when the theme changes.
    Raises FileNotFoundError for a name that has no file.
    """
    return _icon(name, colour, theme.current(), _scale())


def set_icon(target: QAction | QAbstractButton, name: str, colour: str | None = None) -> None:
    """Give an action or a button an icon that changes with the theme."""
    dresser = target.findChild(_Dresser, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if dresser is None:
        dresser = _Dresser(target)
    dresser.wear(name, colour)


def pixmap(name: str, colour: str, size: int = SIZE) -> QPixmap:
    """Return an icon drawn in one colour, ``size`` px a side on the sharpest screen."""
    return _pixmap(name, colour, size, _scale())


def app_icon() -> QIcon:
    """Return the program's own icon."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_render(resource("icons", "segstudio.svg").read_bytes(), size, 1.0))
    return made


class _Dresser(QObject):
    """Lives as long as its parent, and gives it its icon anew with each theme."""

    def __init__(self, target: QAction | QAbstractButton) -> None:
        super().__init__(target)
        self._target = target
        self._worn: tuple[str, str | None] = ("", None)
        theme.notifier.changed.connect(self._refresh)

    def wear(self, name: str, colour: str | None) -> None:
        self._worn = (name, colour)
        self._refresh()

    def _refresh(self) -> None:
        self._target.setIcon(icon(*self._worn))


@lru_cache(maxsize=512)
def _icon(name: str, colour: str | None, tokens: theme.Tokens, scale: float) -> QIcon:
    normal = colour or tokens.text
    on = colour or tokens.selection_text
    made = QIcon()
    for size in (SIZE, 16):
        for state, tint in ((QIcon.State.Off, normal), (QIcon.State.On, on)):
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
                made.addPixmap(_pixmap(name, tint, size, scale), mode, state)
            grey = _pixmap(name, tokens.text_disabled, size, scale)
            made.addPixmap(grey, QIcon.Mode.Disabled, state)
    return made


@lru_cache(maxsize=1024)
def _pixmap(name: str, colour: str, size: int, scale: float) -> QPixmap:
    drawing = resource("icons", f"{name}.svg").read_bytes()
    return _render(drawing.replace(b"currentColor", colour.encode()), size, scale)


def _render(drawing: bytes, size: int, scale: float) -> QPixmap:
    side = round(size * scale)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(scale)
    return made


def _scale() -> float:
    """Return the largest device pixel ratio of the screens."""
    return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
