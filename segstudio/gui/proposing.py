"""Proposing by a segmenter: the preview, then the real thing."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from segstudio.domain.tiles import Key, Packed
from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.live_preview import LivePreview
from segstudio.gui.loading import PictureLoader
from segstudio.gui.proposals import Proposals
from segstudio.gui.session import Session
from segstudio.processors import give_way

if TYPE_CHECKING:
    from segstudio.workflows.train import TrainReport


class Proposing(LivePreview):
    """Keeps, accepts and drops what is previewed, all of the picture; saves what was learned."""

    model_saved = Signal()

    def __init__(self, session: Session, loader: PictureLoader) -> None:
        super().__init__(session, loader)
        self.proposals = Proposals(session)

    # -- the real thing --------------------------------------------------------------

    def propose(self) -> Job | None:
        """Put what the settings propose into the proposal layer of the open image."""
        return self._run(accept=False)

    def accept(self) -> Job | None:
        """Accept the preview, or the proposal that is there."""
        if self.regions is not None:
            return self._run(accept=True)
        return self.proposals.accept()

    def discard(self) -> bool:
        """Drop the preview, or the proposal; false where there is neither."""
        if self.regions is not None or self._previewing.busy:
            self.live = False
            self._drop_preview()
            return True
        return self.proposals.discard() is not None

    @property
    def anything(self) -> bool:
        """Whether there is something to accept."""
        layers = self._session.layers
        return self.regions is not None or (layers is not None and bool(len(layers.proposal)))

    def _run(self, accept: bool) -> Job | None:
        from segstudio.workflows.cleaning import check_steps
        from segstudio.workflows.pipelines import pipeline_tiles

        session, picture, previewer = self._session, self._loader.picture, self._previewer
        if picture is None or previewer is None or not session.editable or session.image is None:
            return None
        try:
            check_steps(self.plan.steps, session.classes)
        except UserError as error:
            session.say_error(error)
            return None
        locked, id, plan = session.locked, session.image.id, self.plan
        settings, steps, classify = plan.settings, plan.steps, plan.classes
        lesson, ids = self._wish(previewer).lesson, [label.id for label in session.classes]
        known, shown = self.regions, self._shown_by
        if known is None or shown is None or not shown.lesson.same(lesson):
            known = None
        self._previewing.stop()

        def work(job: Job) -> dict[Key, Packed]:
            state = previewer.learned(lesson, job) if known is None else known.state
            classes = classify(settings.regions(state), ids)
            return pipeline_tiles(settings, state, picture, classes, steps, job)

        text = f"{'Accept' if accept else 'Propose by'} {type(settings).title}"
        job = session.jobs.start(text, work)
        settle = self.proposals.take if accept else self.proposals.put
        job.succeeded.connect(lambda tiles: self._settle(settle(text, id, tiles, locked)))
        job.failed.connect(session.say_error)
        return job

    def _settle(self, job: Job | None) -> None:
        """Until what was worked out is applied the preview stays; no other one comes any more."""
        self._previewing.stop()
        self.live, shown = False, self.regions
        if job is not None and shown is not None:
            job.finished.connect(lambda: self._drop_preview() if self.regions is shown else None)

    # -- keeping it as a model -------------------------------------------------------

    def save_model(self) -> Job | None:
        """Keep what a pixel classifier has learned as the model in use; None where it has not."""
        session, project, known = self._session, self._session.project, self.regions
        if known is None or project is None or not project.writable:
            return None
        settings, state = self.plan.settings, known.state

        def work(job: Job) -> "TrainReport":
            give_way()
            from segstudio.workflows.classifiers import save_classifier  # loads torch: not before

            return save_classifier(project, settings, state, job)

        job = session.jobs.start("Saving as a model", work)
        job.succeeded.connect(self._saved)
        job.failed.connect(session.say_error)
        return job

    def _saved(self, report: "TrainReport") -> None:
        self.model_saved.emit()
        self._session.said.emit(
            f"saved as the model of run {report.run}, and in use",
            "Deliver predicts other pictures with it; no figure says yet how good it is",
        )
