"""A short question with its answers as verbs."""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import Kind, button, label

WIDTH = 400

LINE = 44
"""Letters that surely have room in a line."""


class Question(QDialog):
    """Asks something in one title and a sentence or two; Esc is no, Enter is yes.

    ``danger`` is for answers by which something is lost: then no is what Enter presses.
    """

    def __init__(
        self,
        title: str,
        text: str,
        yes: str,
        no: str,
        parent: QWidget | None = None,
        danger: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(WIDTH)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.GAP)
        self.body.addWidget(_wrapped(label(title, "title", "question_title")))
        if text:
            said = _wrapped(label(breakable(text), "dim", "question_text"))
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(said)
        self.yes = _answer(yes, "question_yes", "danger" if danger else "primary")
        self.no = _answer(no, "question_no", "plain")
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        (self.no if danger else self.yes).setDefault(True)
        answers = QHBoxLayout()
        answers.setSpacing(theme.GAP)
        answers.addStretch(1)
        answers.addWidget(self.no)
        answers.addWidget(self.yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        column.setSpacing(theme.EDGE)
        column.addLayout(self.body)
        column.addLayout(answers)
        (self.no if danger else self.yes).setFocus()

    def add_field(self, initial: str, name: str) -> QLineEdit:
        """Put a field to type into under the text; an empty one cannot be answered with yes."""
        field = QLineEdit(initial)
        field.setObjectName("question_field")
        field.setAccessibleName(name)
        field.textChanged.connect(lambda text: self.yes.setEnabled(bool(text.strip())))
        self.yes.setEnabled(bool(initial.strip()))
        self.body.addWidget(field)
        field.selectAll()
        field.setFocus()
        return field

    def add_form(self, form: QWidget) -> None:
        """Put settings under the text."""
        self.body.addWidget(form)
        form.setFocus()

    def add_choices(self, options: list[str], initial: int = 0) -> QListWidget:
        """Put a list to choose from under the text; a double click is yes."""
        found = QListWidget()
        found.setObjectName("question_choices")
        found.setAccessibleName(self.windowTitle())
        for option in options:
            QListWidgetItem(option, found).setSizeHint(QSize(0, theme.CONTROL))
        found.setCurrentRow(initial)
        found.setFixedHeight(min(len(options), 8) * theme.CONTROL + 2)
        found.itemDoubleClicked.connect(self.accept)
        self.body.addWidget(found)
        found.setFocus()
        return found


def breakable(text: str) -> str:
    """Let names that are longer than a line be broken: without a blank they would widen it."""
    return re.sub(rf"\S{{{LINE},}}", lambda name: "\u200b".join(name[0]), text)


def _wrapped(text: QLabel) -> QLabel:
    """Let a text have several lines; without a width Qt would guess far too many."""
    text.setWordWrap(True)
    text.setMinimumWidth(WIDTH - 2 * theme.EDGE)
    return text


def _answer(text: str, name: str, kind: Kind) -> QPushButton:
    made = button(text, name, kind)
    made.setAutoDefault(True)
    return made
