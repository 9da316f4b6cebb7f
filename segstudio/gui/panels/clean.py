"""The section that cleans up masks."""

from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.cleaning import SCOPES, Cleaning
from segstudio.gui.forms import SettingsForm
from segstudio.gui.panels.cleanup_fields import class_editors
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label, line
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.named_rows import NamedRows
from segstudio.interactive.cleanup import cleanups


class CleanPanel(QWidget):
    """A step, its settings, what it is for; then a look at it, or the real thing."""

    def __init__(self, session: Session, cleaning: Cleaning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clean_panel")
        self._session, self._cleaning = session, cleaning
        self._form: SettingsForm[Any] | None = None
        self.steps = _choice("clean_step", "Step", [(cleanups[n].title, n) for n in cleanups])
        self.scopes = _choice("clean_scope", "For", [(text, s) for s, text in SCOPES.items()])
        self._form_place = QVBoxLayout()
        self._note = label("", "secondary", "clean_note")
        self._note.setWordWrap(True)
        self.preview = button(
            "Preview", "clean_preview", tip="Show in the picture what would change; Esc ends it"
        )
        self.preview.setCheckable(True)
        self.apply = button(
            "Clean up", "clean_apply", tip="Change the masks; it can be undone as one step"
        )
        self._lay_out()
        self._connect()
        self._show_step()
        self._show_state()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, 0, theme.EDGE, theme.EDGE)
        layout.setSpacing(theme.GROUP)
        layout.addWidget(line())
        layout.addWidget(SectionHeader("Clean up", "clean"))
        rows = NamedRows()
        rows.add("Step", self.steps)
        rows.add("For", self.scopes)
        layout.addLayout(rows)
        layout.addLayout(self._form_place)
        layout.addWidget(self._note)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.preview)
        buttons.addWidget(self.apply, 1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        cleaning, session = self._cleaning, self._session
        self.steps.activated.connect(lambda n: cleaning.set_step(self.steps.itemData(n)))
        self.scopes.activated.connect(self._choose_scope)
        self.preview.clicked.connect(cleaning.set_live)
        self.apply.clicked.connect(lambda: cleaning.apply())
        cleaning.step_changed.connect(self._show_step)
        cleaning.previewed.connect(self._show_state)
        for signal in (session.image_opened, session.image_closed, session.project_changed):
            signal.connect(self._show_state)

    def _choose_scope(self, place: int) -> None:
        self._cleaning.set_scope(self.scopes.itemData(place))
        self._show_state()

    def _show_step(self) -> None:
        cleaning = self._cleaning
        self.steps.setCurrentIndex(self.steps.findData(cleaning.name))
        if self._form is not None:
            self._form.setParent(None)
            self._form.deleteLater()
        form = SettingsForm[Any](
            cleanups[cleaning.name], self, prefix=f"clean_{cleaning.name}",
            editors=class_editors(self._session),
        )  # fmt: skip
        form.set_value(cleaning.step)
        form.changed.connect(lambda: cleaning.set_settings(form.value()))
        form.changed.connect(self._show_state)
        self._form = form
        self._form_place.addWidget(form)
        form.setVisible(bool(form.fields))

    def _show_state(self) -> None:
        cleaning, session = self._cleaning, self._session
        project = session.project
        here = session.layers is not None
        several = cleaning.scope in ("selected", "all") and bool(session.images)
        writable = project is not None and project.writable
        self.preview.setEnabled(here)
        self.preview.setChecked(cleaning.live)
        self.apply.setEnabled(writable and (here or several))
        self._note.setText(self._note_text(here))

    def _note_text(self, here: bool) -> str:
        cleaning = self._cleaning
        if not here:
            return "Open a picture that is labelled, and its mask can be cleaned up."
        if cleaning.live and cleaning.too_large:
            return "Too large to preview: zoom in, or clean up and look; undo takes it back."
        if cleaning.live and cleaning.outcome is not None:
            count = cleaning.outcome.pixels
            return f"{count:,} pixels in sight change; what loses its class is white."
        return "Preview shows what changes. Locked classes stay as they are."


def _choice(name: str, said: str, rows: list[tuple[str, str]]) -> QComboBox:
    box = combo(name, f"Clean up: {said.lower()}")
    for text, data in rows:
        box.addItem(text, data)
    return box
