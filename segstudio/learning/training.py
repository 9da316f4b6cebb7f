"""The training loop."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from segstudio.domain.classes import LabelClass
from segstudio.domain.task import Quiet, Task
from segstudio.errors import UserError
from segstudio.learning.averaging import Average
from segstudio.learning.best import Best
from segstudio.learning.calibration import calibrated
from segstudio.learning.checkpoint import Checkpoint, Origin, Rhythm, steps_an_epoch
from segstudio.learning.crops import Batch
from segstudio.learning.dataset import Example
from segstudio.learning.evaluation import Alongside
from segstudio.learning.glances import Glances
from segstudio.learning.memory import advised_on_memory, batch_for, lacks_memory, release
from segstudio.learning.optimisers import optimiser_of
from segstudio.learning.prefetch import Ahead, Drawn
from segstudio.learning.preparation import Prepared, prepare
from segstudio.learning.schedule import learning_rate
from segstudio.learning.settings import TrainSettings
from segstudio.learning.supervision import judged
from segstudio.learning.teacher import Teacher
from segstudio.learning.threads import drawing_threads, lent
from segstudio.learning.trained import Trained
from segstudio.learning.unfinished import Unfinished, no_number
from segstudio.learning.untrained import look_at, without_pixels
from segstudio.learning.weights import begin_from

Log = Callable[[dict[str, Any]], None]

NO_PICTURES = "there are no pictures without labels: only labels are learned from"


def train(
    examples: Sequence[Example],
    holdout: Sequence[Example],
    classes: Sequence[LabelClass],
    settings: TrainSettings | None = None,
    network_settings: Mapping[str, Any] | None = None,
    task: Task | None = None,
    log: Log = lambda entry: None,
    threads: int | None = None,
    device: str = "cpu",
    *,
    loss_settings: Mapping[str, Any] | None = None,
    split: str = "held back",
    indicative: bool = False,
    checkpoint: Path | None = None,
    weights: Path | None = None,
    unlabelled: Sequence[Example] = (),
) -> Trained:
    """Train a network on labelled pictures and return its best weights.

    ``log`` gets {step, loss, learning_rate, seconds} after every step and {step, miou, iou,
    seconds} after every evaluation, ``iou`` by class name; {step, seconds, warning} whenever
    something should be said; {step, seconds, samples} now and then; and, before the first step,
    how far the weights fit and what the untrained network's loss is. ``split`` and ``indicative``
    say what ``holdout`` is, for the card. Where the file ``checkpoint`` exists the run goes on
    from it; it is written at every evaluation and every epoch. ``weights`` is a file to begin
    from; see `begin_from`. ``unlabelled`` are pictures whose masks nobody looks at, for the
    teacher that the settings may ask for; steps then log what it taught, too: {unlabelled_loss,
    sure}, a share of pixels.

    Raises `UserError` where the labels do not suffice, `Unfinished` where the loss is no number,
    memory runs out or a picture is gone, and `Cancelled` from ``task``.
    """
    settings, task, place = settings or TrainSettings(), task or Quiet(), torch.device(device)
    seeded = [torch.cuda.current_device()] if place.type == "cuda" else []
    with lent(threads), torch.random.fork_rng(devices=seeded):
        try:
            with advised_on_memory(settings.batch, settings.crop):
                prepared = prepare(
                    examples, holdout, classes, settings, network_settings or {},
                    loss_settings or {}, task, place, unlabelled,
                )  # fmt: skip
                run = _Run(prepared, task, log)
                run.card = replace(run.card, split=split if holdout else "", indicative=indicative)
                run.begin(checkpoint, weights)
            with ExitStack() as drawing:
                run.draw_ahead(drawing)
                return run.train(checkpoint)
        finally:
            release(place)


class _Run:
    """One training run: its loop, and its best weights so far."""

    def __init__(self, prepared: Prepared, task: Task, log: Log) -> None:
        self.settings, self.card = prepared.settings, prepared.card
        self.module = prepared.module.train()  # it stays so: what is evaluated is the average
        self.prepared, self.task, self.log = prepared, task, log
        self.device = prepared.device
        self.crops: Drawn[Batch] = prepared.crops
        self.teacher = Teacher.of(prepared)
        self.optimiser = optimiser_of(self.module, self.settings)
        self.average = Average(self.module, self.settings.average)
        self.scaler = torch.amp.GradScaler(enabled=prepared.precision == torch.float16)
        more = prepared.unlabelled
        self.origin = Origin.of(self.card, self.card.settings, more.fingerprint if more else "")
        self.batch, self.parts = self.settings.batch or 0, 1
        self.best = Best()
        self.first, self.began = 0, time.monotonic()

    def draw_ahead(self, drawing: ExitStack) -> None:
        """Have crops drawn in the background until ``drawing`` is left."""
        steps, threads = self.settings.steps, drawing_threads(self.device)
        self.crops = drawing.enter_context(Ahead(self.crops, steps, threads))
        if self.teacher is not None:
            crops = Ahead(self.teacher.crops, steps, threads)
            self.teacher.crops = drawing.enter_context(crops)

    def begin(self, checkpoint: Path | None, weights: Path | None) -> None:
        """Go on from a checkpoint where there is one; else look whether all is well."""
        if checkpoint is not None and checkpoint.exists():
            self._resume(checkpoint)
            return
        if weights is not None:
            fitted = begin_from(self.module, weights, self.settings.perturb)
            fits = {"share": fitted.share, "missing": list(fitted.missing), "said": str(fitted)}
            self.log({"step": 0, "seconds": self._seconds(), "weights": fits})
            self.average = Average(self.module, self.settings.average)
        self.batch = self.batch or batch_for(
            self.module, self.card.input.bands, self.crops.side, self.device
        )
        names = self.prepared.names
        absent = without_pixels(self.prepared.counts, names)
        if absent is not None:
            self._warn(0, absent)
        if self.settings.unlabelled and self.teacher is None:
            self._warn(0, NO_PICTURES)
        inputs, targets = self._tensors(*self.crops.batch(0, 2))
        seen = look_at(self.module, inputs, targets, names, given=weights is not None)
        untrained = {"loss": seen.loss, "chance": seen.chance}
        self.log({"step": 0, "seconds": self._seconds(), "untrained": untrained})
        for warning in seen.warnings:
            self._warn(0, warning)

    def train(self, checkpoint: Path | None) -> Trained:
        """Take the steps, evaluate now and then, return the best."""
        settings, step = self.settings, self.first
        evaluated_after = settings.evaluated_after()
        labelled, side = sum(self.prepared.counts), self.crops.side
        epoch = steps_an_epoch(labelled, side, self._crops_a_step)
        rhythm, glances = Rhythm(epoch), Glances(self.prepared.evaluation, epoch)
        try:
            while step < settings.steps and not self._waited_enough():
                rate = learning_rate(
                    step, settings.steps, settings.learning_rate, settings.schedule,
                    settings.warm_up,
                )  # fmt: skip
                losses = self._step(step, rate)
                step += 1
                done = {"step": step, "seconds": self._seconds()}
                self.log(done | losses | {"learning_rate": rate})
                if step in evaluated_after:
                    self.log(done | self._evaluate(step))
                elif glances.due(step):
                    watched = Alongside(self.task, step, settings.steps)
                    self.log(done | glances.look(step, self.average.module, self.device, watched))
                if checkpoint and (step in evaluated_after or rhythm.due(step)):
                    self._save(checkpoint, step, rhythm)
        except UserError as error:
            raise Unfinished(error, self._trained(step) if self.best.state else None) from error
        watched = Alongside(self.task, step, self.settings.steps)
        return calibrated(self._trained(step), self.prepared.evaluation, self.device, watched)

    def _step(self, step: int, rate: float) -> dict[str, float]:
        """Learn from the crops of a step, in smaller parts where memory runs out."""
        crops = self._crops_a_step
        with advised_on_memory(crops, self.crops.side):
            while True:
                try:
                    return self._learn(step, rate)
                except (MemoryError, RuntimeError) as error:
                    if not lacks_memory(error) or self.batch // (self.parts * 2) < 2:
                        raise
                self.parts *= 2
                self.optimiser.zero_grad(set_to_none=True)
                release(self.device)
                some = self.batch // self.parts
                said = f"memory ran out: from now on {some} crops at a time, {crops} a step still"
                self._warn(step + 1, said)

    def _learn(self, step: int, rate: float) -> dict[str, float]:
        """Take one step; return its losses. Asks now and then whether to stop: a step is long."""
        settings, crops = self.settings, self._crops_a_step
        self._report(step)
        inputs, targets = self._tensors(*self.crops.batch(step, crops))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self._seed(settings.seed * 1_000_003 + step)  # for dropout and the phase
        self.optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for part in np.array_split(np.arange(crops), settings.accumulate * self.parts):
            chosen = slice(int(part[0]), int(part[-1]) + 1)
            loss = self._loss(step, inputs[chosen], targets[chosen]) * (len(part) / crops)
            total += self._backward(step, loss, self.crops, chosen)
        losses = {"loss": total} | self._learn_unlabelled(step)
        if settings.clip:
            self.scaler.unscale_(self.optimiser)
            nn.utils.clip_grad_norm_(self.module.parameters(), settings.clip)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        self.average.update(self.module, step)
        return losses

    def _seed(self, seed: int) -> None:
        """Seed the random numbers of the device.

        `torch.manual_seed` seeds all devices, which takes a hundred times as long and notes the
        call stack for those that are not there.
        """
        if self.device.type == "cpu":
            torch.default_generator.manual_seed(seed)
        else:
            torch.manual_seed(seed)

    def _learn_unlabelled(self, step: int) -> dict[str, float]:
        """Take the teacher's lessons of a step backward."""
        if self.teacher is None:
            return {}
        crops, parts = self._crops_a_step, self.settings.accumulate * self.parts
        loss = sure = 0.0
        for lesson in self.teacher.lessons(self.module, self.average.module, step, crops, parts):
            loss += self._backward(step, lesson.loss, self.teacher.crops, lesson.part)
            sure += lesson.sure
        return {"unlabelled_loss": loss, "sure": sure}

    def _backward(self, step: int, loss: Tensor, crops: Drawn[Any], part: slice) -> float:
        """Take a loss backward and return it; ``part`` are those of the crops that it is of."""
        value = float(loss.detach())
        if not math.isfinite(value):
            names = crops.names(step, part.stop)[part]
            raise no_number(step, names, self.settings.learning_rate)
        torch.autograd.backward(self.scaler.scale(loss))
        self._report(step)
        return value

    def _loss(self, step: int, inputs: Tensor, targets: Tensor) -> Tensor:
        half = self.prepared.precision
        with torch.autocast(self.device.type, half) if half else nullcontext():
            outputs = self.module(inputs)
        self._report(step)
        return judged(outputs, targets, self.prepared.loss, self.prepared.weights)

    def _evaluate(self, step: int) -> dict[str, Any]:
        """Measure the averaged weights and keep them if they are the best so far."""
        names = {c.id: c.name for c in self.card.classes}
        evaluation = self.prepared.evaluation
        watched = Alongside(self.task, step, self.settings.steps)
        with advised_on_memory(self._crops_a_step, self.crops.side):
            confusion = evaluation.run(self.average.module, self.device, watched, "Evaluating")
        metrics = confusion.summary(names) | evaluation.figures()
        self.best.consider(step, metrics, self.average.module)
        said = {name: metrics[name] for name in ("miou", "iou", "interval")}
        return said | evaluation.pictures()

    def _waited_enough(self) -> bool:
        return bool(self.settings.patience) and self.best.waited >= self.settings.patience

    def _trained(self, step: int) -> Trained:
        best, settings = self.best, self.card.settings
        training = settings["training"] | {"batch": self.batch}
        settings = settings | {"training": training, "device": self.device.type}
        if self.prepared.unlabelled is not None:
            settings["unlabelled_pictures"] = self.prepared.unlabelled.pictures
        card = replace(self.card, metrics=best.metrics, settings=settings)
        return Trained(card, best.state, step, best.step, self._seconds())

    def _save(self, path: Path, step: int, rhythm: Rhythm) -> None:
        """Write a checkpoint; where that fails the run goes on without."""
        began = time.monotonic()
        try:
            Checkpoint(
                step, self.module.state_dict(), self.average.module.state_dict(),
                self.optimiser.state_dict(), self.scaler.state_dict(), vars(self.best),
                self._seconds(), self.batch, self.parts,
            ).save(path, self.origin)  # fmt: skip
        except OSError as error:
            said = error.strerror or str(error)
            self._warn(step, f"the checkpoint could not be written ({said}); the run goes on")
        rhythm.written(step, time.monotonic() - began)

    def _resume(self, path: Path) -> None:
        saved = Checkpoint.load(path, self.origin)
        self.module.load_state_dict(saved.module)
        self.average.module.load_state_dict(saved.average)
        self.optimiser.load_state_dict(saved.optimiser)
        self.scaler.load_state_dict(saved.scaler)
        self.best, self.batch, self.parts = Best(**saved.best), saved.batch, saved.parts
        self.first, self.began = saved.step, time.monotonic() - saved.seconds

    @property
    def _crops_a_step(self) -> int:
        return self.batch * self.settings.accumulate

    def _tensors(self, inputs: Any, targets: Any) -> tuple[Tensor, Tensor]:
        x = torch.from_numpy(inputs).to(self.device, memory_format=torch.channels_last)
        return x, torch.from_numpy(targets).to(self.device)

    def _seconds(self) -> float:
        return time.monotonic() - self.began

    def _warn(self, step: int, text: str) -> None:
        self.log({"step": step, "seconds": self._seconds(), "warning": text})

    def _report(self, step: int) -> None:
        self.task.report(step, self.settings.steps, "Training")
