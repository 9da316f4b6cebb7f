"""The section in which a method and the clean-up after it become a pipeline."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.panels.pipeline_steps import StepsList
from segstudio.gui.pipelining import SCOPES, Pipelining
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, icon_button, line
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.named_rows import NamedRows

UNSAVED = "Not saved"


class PipelineSection(QWidget):
    """Clean-up after the method, a name to keep both under, and pictures to apply them to."""

    def __init__(
        self,
        session: Session,
        proposing: Proposing,
        pipelining: Pipelining,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("pipeline_section")
        self._session, self._pipelining = session, pipelining
        self.saved = combo("pipeline_saved", "Pipeline", "Take over what was saved under a name")
        self.delete = icon_button("trash", "pipeline_delete", "Delete this pipeline", kind="small")
        self.steps = StepsList(session, proposing)
        self.name = QLineEdit()
        self.name.setObjectName("pipeline_name")
        self.name.setAccessibleName("Name of the pipeline")
        self.name.setPlaceholderText("Name")
        self.name.setToolTip("Under this name it is kept in the project")
        self.save = button(
            "Save", "pipeline_save", tip="Keep method, settings and clean-up in the project"
        )
        self.scopes = combo("pipeline_scope", "Pipeline: for", "Which pictures it proposes for")
        for scope, text in SCOPES.items():
            self.scopes.addItem(text, scope)
        self.accepting = QCheckBox("Accept at once")
        self.accepting.setObjectName("pipeline_accept")
        self.accepting.setAccessibleName("Accept at once")
        self.accepting.setToolTip("Proposals become masks, but never over what a person painted")
        self.apply = button(
            "Apply", "pipeline_apply",
            tip="Propose by the method and clean up, in the background; one step to undo",
        )  # fmt: skip
        self._lay_out()
        self._connect(proposing)
        self._show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, 0, theme.EDGE, theme.EDGE)
        layout.setSpacing(theme.GROUP)
        layout.addWidget(line())
        header = SectionHeader("Pipeline", "pipeline")
        header.setToolTip("A method and the clean-up after it, for many pictures")
        header.add(self.delete)
        layout.addWidget(header)
        layout.addWidget(self.saved)
        layout.addWidget(self.steps)
        rows = NamedRows()
        naming = QHBoxLayout()
        naming.setSpacing(theme.GAP)
        naming.addWidget(self.name, 1)
        naming.addWidget(self.save)
        rows.add("Save as", naming)
        rows.add("For", self.scopes)
        layout.addLayout(rows)
        last = QHBoxLayout()
        last.setSpacing(theme.GAP)
        last.addWidget(self.accepting)
        last.addStretch(1)
        last.addWidget(self.apply)
        layout.addLayout(last)

    def _connect(self, proposing: Proposing) -> None:
        pipelining, session = self._pipelining, self._session
        self.saved.activated.connect(self._take)
        self.delete.clicked.connect(lambda: pipelining.delete(pipelining.name))
        self.name.textChanged.connect(lambda _: self._show_state())
        self.name.returnPressed.connect(self._save)
        self.save.clicked.connect(self._save)
        self.scopes.activated.connect(lambda n: pipelining.set_scope(self.scopes.itemData(n)))
        self.accepting.toggled.connect(partial(setattr, pipelining, "accepting"))
        self.apply.clicked.connect(lambda: pipelining.apply())
        pipelining.changed.connect(self._show)
        for signal in (session.image_opened, session.image_closed, session.project_changed):
            signal.connect(self._show_state)

    def _take(self, place: int) -> None:
        name: Any = self.saved.itemData(place)
        if name:
            self._pipelining.take(name)

    def _save(self) -> None:
        if self.save.isEnabled():
            self._pipelining.save(self.name.text())

    def _show(self) -> None:
        pipelining = self._pipelining
        names = [pipeline.name for pipeline in pipelining.saved]
        shown = [self.saved.itemData(n) for n in range(self.saved.count())]
        if shown != [None, *names]:
            self.saved.clear()
            self.saved.addItem(UNSAVED, None)
            for name in names:
                self.saved.addItem(name, name)
        self.saved.setCurrentIndex(max(self.saved.findData(pipelining.name), 0))
        if pipelining.name and not self.name.hasFocus():
            self.name.setText(pipelining.name)
        self._show_state()

    def _show_state(self) -> None:
        pipelining, project = self._pipelining, self._session.project
        writable = project is not None and project.writable
        self.saved.setVisible(bool(pipelining.saved))
        self.delete.setVisible(bool(pipelining.saved))
        self.delete.setEnabled(writable and self.saved.currentIndex() > 0)
        self.save.setEnabled(writable and bool(self.name.text().strip()))
        here = self._session.layers is not None
        self.apply.setEnabled(writable and (here or pipelining.scope != "image"))
