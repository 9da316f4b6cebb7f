"""A preview of what a method would say of the open picture, which follows all it is made of."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from segstudio.errors import UserError
from segstudio.gui.following import Following
from segstudio.gui.jobs import Job
from segstudio.gui.loading import PictureLoader
from segstudio.gui.plan import NO_CLASS, Plan, mapping_of
from segstudio.gui.previewing import Previewing, Wish
from segstudio.gui.session import Session
from segstudio.interactive.cleanup import Cleanup
from segstudio.methods.histogram import Histogram
from segstudio.methods.segmenter import segmenters
from segstudio.workflows.companions import Companions
from segstudio.workflows.preview import Lesson, Previewer, Regions

if TYPE_CHECKING:
    from segstudio.gui.canvas.canvas import Canvas

FIRST = "otsu"


class LivePreview(QObject):
    """Keeps the preview in step with the settings, the strokes and the view.

    While it is `live` it follows what it is made of.
    """

    ready = Signal()
    previewed = Signal()
    measured = Signal(object)  # Histogram
    plan_changed = Signal()
    settings_changed = Signal()
    steps_changed = Signal()
    refused = Signal(object)  # UserError: why the settings make no preview; None: they do again

    def __init__(self, session: Session, loader: PictureLoader) -> None:
        super().__init__(session)
        self._session, self._loader = session, loader
        self.plan = Plan(FIRST, segmenters[FIRST]())
        self.following = Following(session, self._follows)
        self.regions: Regions | None = None
        """What is in sight, or all of the picture."""
        self.rest: Regions | None = None
        """What lies around it, less sharp, where it is known."""
        self.histogram: Histogram | None = None
        self.live = False
        self.problem: UserError | None = None
        """Why the settings make no preview of this picture, where they do not."""
        self._settings: dict[str, Any] = {}
        self._shown_by: Wish | None = None
        self._companions: Companions | None = None
        self._measured_channel = ""
        self._previewer: Previewer | None = None
        self._previewing = Previewing(session.jobs, self)
        self._connect()

    def _connect(self) -> None:
        session, following = self._session, self.following
        session.image_closed.connect(self._forget)
        session.image_opened.connect(self._forget)
        session.classes_changed.connect(self._remap)
        session.images_changed.connect(self._leave_companions)
        self._loader.picture_ready.connect(lambda *_: self._ready())
        following.strokes_changed.connect(self._follow_strokes)
        following.sight_changed.connect(self._follow_sight)
        self._previewing.pieced.connect(self._take_piece)
        self._previewing.refused.connect(self._refuse)

    def follow(self, canvas: "Canvas") -> None:
        """Preview first what a canvas has in sight."""
        self.following.watch(canvas)

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
            plan.settings = settings
            plan.mapping = plan.mapping if mapping is None else mapping_of(mapping)
            self.settings_changed.emit()
            self.preview()
        else:
            self._settings[plan.method] = plan.settings
            self.plan = Plan(name, settings, mapping_of(mapping or {}), plan.together, plan.steps)
            if {plan.seeds, self.plan.seeds} != {"none"}:
                self._companions = None
                self._drop_preview()  # its numbers mean something else
            self._allow(None)
            self.plan_changed.emit()
            self.preview()

    def set_settings(self, settings: Any) -> None:
        """Give the method other settings; the preview follows."""
        if settings != self.plan.settings:
            self.plan.settings = settings
            self.settings_changed.emit()
            self.preview()

    def set_together(self, together: bool) -> None:
        """Let the method learn from all pictures, or from the open one alone."""
        if together != self.plan.together:
            self.plan.together = together
            self._companions = None
            self.settings_changed.emit()
            if self.live:
                self.preview()

    def set_steps(self, steps: Sequence[Cleanup]) -> None:
        """Clean up by these steps whatever is proposed."""
        if tuple(steps) != self.plan.steps:
            self.plan.steps = tuple(steps)
            self.steps_changed.emit()

    def set_class(self, region: int, id: int | None) -> None:
        """Give a region a class; None leaves its pixels as they are."""
        self.plan.mapping[region] = NO_CLASS if id is None else id
        self._session.view.set_overlay(overlay=True)
        self.previewed.emit()

    def mapping(self) -> dict[int, int]:
        """Return the class of each region; by default the i-th region gets the i-th class."""
        count = self.regions.count if self.regions is not None else 0
        return self.plan.classes(count, [label.id for label in self._session.classes])

    def _remap(self) -> None:
        if self.regions is not None:
            self.previewed.emit()

    # -- the picture -----------------------------------------------------------------

    def _ready(self) -> None:
        picture = self._loader.picture
        if picture is None:
            return
        self._previewer = Previewer(picture)
        self.ready.emit()
        if self._follows():
            self.preview()

    def _forget(self) -> None:
        self._previewer = self._companions = None
        self.histogram, self._measured_channel = None, ""
        self._drop_preview()

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
            self._take_piece(self._wish(self._previewer), found)

    # -- the preview -----------------------------------------------------------------

    def preview(self) -> None:
        """Show what the settings would propose, from now on as they and the strokes change."""
        previewer = self._previewer
        if previewer is None or not self._session.editable:
            return
        self.live = True
        if self.plan.seeds == "none":
            self.measure()
        self._previewing.ask(self._wish(previewer))

    def _wish(self, previewer: Previewer) -> Wish:
        plan, session = self.plan, self._session
        painted = plan.seeds != "none"
        if not plan.together or plan.seeds == "picture" or session.project is None:
            self._companions = None
        elif self._companions is None:
            others = [image for image in session.images.values() if image.id not in session.shown]
            self._companions = Companions(session.project, others, painted)
        strokes = self.following.strokes() if painted else None
        lesson = Lesson(plan.settings, strokes, self._companions)
        return Wish(previewer, lesson, self.following.sight())

    def _take_piece(self, wish: Wish, found: Regions) -> None:
        if wish.previewer is not self._previewer:
            return
        whole = wish.previewer.box
        if found.rest:
            self.rest = found
        else:
            if found.box == whole:
                self.rest = None
            elif self.regions is not None and self.regions.box == whole:
                self.rest = self.regions
            self.regions, self._shown_by = found, wish
        self._allow(None)
        self.previewed.emit()

    def _refuse(self, wish: Wish, error: Exception) -> None:
        """Say why there is no preview; what was chosen stays as it is."""
        if not isinstance(error, UserError):
            self._session.say_error(error)
        elif wish.previewer is self._previewer:
            self._clear()
            self._allow(error)

    def _allow(self, problem: UserError | None) -> None:
        if problem is not self.problem:
            self.problem = problem
            self.refused.emit(problem)

    def _drop_preview(self) -> None:
        self._previewing.stop()
        self._allow(None)
        self._clear()

    def _clear(self) -> None:
        self.rest = self._shown_by = None
        if self.regions is not None:
            self.regions = None
            self.previewed.emit()

    def _follows(self) -> bool:
        return self.live and self.plan.seeds != "none"

    def _follow_strokes(self) -> None:
        if self._follows():
            self.preview()

    def _follow_sight(self) -> None:
        wish, image = self._shown_by, self._session.image
        if not self._follows() or wish is None or image is None:
            return
        now = self.following.sight()
        if not wish.sight.within(image.box).shows(now):
            self.preview()

    def _leave_companions(self, ids: list[int]) -> None:
        """Other pictures have changed, come or gone: they are looked for again."""
        if set(ids) - self._session.shown:
            self._companions = None
