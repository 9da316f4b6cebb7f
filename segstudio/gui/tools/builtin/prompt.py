"""Clicks on what is meant, answered by a prompt model or by colours and edges."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPainter

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.jobs import Job
from segstudio.gui.tools.context import OpenPicture, ToolContext
from segstudio.gui.tools.cutout import Cutout, around, same
from segstudio.gui.tools.marks import class_colour, draw_click, draw_frame, draw_note
from segstudio.gui.tools.prompt_source import PromptSource, Understood
from segstudio.gui.tools.selecting import SelectingTool
from segstudio.gui.tools.tool import Press, tools
from segstudio.inference.prompt_decoder import Floats
from segstudio.interactive.clicks import Click, clicked
from segstudio.interactive.patch import Patch

DRAG = 5.0
"""How far the mouse moves before a click is a box, in pixels of the screen."""
MOST = 4_000_000
"""Pixels on which walkers walk; larger views are reduced."""

AROUND = 0.1
"""How much more than what is in sight they walk on, in parts of its longer side."""


@dataclass(frozen=True)
class PromptOptions:
    """What answers the clicks."""

    model: bool = field(
        default=True,
        metadata={
            "label": "Use the model",
            "help": "the prompt model where one is installed, else colours and edges in the view",
        },
    )


@dataclass(frozen=True, eq=False)
class Step:
    """One click, or one box; and the mask that it corrects."""

    click: Click | None
    box: Box | None
    low_res: Floats | None


@dataclass(frozen=True, eq=False)
class Answer:
    """What clicks may mean: one of these."""

    patches: list[Patch]
    score: float | None = None
    low_res: Floats | None = None


@dataclass(frozen=True, eq=False)
class _Sight:
    """What was read for walkers."""

    picture: OpenPicture
    cutout: Cutout


@tools.add
class Prompt(SelectingTool):
    """Clicks say what belongs to the object and what does not; a drag boxes it."""

    title: ClassVar[str] = "Click prompt"
    text: ClassVar[str] = "Click prompt"
    icon: ClassVar[str] = "click-prompt"
    key: ClassVar[str] = "Q"
    hint: ClassVar[str] = (
        "click what belongs · right-click what does not · drag a box · Enter paints"
        " · < > other answers · Backspace back · Esc drops"
    )
    order: ClassVar[int] = 110

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self.options: PromptOptions = PromptOptions()
        self.source = PromptSource(context)
        self._steps: list[Step] = []
        self._press: Press | None = None
        self._to: Point | None = None
        self._answers: list[Answer] = []
        self._shown = 0
        self._by_model = False
        self._sight: _Sight | None = None
        self.source.changed.connect(self._more_is_known)
        self._session.view.tool_changed.connect(lambda _: self._later())
        context.picture_changed.connect(self._later)

    @property
    def begun(self) -> bool:
        return bool(self._steps) or self._press is not None

    @property
    def clicks(self) -> list[Click]:
        return [step.click for step in self._steps if step.click is not None]

    @property
    def box(self) -> Box | None:
        """The box that was drawn last."""
        return next((step.box for step in reversed(self._steps) if step.box is not None), None)

    @property
    def answers(self) -> int:
        """How many candidates there are."""
        return len(self._answers)

    def drop(self) -> None:
        self._steps, self._answers, self._shown = [], [], 0
        self._press = self._to = None

    # -- getting ready ---------------------------------------------------------------

    def _later(self) -> None:
        QTimer.singleShot(0, self._context, lambda: self._prepare(look=True))

    def _prepare(self, look: bool = False) -> None:
        """Let the model look at the picture while the person does."""
        picture = self._context.picture
        in_hand = self._session.view.tool == tools.name_of(self)
        if picture is not None and in_hand and self.options.model:
            self.source.prepare(picture, self._context.in_sight(), look)
            self._context.redraw()

    def choose_model(self, ask: Asker) -> None:
        """Ask for the prompt model to use from now on."""
        if self.source.choose(ask):
            self._prepare(look=True)

    def _more_is_known(self) -> None:
        if self._steps and not self._by_model:
            self._solve()
        self._context.redraw()

    def options_changed(self) -> None:
        self._prepare(look=True)
        if self._steps:
            self._solve()

    # -- the mouse -------------------------------------------------------------------

    def press(self, event: Press) -> None:
        if self.ready:
            self._press, self._to = event, event.at
            self._context.redraw()

    def move(self, event: Press) -> None:
        if self._press is not None:
            self._to = event.at
            self._context.redraw()

    def release(self, event: Press) -> None:
        pressed, self._press, self._to = self._press, None, None
        picture = self._context.picture
        if pressed is None or picture is None:
            return
        low_res = self._answers[self._shown].low_res if self._answers and self._by_model else None
        if self._is_box(pressed, event.at):
            box = around([pressed.at, event.at]).clipped(picture.box)
            if box:
                self._steps.append(Step(None, box, None))
                self._solve()
        elif _inside(pressed.at, picture.box):
            self._steps.append(Step((*pressed.at, not pressed.erase), None, low_res))
            self._solve()
        self._context.redraw()

    def _is_box(self, pressed: Press, to: Point) -> bool:
        return not pressed.erase and math.dist(pressed.at, to) > self.on_screen(DRAG)

    def cancel(self) -> None:
        self._press = self._to = None
        self._context.redraw()

    def back(self) -> bool:
        if len(self._steps) < 2:
            return self.forget()
        self._steps.pop()
        self._solve()
        return True

    def another(self, by: int) -> bool:
        if len(self._answers) < 2:
            return False
        self._choose((self._shown + by) % len(self._answers))
        return True

    # -- answers ---------------------------------------------------------------------

    def _solve(self) -> None:
        picture = self._context.picture
        if picture is None:
            return
        self._prepare()
        clicks, box, low_res = self.clicks, self.box, self._steps[-1].low_res
        places = [(x, y) for x, y, _ in clicks]
        if box is not None:
            places += [(box.left, box.top), (box.right - 1, box.bottom - 1)]
        known = self.source.known(picture, places) if self.options.model else None
        self._by_model = known is not None
        if known is not None:
            self.work("Click prompt", lambda _: asked(known, clicks, box, low_res), self._take)
            return
        sight = self._context.in_sight().joined(around(places))
        sight = sight.grown(round(AROUND * max(sight.shape))).clipped(picture.box)
        held = self._sight
        if held is None or not same(held.picture, picture) or not _serves(held.cutout, sight):
            held = None

        def work(job: Job) -> tuple[_Sight, list[Answer]]:
            seen = held or _Sight(picture, Cutout.read(picture, sight, MOST))
            return seen, [walked(seen.cutout, clicks, box, job)]

        self.work("Click prompt", work, self._take_walked)

    def _take_walked(self, found: tuple[_Sight, list[Answer]]) -> None:
        self._sight, answers = found
        self._take(answers)

    def _take(self, answers: list[Answer]) -> None:
        self._answers = answers
        self._choose(0)

    def _choose(self, place: int) -> None:
        self._shown = place
        self.show(self._answers[place].patches if self._answers else ())

    # -- drawing ---------------------------------------------------------------------

    def note(self) -> str:
        """Say what answers, and which answer is shown."""
        if not self.options.model:
            return "by colours and edges"
        if not self.source.name and not self.source.preparing:
            return "by colours and edges: no prompt model is installed"
        waiting = "by colours and edges until the prompt model has seen the picture"
        if not self._steps:
            return waiting if self.source.preparing else f"by {self.source.name}"
        if not self._by_model:
            return waiting if self.source.preparing else "by colours and edges"
        if not self._answers:
            return f"by {self.source.name}"
        score = self._answers[self._shown].score or 0
        return (
            f"by {self.source.name}  ·  answer {self._shown + 1} of {len(self._answers)}"
            f"  ·  {min(max(score, 0), 1):.0%} sure"
        )

    def draw_marks(self, painter: QPainter, view: Viewport) -> None:
        colour = class_colour(self._session)
        if self._press is not None and self._to is not None and self._is_box(self._press, self._to):
            draw_frame(painter, view.rect(around([self._press.at, self._to])), colour)
        if self.box is not None:
            draw_frame(painter, view.rect(self.box), QColor(colour))
        for x, y, good in self.clicks:
            draw_click(painter, view.to_view(x, y), good, colour)
        if self._context.picture is not None:
            draw_note(painter, self.note(), view)


def asked(
    known: Understood, clicks: Sequence[Click], box: Box | None, low_res: Floats | None
) -> list[Answer]:
    """Return the answers of a model, the best first. For jobs."""
    cutout = known.cutout
    seen = [(*cutout.inward((x, y)), good) for x, y, good in clicks]
    inner = cutout.reduced(box) if box is not None else None
    found = known.model.masks(known.embedding, seen, inner, low_res)
    return [Answer(cutout.patches(one.region), one.score, one.low_res) for one in found]


def walked(cutout: Cutout, clicks: Sequence[Click], box: Box | None, job: Job) -> Answer:
    """Return the answer that colours and edges give. For jobs."""
    seen = [(*cutout.inward((x, y)), good) for x, y, good in clicks]
    inner = cutout.reduced(box) if box is not None else None
    return Answer(cutout.patches(clicked(cutout.rgb, seen, inner, job)))


def _serves(cutout: Cutout, sight: Box) -> bool:
    """Whether a cutout covers what is in sight, and not much more."""
    box = cutout.box
    return box.joined(sight) == box and (cutout.stride == 1 or 2 * sight.area >= box.area)


def _inside(point: Point, box: Box) -> bool:
    return box.left <= point[0] < box.right and box.top <= point[1] < box.bottom
