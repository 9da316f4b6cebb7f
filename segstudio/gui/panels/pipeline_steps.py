"""The list of clean-up steps that follow a method."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.forms import SettingsForm
from segstudio.gui.panels.cleanup_fields import class_editors
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import icon_button, label
from segstudio.gui.widgets.choices import combo
from segstudio.interactive.cleanup import Cleanup, cleanups

ADD = "Clean up after it…"

NOTE = "The preview shows the method alone; the clean-up follows when you keep, accept or apply."


class StepsList(QWidget):
    """Each step with its settings, in order; others can be added, each taken out."""

    def __init__(
        self, session: Session, proposing: Proposing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("pipeline_steps")
        self._session, self._proposing = session, proposing
        self._rows: list[_Step] = []
        self.add = combo("pipeline_add", "Add a clean-up", "A step that cleans up what is proposed")
        self.add.addItem(ADD, None)
        for name in cleanups:
            self.add.addItem(cleanups[name].title, name)
        self.add.activated.connect(self._add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GROUP)
        self._column.addWidget(self.add)
        self._note = label(NOTE, "secondary", "pipeline_note")
        self._note.setWordWrap(True)
        self._column.addWidget(self._note)
        proposing.steps_changed.connect(self._show)
        self._show()

    def _add(self, place: int) -> None:
        name = self.add.itemData(place)
        self.add.setCurrentIndex(0)
        if name is not None:
            self._proposing.set_steps([*self._proposing.plan.steps, cleanups[name]()])

    def _remove(self, place: int) -> None:
        steps = list(self._proposing.plan.steps)
        del steps[place]
        self._proposing.set_steps(steps)

    def _change(self, place: int, step: Cleanup) -> None:
        steps = list(self._proposing.plan.steps)
        steps[place] = step
        self._proposing.set_steps(steps)

    def _show(self) -> None:
        steps = self._proposing.plan.steps
        self._note.setVisible(bool(steps))
        if [type(row.step) for row in self._rows] == [type(step) for step in steps]:
            for row, step in zip(self._rows, steps, strict=True):
                row.show_step(step)
            return
        for row in self._rows:
            self._column.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self._rows = [_Step(self, self._session, n, step) for n, step in enumerate(steps)]
        for place, row in enumerate(self._rows):
            self._column.insertWidget(place, row)

    def take(self, place: int, step: Cleanup | None) -> None:
        """A row has other settings, or is to go."""
        if step is None:
            self._remove(place)
        else:
            self._change(place, step)


class _Step(QWidget):
    """One step: its title, the button that takes it out, its settings."""

    def __init__(self, steps: StepsList, session: Session, place: int, step: Cleanup) -> None:
        super().__init__(steps)
        self.step = step
        name = f"pipeline_{place}_{cleanups.name_of(step)}"
        self.setObjectName(f"{name}_step")
        title = label(f"{place + 1}  {step.title}", "body", f"{name}_title")
        remove = icon_button("discard", f"{name}_remove", f"Take out: {step.title}", kind="small")
        remove.clicked.connect(lambda: steps.take(place, None))

        self._form = SettingsForm[Any](
            type(step), self, prefix=name, editors=class_editors(session)
        )
        self._form.set_value(step)
        self._form.changed.connect(lambda: steps.take(place, self._form.value()))
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(top)
        column.addWidget(self._form)
        self._form.setVisible(bool(self._form.fields))

    def show_step(self, step: Cleanup) -> None:
        if self._form.value() != step:
            self._form.set_value(step)
        self.step = step
