"""Buttons and labels in the few kinds that the window uses."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from segstudio.gui import icons

Kind = Literal["plain", "primary", "quiet", "danger", "link", "chip"]
Role = Literal["body", "dim", "secondary", "title", "header", "error", "warning"]


def button(
    text: str, name: str, kind: Kind = "plain", icon: str = "", tip: str = "", key: str = ""
) -> QPushButton:
    """Return a button with a text; at most one of a panel is ``primary``."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setProperty("kind", kind)
    made.setAccessibleName(text)
    made.setToolTip(with_key(tip or text, key) if tip or key else "")
    if icon:
        icons.set_icon(made, icon, "#FFFFFF" if kind == "primary" else None)
        made.setIconSize(QSize(16, 16))
    return made


def icon_button(
    icon: str,
    name: str,
    text: str,
    key: str = "",
    checkable: bool = False,
    kind: Literal["plain", "rail", "small"] = "plain",
) -> QToolButton:
    """Return a button with only an icon; its text and key stand in the tool tip."""
    made = QToolButton()
    made.setObjectName(name)
    made.setProperty("kind", kind)
    made.setAccessibleName(text)
    made.setToolTip(with_key(text, key))
    made.setCheckable(checkable)
    side = 16 if kind == "small" else icons.SIZE
    made.setIconSize(QSize(side, side))
    # By mouse a ring would stay behind on the button; by keyboard it is needed.
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    icons.set_icon(made, icon)
    return made


def with_key(text: str, key: str) -> str:
    """Return a tool tip that shows the key of a command."""
    return f"{text}  ({key})" if key else text


def label(text: str = "", role: Role = "body", name: str = "") -> QLabel:
    """Return a text in one of the window's few kinds."""
    made = QLabel(text)
    made.setProperty("role", role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if name:
        made.setObjectName(name)
    return made


def line(parent: QWidget | None = None) -> QFrame:
    """Return a thin horizontal line between groups."""
    made = QFrame(parent)
    made.setProperty("role", "line")
    return made


def restyle(widget: QWidget) -> None:
    """Make the stylesheet look again at a widget whose properties have changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
