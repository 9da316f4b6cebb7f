"""What is done to the classes of the open project, each as one change that can be undone."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QPoint

from segstudio.domain.classes import LabelClass, default_colour, free_id
from segstudio.domain.edit import Edit
from segstudio.domain.records import State
from segstudio.errors import UserError
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.files import first_classes
from segstudio.gui.reclassing import ClassRemoval
from segstudio.gui.session import Session
from segstudio.workflows import templates
from segstudio.workflows.templates import changes_between

CLASS_FILES = "Classes (*.json *.csv);;All files (*)"


class ClassEditing(QObject):
    """Adds, changes, moves, merges and deletes classes; what is refused is told to the person.

    Where the class that is painted with goes, the next one takes its place.
    """

    def __init__(self, session: Session, ask: Asker) -> None:
        super().__init__(session)
        self._session, self._ask = session, ask
        self.removal = ClassRemoval(session, ask)
        self._order = [each.id for each in session.classes]
        session.project_changed.connect(self._begin)
        session.classes_changed.connect(self._follow)

    # -- one class -------------------------------------------------------------------

    def add(self) -> int | None:
        """Add a class with the next number and a colour that no other has; return its id."""
        session = self._session
        if session.project is None or not session.project.writable:
            return None
        try:
            id = free_id(session.classes)
            names = {each.name.casefold() for each in session.classes}
            number = id
            while f"class {number}" in names:
                number += 1
            last = max((each.position for each in session.classes), default=-1)
            colour = default_colour(id, {each.colour for each in session.classes})
            session.change_class(LabelClass(id, f"class {number}", colour, position=last + 1))
        except UserError as error:
            session.say_error(error)
            return None
        session.view.choose_class(id)
        return id

    def change(self, id: int, **values: object) -> None:
        """Give a class other properties."""
        old = self._session.class_of(id)
        if old is None:
            return
        try:
            self._session.change_class(replace(old, **values))  # type: ignore[arg-type]
        except UserError as error:
            self._session.say_error(error)

    def switch(self, id: int, name: str) -> None:
        """Turn one of the properties ``visible`` and ``locked``."""
        old = self._session.class_of(id)
        if old is not None:
            self.change(id, **{name: not getattr(old, name)})

    def solo(self, id: int) -> None:
        """Show only this class; where that is so already, show all."""
        view = self._session.view
        view.set_solo(None if view.solo == id else id)

    def ask_colour(self, id: int, at: QPoint) -> None:
        """Ask for a colour at a place of the screen; tell where another class has it."""
        session, old = self._session, self._session.class_of(id)
        if old is None:
            return
        colour = self._ask.choose_colour(old.colour, at)
        if colour is None:
            return
        self.change(id, colour=colour)
        twin = next((c for c in session.classes if c.colour == colour and c.id != id), None)
        if twin is not None:
            session.said.emit(
                f"{twin.name} has the same colour as {old.name}",
                "choose another one, so that they can be told apart",
            )

    # -- the list --------------------------------------------------------------------

    def move(self, id: int, place: int) -> None:
        """Move a class to a place in the list; no number changes."""
        classes = self._session.classes
        label = self._session.class_of(id)
        if label is None:
            return
        others = [each for each in classes if each is not label]
        place = max(0, min(place, len(others)))
        order = [*others[:place], label, *others[place:]]
        if order == classes:
            return
        after = [replace(each, position=n) for n, each in enumerate(order)]
        self._apply(Edit(f"Move class {label.name}").with_rows(changes_between(classes, after)))

    def step(self, id: int, by: int) -> None:
        """Move a class up (-1) or down (1)."""
        ids = [each.id for each in self._session.classes]
        if id in ids and 0 <= ids.index(id) + by < len(ids):
            self.move(id, ids.index(id) + by)

    @property
    def untouched(self) -> bool:
        """Whether the project has its first classes still, and nothing is labelled."""
        session = self._session
        first = [(c.id, c.name) for c in first_classes()]
        return [(c.id, c.name) for c in session.classes] == first and all(
            image.state == State.UNLABELLED for image in session.images.values()
        )

    def take_template(self, name: str) -> None:
        """Load a template; in an untouched project it takes the place of the first classes."""
        found = templates.template(name)
        text = f"Classes of {found.title}"
        if self.untouched:
            classes = self._session.classes
            self._apply(templates.plan_start(classes, found.classes, text))
        else:
            self._load(found.classes, text)

    def load(self) -> None:
        """Ask for a file of classes, and add them."""
        path = self._ask.open_file("Load classes", CLASS_FILES)
        if path is not None:
            try:
                self._load(templates.read_classes(path), f"Load classes {path.name}")
            except UserError as error:
                self._session.say_error(error)

    def save(self) -> None:
        """Ask for a file, and write the classes to it."""
        path = self._ask.save_file("Save classes", "classes.json", CLASS_FILES)
        if path is not None:
            try:
                templates.write_classes(_named(path), self._session.classes)
            except UserError as error:
                self._session.say_error(error)

    def _load(self, wanted: Sequence[LabelClass], text: str) -> None:
        session = self._session
        try:
            loading = templates.plan_load(session.classes, wanted, text)
        except UserError as error:
            session.say_error(error)
            return
        if not loading.edit:
            session.said.emit("all of these classes are in the project already", "")
        self._apply(loading.edit)
        if loading.avoided:
            session.said.emit(
                f"{', '.join(loading.avoided)}: another class has the colour",
                "they were given another one",
            )

    def _apply(self, edit: Edit) -> None:
        try:
            self._session.apply(edit)
        except UserError as error:
            self._session.say_error(error)

    # -- what follows ----------------------------------------------------------------

    def _begin(self) -> None:
        self._order = [each.id for each in self._session.classes]
        self._session.view.set_solo(None)

    def _follow(self) -> None:
        """Let the next class take the place of one that is gone."""
        before, view = self._order, self._session.view
        ids = self._order = [each.id for each in self._session.classes]
        if view.solo is not None and view.solo not in ids:
            view.set_solo(None)
        if view.active_class not in ids and ids:
            view.choose_class(_next(view.active_class, before, ids))
        if view.last_class not in ids:
            view.last_class = view.active_class


def _next(gone: int, before: Sequence[int], ids: Sequence[int]) -> int:
    """Return the class that stood below the one that is gone, else the one above it."""
    place = before.index(gone) if gone in before else 0
    around = [*before[place:], *reversed(before[:place])]
    return next((id for id in around if id in ids), ids[0])


def _named(path: Path) -> Path:
    return path if path.suffix else path.with_suffix(".json")
