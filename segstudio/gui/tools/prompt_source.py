"""The prompt model of the window: found, opened and shown pictures off the main thread."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings, Signal

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point
from segstudio.errors import UserError
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.jobs import Job
from segstudio.gui.tools.context import OpenPicture, ToolContext
from segstudio.gui.tools.cutout import Cutout
from segstudio.inference.prompts import Embedding, PromptModel
from segstudio.store.display import Display
from segstudio.workflows.prompting import Kept, Place, find_place

SETTING = "prompt_model"
LANE = "embed"
WHOLE = 4096
"""Longest side of a picture that is understood at once; of larger ones what is in sight."""
MOST = 4_000_000
"""Pixels that a model is shown; it reduces them further as it likes."""
MEMORY = 384 << 20
FILES = "Prompt models (*.onnx)"


@dataclass(frozen=True, eq=False)
class Understood:
    """A part of a picture, and what a model makes of it."""

    model: PromptModel
    cutout: Cutout
    embedding: Embedding

    @property
    def nbytes(self) -> int:
        return self.embedding.nbytes + self.cutout.rgb.nbytes


Key = tuple[int, str, Display, Box]
"""Number and content of the image, how it is shown, and which part of it."""


class PromptSource(QObject):
    """Says what is understood of the open picture; ``changed`` when that is more, or none."""

    changed = Signal()

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._session = context.session
        self._kept: Kept[Key, Understood] = Kept(MEMORY)
        self._place: Place | None = None
        self._model: PromptModel | None = None
        self._bad: Place | None = None
        self._absent = False
        self._job: Job | None = None
        self._asked: Key | None = None
        self._session.project_changed.connect(self._forget)

    @property
    def name(self) -> str:
        """What the model is called; empty where none has been opened."""
        return self._place.name if self._place is not None and self._model is not None else ""

    @property
    def preparing(self) -> bool:
        """Whether a picture is being understood."""
        return self._job is not None

    def known(self, picture: OpenPicture, points: Iterable[Point]) -> Understood | None:
        """Return what is understood of a part of a picture that holds some points."""
        places, seen = list(points), [picture.image.id, picture.image.hash, picture.display]
        for key in self._kept.keys():  # noqa: SIM118
            *of, box = key
            if of == seen and all(_holds(box, point) for point in places):
                return self._kept[key]
        return None

    def prepare(self, picture: OpenPicture, sight: Box, look: bool = False) -> None:
        """Have the picture understood, of a large one what is in sight.

        ``look`` looks again for a model where there was none.
        """
        box = picture.box if max(picture.box.shape) <= WHOLE else sight
        key = picture.image.id, picture.image.hash, picture.display, box
        if not box or (self._absent and not look) or key in self._kept:
            return
        if self._job is not None:
            if self._asked == key:
                return
            self._job.cancel()
        project, bad = self._session.project, self._bad
        root = project.root if project is not None else None

        def work(_: Job) -> Place | None:
            found = find_place(root, chosen())
            return None if found == bad else found

        job = self._session.jobs.start("Looking for a prompt model", work, "quick")
        self._wait_for(job, key)
        job.succeeded.connect(lambda place: self._found(job, key, place, picture, box))

    def _wait_for(self, job: Job, key: Key) -> None:
        self._job, self._asked = job, key
        job.failed.connect(self._fail)
        job.finished.connect(lambda: self._over(job))

    def _found(
        self, job: Job, key: Key, place: Place | None, picture: OpenPicture, box: Box
    ) -> None:
        if self._job is not job:
            return
        self._absent = place is None
        if place is not None:
            self._understand(key, place, picture, box)

    def _understand(self, key: Key, place: Place, picture: OpenPicture, box: Box) -> None:
        """Show a part of the picture to the model; this is what takes seconds."""
        known = self._model if place == self._place else None

        def work(job: Job) -> tuple[PromptModel, Understood]:
            model = known if known is not None else _opened(place)
            cutout = Cutout.read(picture, box, MOST)
            return model, Understood(model, cutout, model.embed(cutout.rgb, job))

        job = self._session.jobs.start(f"Preparing clicks on {picture.image.name}", work, LANE)
        self._wait_for(job, key)
        job.succeeded.connect(lambda found: self._take(job, key, place, *found))

    def _take(
        self, job: Job, key: Key, place: Place, model: PromptModel, understood: Understood
    ) -> None:
        if self._job is not job:
            return
        if place != self._place:
            self._kept.clear()
        self._place, self._model = place, model
        self._kept.put(key, understood)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, BadModel):
            self._bad = error.place
        self._absent = True
        self._session.say_error(error)

    def _over(self, job: Job) -> None:
        if self._job is job:
            self._job = self._asked = None
            self.changed.emit()

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._place = self._model = self._bad = None
        self._absent = False
        self._kept.clear()

    def choose(self, ask: Asker) -> bool:
        """Ask for a prompt model and remember it; false where none was chosen."""
        files = ask.open_files("Choose a prompt model: its encoder and its decoder", FILES)
        if not files:
            return False
        try:
            place = Place.of(files)
        except UserError as error:
            self._session.say_error(error)
            return False
        QSettings("segstudio", "segstudio").setValue(SETTING, place.texts())
        self._forget()
        return True


class BadModel(UserError):
    """A model that cannot be opened, and why."""

    def __init__(self, place: Place, reason: UserError) -> None:
        super().__init__(reason.message, reason.hint)
        self.place = place


def _opened(place: Place) -> PromptModel:
    try:
        return place.open()
    except UserError as error:
        raise BadModel(place, error) from error


def chosen() -> Place | None:
    """Return the prompt model that a person has chosen once."""
    kept = QSettings("segstudio", "segstudio").value(SETTING, [])
    texts = kept if isinstance(kept, list) else [kept] if kept else []
    return Place.from_texts([str(text) for text in texts])


def _holds(box: Box, point: Point) -> bool:
    return box.left <= point[0] < box.right and box.top <= point[1] < box.bottom
