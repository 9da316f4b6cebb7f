"""Proposing by a segmenter: a live preview that follows the sliders, then the real thing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from segstudio.domain import states
from segstudio.domain.layers import replaced, taken
from segstudio.domain.tiles import Key, Layer, Packed
from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.loading import PictureLoader
from segstudio.gui.proposals import Proposals
from segstudio.gui.session import Session
from segstudio.gui.settling import After
from segstudio.gui.settling import Plan as Planned
from segstudio.methods.histogram import Histogram
from segstudio.methods.segmenter import segmenters
from segstudio.workflows.preview import Previewer, Regions, proposal_tiles

FIRST = "otsu"


@dataclass
class Plan:
    """What a preview is made of: the method, its settings, and classes for its regions."""

    method: str = FIRST
    settings: Any = None
    mapping: dict[int, int] = field(default_factory=dict)


class Proposing(QObject):
    """Keeps the preview in step with the settings; accepts and drops it.

    At most one preview is worked out at a time; when the settings have moved on meanwhile,
    the next begins at once.
    """

    ready = Signal()
    previewed = Signal()
    measured = Signal(object)  # Histogram
    plan_changed = Signal()
    settings_changed = Signal()
    refused = Signal(object)  # UserError: why the settings make no preview; None: they do again

    def __init__(self, session: Session, loader: PictureLoader) -> None:
        super().__init__(session)
        self._session, self._loader = session, loader
        self.plan = Plan(FIRST, segmenters[FIRST]())
        self.proposals = Proposals(session)
        self.regions: Regions | None = None
        self.histogram: Histogram | None = None
        self._measured_channel = ""
        self.live = False
        self.problem: UserError | None = None
        """Why the settings make no preview of this picture, where they do not."""
        self._settings: dict[str, Any] = {}
        self._shown_by: Any = None
        self._previewer: Previewer | None = None
        self._job: Job | None = None
        self._again = False
        session.image_closed.connect(self._forget)
        session.image_opened.connect(self._forget)
        session.classes_changed.connect(self._remap)
        loader.picture_ready.connect(lambda *_: self._ready())

    # -- what is asked for -----------------------------------------------------------

    def set_method(self, name: str) -> None:
        """Choose a method, with the settings that it had before; begins the preview."""
        known = self.plan.settings if name == self.plan.method else self._settings.get(name)
        self.set_plan(name, known or segmenters[name]())

    def set_plan(self, name: str, settings: Any, mapping: Mapping[int, int] | None = None) -> None:
        """Take over a method and its settings, and classes for its regions; begins the preview.

        Without ``mapping`` the classes chosen for the same method stay, of another begin anew.
        """
        plan = self.plan
        if name == plan.method and settings == plan.settings and mapping is None:
            self.preview()
        elif name == plan.method:
            plan.settings, plan.mapping = settings, dict(mapping or plan.mapping)
            self.settings_changed.emit()
            self.preview()
        else:
            self._settings[plan.method] = plan.settings
            self.plan = Plan(name, settings, dict(mapping or {}))
            self._allow(None)
            self.plan_changed.emit()
            self.preview()

    def set_settings(self, settings: Any) -> None:
        """Give the method other settings; the preview follows."""
        if settings != self.plan.settings:
            self.plan.settings = settings
            self.settings_changed.emit()
            self.preview()

    def set_class(self, region: int, id: int | None) -> None:
        """Give a region a class; None leaves its pixels as they are."""
        self.plan.mapping[region] = -1 if id is None else id
        self._session.view.set_overlay(overlay=True)
        self.previewed.emit()

    def mapping(self) -> dict[int, int]:
        """Return the class of each region; by default the i-th region gets the i-th class."""
        count = self.regions.count if self.regions is not None else 0
        return _classes(count, self.plan.mapping, [label.id for label in self._session.classes])

    def _remap(self) -> None:
        if self.regions is not None:
            self.previewed.emit()

    # -- the preview -----------------------------------------------------------------

    def _ready(self) -> None:
        picture = self._loader.picture
        if picture is None:
            return
        self._previewer = Previewer(picture)
        self.ready.emit()
        if self.live:
            self.preview()

    def _forget(self) -> None:
        self._previewer = None
        self.histogram, self._measured_channel = None, ""
        self._drop_preview()

    def _stop_previewing(self) -> None:
        self._again = False
        if self._job is not None:
            self._job.cancel()

    def _drop_preview(self) -> None:
        self._stop_previewing()
        self._allow(None)
        if self.regions is not None:
            self.regions = None
            self.previewed.emit()

    def measure(self) -> None:
        """Work out the histogram of the open picture, of the channel that the method looks at."""
        previewer, channel = self._previewer, self.channel
        if previewer is not None and self._measured_channel != channel:
            job = self._session.jobs.start(
                "Measuring", lambda job: previewer.histogram(job, channel), "preview"
            )
            job.succeeded.connect(lambda found: self._measured(previewer, channel, found))
            job.failed.connect(self._not_measured)

    @property
    def channel(self) -> str:
        """The channel that the method looks at; grey where it has no such setting."""
        return str(getattr(self.plan.settings, "channel", "grey"))

    def _measured(self, previewer: Previewer, channel: str, found: Histogram) -> None:
        if previewer is self._previewer and channel == self.channel:
            self.histogram, self._measured_channel = found, channel
            self.measured.emit(found)

    def _not_measured(self, error: Exception) -> None:
        """Leave it to the preview to say what stands against a channel."""
        if not isinstance(error, UserError):
            self._session.say_error(error)

    def study(self, text: str, work: Callable[[Previewer, Job], Any]) -> Job | None:
        """Work something out from the open picture beside its previews; None without one."""
        previewer = self._previewer
        if previewer is None:
            return None
        return self._session.jobs.start(text, lambda job: work(previewer, job), "study")

    def show(self, found: Regions) -> None:
        """Show regions of the open picture that were worked out in a study of these settings."""
        if self._previewer is not None:
            self.regions, self._shown_by = found, self.plan.settings
            self.previewed.emit()

    def preview(self) -> None:
        """Show what the settings would propose."""
        previewer, plan = self._previewer, self.plan
        if previewer is None or not self._session.editable:
            return
        if self._job is not None:
            self._again = True
            return
        self.measure()
        settings = plan.settings
        job = self._session.jobs.start(
            "Preview", lambda job: previewer.regions(settings, job), "preview"
        )
        self._job = job
        job.succeeded.connect(lambda found: self._previewed(previewer, settings, found))
        job.failed.connect(lambda error: self._refuse(previewer, error))
        job.finished.connect(self._finished)

    def _previewed(self, previewer: Previewer, settings: Any, found: Regions) -> None:
        if previewer is self._previewer:
            self.regions, self._shown_by = found, settings
            self._allow(None)
            self.previewed.emit()

    def _refuse(self, previewer: Previewer, error: Exception) -> None:
        """Say why there is no preview; what was chosen stays as it is."""
        if not isinstance(error, UserError):
            self._session.say_error(error)
        elif previewer is self._previewer and not self._again:
            self._allow(error)
            if self.regions is not None:
                self.regions = None
                self.previewed.emit()

    def _allow(self, problem: UserError | None) -> None:
        if problem is not self.problem:
            self.problem = problem
            self.refused.emit(problem)

    def _finished(self) -> None:
        self._job = None
        if self._again:
            self._again = False
            self.preview()

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
        if self.regions is not None or self._job is not None:
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
        session, picture, previewer = self._session, self._loader.picture, self._previewer
        if picture is None or previewer is None or not session.editable:
            return None
        image = session.image
        assert image is not None
        settings, locked, id = self.plan.settings, session.locked, image.id
        known = self.regions if self._shown_by == settings else None
        mapping, ids = dict(self.plan.mapping), [label.id for label in session.classes]
        self._stop_previewing()

        def work(job: Job) -> dict[Key, Packed]:
            found = known or previewer.regions(settings, job)
            classes = _classes(found.count, mapping, ids)
            return proposal_tiles(settings, found.state, picture, classes, job)

        text = f"{'Accept' if accept else 'Propose by'} {type(settings).title}"
        job = session.jobs.start(text, work)
        if accept:
            job.succeeded.connect(lambda tiles: self._take(text, id, tiles, locked))
        else:
            job.succeeded.connect(lambda tiles: self._put(text, id, tiles))
        job.failed.connect(session.say_error)
        return job

    def _take(self, text: str, id: int, tiles: dict[Key, Packed], locked: frozenset[int]) -> None:
        self._settle(text, id, lambda layers, job: taken(id, layers, tiles, locked, job))

    def _put(self, text: str, id: int, tiles: dict[Key, Packed]) -> None:
        self._settle(
            text, id,
            lambda layers, job: replaced(id, Layer.PROPOSAL, layers.proposal, tiles),
            lambda image, painted: states.after_proposing(image),
        )  # fmt: skip

    def _settle(self, text: str, id: int, plan: Planned, after: After | None = None) -> None:
        """Apply what was worked out; until then the preview stays."""
        self.live = False
        job, shown = self.proposals.settle(text, id, plan, after), self.regions
        if job is not None and shown is not None:
            job.finished.connect(lambda: self._drop_preview() if self.regions is shown else None)


def _classes(count: int, mapping: Mapping[int, int], ids: Sequence[int]) -> dict[int, int]:
    """Return the class of each region that has one: as chosen, else the i-th for the i-th."""
    chosen = {
        region: mapping.get(region, ids[region] if region < len(ids) else -1)
        for region in range(count)
    }
    return {region: id for region, id in chosen.items() if id in ids}
