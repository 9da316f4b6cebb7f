"""Every question that the window asks goes through one object, which tests replace."""

from collections import defaultdict, deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from segstudio.domain.classes import Colour
from segstudio.gui.dialogs.question import Question
from segstudio.gui.forms import SettingsForm
from segstudio.gui.widgets.swatch import ColourPopup

P = TypeVar("P")

PICTURES = "Pictures (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp *.gif);;All files (*)"
"""The default filter where files are opened."""


class Asker:
    """Asks the person, in dialogs over ``parent``. None is the answer of who closes one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.parent = parent
        self.folder = ""

    def open_folder(self, title: str = "Open a folder", start: Path | None = None) -> Path | None:
        """Ask for a folder that exists."""
        chosen = QFileDialog.getExistingDirectory(self.parent, title, self._start(start))
        return self._remember(chosen, chosen)

    def open_files(
        self, title: str = "Add pictures", files: str = PICTURES, start: Path | None = None
    ) -> list[Path]:
        """Ask for any number of files that exist; none is an empty list."""
        chosen, _ = QFileDialog.getOpenFileNames(self.parent, title, self._start(start), files)
        if chosen:
            self._remember(chosen[0], str(Path(chosen[0]).parent))
        return [Path(each) for each in chosen]

    def open_file(
        self, title: str, files: str = "All files (*)", start: Path | None = None
    ) -> Path | None:
        """Ask for one file that exists."""
        chosen, _ = QFileDialog.getOpenFileName(self.parent, title, self._start(start), files)
        return self._remember(chosen, str(Path(chosen).parent))

    def save_file(
        self, title: str, name: str = "", files: str = "All files (*)", start: Path | None = None
    ) -> Path | None:
        """Ask where to write a file; the dialog asks before one is replaced."""
        suggested = str(Path(self._start(start)) / name)
        chosen, _ = QFileDialog.getSaveFileName(self.parent, title, suggested, files)
        return self._remember(chosen, str(Path(chosen).parent))

    def choose_colour(self, initial: Colour, at: QPoint | None = None) -> Colour | None:
        """Ask for a colour in a small pop-up at a place on the screen."""
        assert self.parent is not None, "a pop-up needs a window to belong to"
        popup = ColourPopup(initial, "ask_colour", self.parent)
        chosen: list[Colour] = []
        popup.chosen.connect(chosen.append)
        closed = QEventLoop()
        popup.destroyed.connect(closed.quit)
        popup.move(at if at is not None else QCursor.pos())
        popup.show()
        closed.exec()
        return chosen[0] if chosen else None

    def confirm(
        self, title: str, text: str, yes: str, no: str = "Cancel", danger: bool = False
    ) -> bool:
        """Ask whether to go on; ``danger`` where something would be lost."""
        question = Question(title, text, yes, no, self.parent, danger)
        return question.exec() == QDialog.DialogCode.Accepted

    def choose(
        self, title: str, text: str, options: Sequence[str], yes: str = "Choose", initial: int = 0
    ) -> int | None:
        """Ask for one of several; return its place in the list."""
        question = Question(title, text, yes, "Cancel", self.parent)
        found = question.add_choices(list(options), initial)
        accepted = question.exec() == QDialog.DialogCode.Accepted
        return found.currentRow() if accepted and found.currentRow() >= 0 else None

    def text(self, title: str, text: str, initial: str = "", yes: str = "OK") -> str | None:
        """Ask for a line of text, which is not empty."""
        question = Question(title, text, yes, "Cancel", self.parent)
        field = question.add_field(initial, title)
        accepted = question.exec() == QDialog.DialogCode.Accepted
        return field.text().strip() or None if accepted else None

    def settings(self, title: str, text: str, initial: P, yes: str = "OK") -> P | None:
        """Ask for the settings of a part, a frozen dataclass; ``initial`` is shown first."""
        question = Question(title, text, yes, "Cancel", self.parent)
        form = SettingsForm(type(initial), prefix="question")
        form.set_value(initial)
        question.add_form(form)
        accepted = question.exec() == QDialog.DialogCode.Accepted
        return form.value() if accepted else None

    def _start(self, folder: Path | None) -> str:
        return str(folder) if folder is not None else self.folder

    def _remember(self, chosen: str, folder: str) -> Path | None:
        """Begin the next dialog where this one ended."""
        if not chosen:
            return None
        self.folder = folder
        return Path(chosen)


class ScriptedAsker(Asker):
    """Answers from a script, for tests: no dialog opens, and an unforeseen question fails.

    ``asked`` holds what was asked: the method and its arguments.
    """

    def __init__(self) -> None:
        super().__init__(None)
        self._answers: dict[str, deque[Any]] = defaultdict(deque)
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    def answer(self, question: str, *answers: Any) -> "ScriptedAsker":
        """Queue answers to a question by its method's name, as ``answer("confirm", True)``."""
        if not callable(getattr(Asker, question, None)) or question.startswith("_"):
            raise AssertionError(f"there is no question called {question}")
        self._answers[question].extend(answers)
        return self

    @property
    def unused(self) -> dict[str, list[Any]]:
        """Answers that nobody has asked for."""
        return {name: list(queued) for name, queued in self._answers.items() if queued}

    def _next(self, question: str, *about: Any) -> Any:
        self.asked.append((question, about))
        if not self._answers[question]:
            raise AssertionError(f"nobody expected the question {question}{about}")
        return self._answers[question].popleft()

    def open_folder(self, title: str = "Open a folder", start: Path | None = None) -> Path | None:
        answer: Path | None = self._next("open_folder", title)
        return answer

    def open_files(
        self, title: str = "Add pictures", files: str = PICTURES, start: Path | None = None
    ) -> list[Path]:
        return list(self._next("open_files", title))

    def open_file(
        self, title: str, files: str = "All files (*)", start: Path | None = None
    ) -> Path | None:
        answer: Path | None = self._next("open_file", title)
        return answer

    def save_file(
        self, title: str, name: str = "", files: str = "All files (*)", start: Path | None = None
    ) -> Path | None:
        answer: Path | None = self._next("save_file", title, name)
        return answer

    def choose_colour(self, initial: Colour, at: QPoint | None = None) -> Colour | None:
        answer: Colour | None = self._next("choose_colour", initial)
        return answer

    def confirm(
        self, title: str, text: str, yes: str, no: str = "Cancel", danger: bool = False
    ) -> bool:
        return bool(self._next("confirm", title, text))

    def choose(
        self, title: str, text: str, options: Sequence[str], yes: str = "Choose", initial: int = 0
    ) -> int | None:
        answer: int | None = self._next("choose", title, tuple(options))
        return answer

    def text(self, title: str, text: str, initial: str = "", yes: str = "OK") -> str | None:
        answer: str | None = self._next("text", title, initial)
        return answer

    def settings(self, title: str, text: str, initial: P, yes: str = "OK") -> P | None:
        answer: P | None = self._next("settings", title, text, initial)
        return answer
