"""Pipelines in the window: a method and the clean-up after it, kept by name, for many pictures."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from PySide6.QtCore import Signal

from segstudio.domain.records import ImageRecord, State
from segstudio.errors import UserError
from segstudio.gui.batches import Batches
from segstudio.gui.jobs import Job
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.store.project import Project

if TYPE_CHECKING:
    from segstudio.workflows.pipelines import Pipeline
    from segstudio.workflows.segment import Proposed

Scope = Literal["image", "selected", "all"]

SCOPES: dict[Scope, str] = {
    "image": "This picture",
    "selected": "The selected pictures",
    "all": "All not reviewed",
}


class Pipelining(Batches):
    """Keeps the pipelines of the project; makes, takes over and applies them."""

    changed = Signal()
    """Other pipelines, another name, or another scope."""

    def __init__(
        self, session: Session, proposing: Proposing, chosen: Callable[[], Sequence[int]]
    ) -> None:
        super().__init__(session)
        self._proposing, self._chosen = proposing, chosen
        self.saved: Sequence[Pipeline] = ()
        self.name = ""
        """What the pipeline at hand is called, where it was saved or taken over."""
        self.scope: Scope = "image"
        self.accepting = False
        """Whether what is proposed is accepted at once."""
        session.project_changed.connect(self._forget)

    # -- kept in the project -----------------------------------------------------------

    def _forget(self) -> None:
        self.name = ""
        self._show(())
        project = self._session.project
        if project is not None:
            self._ask("Reading the pipelines", lambda: None, project)

    def _ask(self, title: str, act: Callable[[], object], project: Project) -> Job:
        """Do something to the pipelines of a project, then show what there is."""
        from segstudio.workflows.pipelines import read_pipelines

        def work(job: Job) -> "list[Pipeline]":
            act()
            return read_pipelines(project)

        job = self._session.jobs.start(title, work, "quick")
        job.succeeded.connect(
            lambda found: self._show(found) if project is self._session.project else None
        )
        job.failed.connect(self._session.say_error)
        return job

    def _show(self, found: "Sequence[Pipeline]") -> None:
        self.saved = found
        self.changed.emit()

    def save(self, name: str) -> Job | None:
        """Keep what is set now under a name; it takes the place of one of the same name."""
        from segstudio.workflows.pipelines import save_pipeline

        project = self._session.project
        if project is None or not project.writable:
            return None
        try:
            made = self.current(name)
        except UserError as error:
            self._session.say_error(error)
            return None
        job = self._ask("Saving", lambda: save_pipeline(project, made).result(), project)
        job.succeeded.connect(lambda _: self._call(made.name))
        return job

    def delete(self, name: str) -> Job | None:
        """Take a pipeline out of the project; what is set now stays."""
        from segstudio.workflows.pipelines import delete_pipeline

        project = self._session.project
        if project is None or not project.writable:
            return None
        job = self._ask("Deleting", lambda: delete_pipeline(project, name).result(), project)
        job.succeeded.connect(lambda _: self._call(""))
        return job

    def _call(self, name: str) -> None:
        self.name = name
        self.changed.emit()

    def current(self, name: str) -> "Pipeline":
        """Return what is set now as a pipeline; raise `UserError` for a name that is none."""
        from segstudio.workflows.pipelines import Pipeline

        plan = self._proposing.plan
        return Pipeline.of(name, plan.settings, plan.steps, plan.places, plan.together)

    def take(self, name: str) -> None:
        """Set what a pipeline says; a preview begins."""
        found = next((pipeline for pipeline in self.saved if pipeline.name == name), None)
        if found is None:
            return
        try:
            segmenter, steps = found.segmenter, found.steps
        except UserError as error:
            self._session.say_error(error)
            return
        self.name = found.name
        proposing = self._proposing
        proposing.set_steps(steps)
        proposing.set_together(found.together)
        proposing.set_plan(found.method, segmenter, found.places)
        self.changed.emit()

    # -- at work -----------------------------------------------------------------------

    def set_scope(self, scope: Scope) -> None:
        assert scope in get_args(Scope)
        self.scope = scope
        self.changed.emit()

    def ids(self) -> list[int]:
        """Return the pictures that are asked for."""
        session = self._session
        if self.scope == "all":
            return [i.id for i in session.images.values() if i.state != State.REVIEWED]
        return list(self._chosen() if self.scope == "selected" else session.shown)

    def apply(self) -> Job | None:
        """Propose what is set now for the pictures that are asked for, as one edit."""
        from segstudio.workflows.cleaning import check_steps

        session, ids = self._session, self.ids()
        images = [session.images[id] for id in ids if id in session.images]
        try:
            made = self.current(self.name or self._proposing.plan.settings.title)
            check_steps(self._proposing.plan.steps, session.classes)
            if not images:
                raise UserError("there is no picture to propose for", "open or select one first")
        except UserError as error:
            session.say_error(error)
            return None
        return self._apply_to(images, made, self.accepting)

    def _apply_to(
        self, images: Iterable[ImageRecord], pipeline: "Pipeline", accept: bool
    ) -> Job | None:
        from segstudio.workflows.items import items_of
        from segstudio.workflows.pipelines import plan_pipeline

        images = list(images)
        if self._session.draft is not None:
            self._session.finish_draft("Brush")  # its strokes may be what the method learns from

        def plan(project: Project, job: Job) -> "Proposed":
            return plan_pipeline(project, items_of(project, images), pipeline, job, accept)

        what = images[0].name if len(images) == 1 else f"{len(images)} pictures"
        return self.begin(f"{pipeline.name}: {what}", pipeline.name, plan)
