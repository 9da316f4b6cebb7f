"""The training loop."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from segstudio import __version__
from segstudio.domain.card import Card, CardClass
from segstudio.domain.classes import LabelClass
from segstudio.domain.task import Quiet, Task
from segstudio.errors import UserError
from segstudio.learning.averaging import Average
from segstudio.learning.checkpoint import Checkpoint
from segstudio.learning.crops import Crops
from segstudio.learning.dataset import (
    Cache,
    Example,
    Survey,
    channel_table,
    check_labels,
    input_spec,
    survey,
)
from segstudio.learning.evaluation import Evaluation
from segstudio.learning.losses.loss import class_weights, losses
from segstudio.learning.networks.network import Network, networks
from segstudio.learning.schedule import learning_rate
from segstudio.learning.settings import TrainSettings
from segstudio.learning.supervision import STEP, compared
from segstudio.learning.threads import lent
from segstudio.learning.trained import Trained
from segstudio.learning.weights import begin_from
from segstudio.settings import build

Log = Callable[[dict[str, Any]], None]

AUXILIARY = 0.4
"""Weight of the auxiliary heads' losses, as both papers have it."""

DECAY = 0.99
"""Of the average of the weights: it spans about the last hundred steps."""

NOISE = 0.005
"""Differences of mIoU that are taken for chance: later weights have seen more."""


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
    split: str = "held back",
    indicative: bool = False,
    checkpoint: Path | None = None,
    weights: Path | None = None,
) -> Trained:
    """Train a network on labelled pictures and return its best weights.

    ``log`` gets {step, loss, learning_rate, seconds} after every step and {step, miou, iou,
    seconds} after every evaluation, ``iou`` by class name. ``split`` and ``indicative`` say
    what ``holdout`` is, for the card. Where the file ``checkpoint`` exists the run goes on from
    it; it is written at every evaluation and removed at the end. ``weights`` is a file to begin
    from; see `begin_from`.

    Raises `UserError` where the labels do not suffice, the loss is no number, or memory runs
    out, and `Cancelled` from ``task``.
    """
    settings = settings or TrainSettings()
    network = build(networks[settings.network], network_settings or {})
    with lent(threads), _advised_on_memory(settings), torch.random.fork_rng(devices=[]):
        run = _Run(examples, holdout, classes, settings, network, task or Quiet(), device)
        run.card = replace(run.card, split=split if holdout else "", indicative=indicative)
        if weights is not None:
            begin_from(run.module, weights)
            run.average = Average(run.module, DECAY)
        return run.train(log, checkpoint)


class _Run:
    """One training run: what it needs, its loop, its best weights so far."""

    def __init__(
        self,
        examples: Sequence[Example],
        holdout: Sequence[Example],
        classes: Sequence[LabelClass],
        settings: TrainSettings,
        network: Network,
        task: Task,
        device: str,
    ) -> None:
        self.settings, self.task, self.device = settings, task, torch.device(device)
        cache = Cache(examples)
        ids = [c.id for c in classes]
        found = survey(examples, ids, settings.seed, task)
        check_labels(found, [c.name for c in classes])
        torch.manual_seed(settings.seed)
        spec = input_spec(cache, len(examples))
        module = network.build(spec.bands, len(classes))
        # Channels last is a tenth faster on processors, and more on GPUs.
        self.module = module.to(self.device)
        self.module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = Average(self.module, DECAY)
        self.optimiser = _optimiser(self.module, settings)
        self.card = Card(
            tuple(CardClass.of(c) for c in classes),
            settings.network,
            {"network": asdict(network), "training": asdict(settings)},
            spec,
            network.stride,
            parameters=sum(p.numel() for p in self.module.parameters()),
            training_data=found.fingerprint,
            program=f"segstudio {__version__}",
        )
        self.crops = Crops(
            cache, found, channel_table(ids), spec, settings.augmentation,
            _crop_side(settings.crop, found, network.stride), settings.rare, settings.seed,
        )  # fmt: skip
        self.evaluation = Evaluation(self.card, holdout, Cache(holdout))
        self.loss = losses[settings.loss]()
        weights = class_weights(found.counts.sum(0), settings.balance)
        self.weights = torch.from_numpy(weights).to(self.device)
        self.best: dict[str, Any] = {"step": 0, "miou": -1.0, "state": {}, "metrics": {}}

    def train(self, log: Log, checkpoint: Path | None) -> Trained:
        """Take the steps, evaluate now and then, return the best."""
        settings, began, first = self.settings, time.monotonic(), 0
        if checkpoint is not None and checkpoint.exists():
            first, earlier = self._resume(checkpoint)
            began -= earlier
        evaluated_after = settings.evaluated_after()
        for step in range(first, settings.steps):
            rate = learning_rate(step, settings.steps, settings.learning_rate)
            loss = self._step(step, rate)
            seconds = time.monotonic() - began
            done = {"step": step + 1, "seconds": seconds}
            log(done | {"loss": loss, "learning_rate": rate})
            if step + 1 in evaluated_after:
                log(done | self._evaluate(step + 1))
                if checkpoint is not None:
                    self._save(checkpoint, step + 1, seconds)
        card = replace(self.card, metrics=self.best["metrics"])
        if checkpoint is not None:
            checkpoint.unlink(missing_ok=True)
        return Trained(
            card, self.best["state"], settings.steps, self.best["step"], time.monotonic() - began
        )

    def _step(self, step: int, rate: float) -> float:
        """Learn from one batch; return its loss. Asks thrice whether to stop: a step is long."""
        settings = self.settings
        self._report(step)
        inputs, targets = self._batch(step)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        torch.manual_seed(settings.seed * 1_000_003 + step)  # for dropout and the phase
        self.module.train()
        outputs = self.module(inputs)
        self._report(step)
        phase = int(torch.randint(STEP, ())), int(torch.randint(STEP, ()))
        heads, labels = compared(outputs, targets, phase)
        main, *auxiliary = (self.loss(logits, labels, self.weights) for logits in heads)
        loss = main + AUXILIARY * sum(auxiliary)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise UserError(
                f"the loss is no longer a number after {step} steps",
                f"lower the learning rate, now {settings.learning_rate:g}; look for pictures "
                "with extreme values",
            )
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        self._report(step)
        self.optimiser.step()
        self.average.update(self.module, step)
        return value

    def _batch(self, step: int) -> tuple[Tensor, Tensor]:
        inputs, targets = self.crops.batch(step, self.settings.batch)
        x = torch.from_numpy(inputs).to(self.device, memory_format=torch.channels_last)
        return x, torch.from_numpy(targets).to(self.device)

    def _report(self, step: int) -> None:
        self.task.report(step, self.settings.steps, "Training")

    def _evaluate(self, step: int) -> dict[str, Any]:
        """Measure the averaged weights and keep them if they are the best so far."""
        names = {c.id: c.name for c in self.card.classes}
        watched = _Alongside(self.task, step, self.settings.steps)
        confusion = self.evaluation.run(self.average.module, self.device, watched, "Evaluating")
        metrics = confusion.summary(names)
        miou = metrics["miou"]
        if miou is None or miou >= self.best["miou"] - NOISE:
            state = {k: v.cpu().clone() for k, v in self.average.module.state_dict().items()}
            self.best = {
                "step": step, "miou": max(self.best["miou"], miou or 0.0), "state": state,
                "metrics": metrics,
            }  # fmt: skip
        return {"miou": miou, "iou": metrics["iou"]}

    def _save(self, path: Path, step: int, seconds: float) -> None:
        Checkpoint(
            step, self.module.state_dict(), self.average.module.state_dict(),
            self.optimiser.state_dict(), self.best, seconds,
        ).save(path, self.card.settings, self.card.training_data)  # fmt: skip

    def _resume(self, path: Path) -> tuple[int, float]:
        """Take over a checkpoint; return its number of steps and the seconds they took."""
        saved = Checkpoint.load(path, self.card.settings, self.card.training_data)
        self.module.load_state_dict(saved.module)
        self.average.module.load_state_dict(saved.average)
        self.optimiser.load_state_dict(saved.optimiser)
        self.best = saved.best
        return saved.step, saved.seconds


class _Alongside:
    """Lets an evaluation be cancelled while the bar stays where the training is."""

    def __init__(self, task: Task, step: int, steps: int) -> None:
        self._task, self._step, self._steps = task, step, steps

    def report(self, done: int, total: int, text: str) -> None:
        self._task.report(self._step, self._steps, text)


def _optimiser(module: nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """Return AdamW; only weights of convolutions decay, not norms and biases."""
    decayed = [p for p in module.parameters() if p.ndim > 1]
    free = [p for p in module.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": settings.weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True)


def _crop_side(wanted: int, found: Survey, stride: int) -> int:
    """Return the side of the crops: no larger than small pictures need."""
    return min(wanted, -(-found.largest_side // stride) * stride)


@contextmanager
def _advised_on_memory(settings: TrainSettings) -> Iterator[None]:
    """Turn running out of memory into advice."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        text = str(error).lower()
        if isinstance(error, MemoryError) or "out of memory" in text or "allocate" in text:
            raise UserError(
                "there is not enough memory for this training",
                f"take fewer crops a step (batch, now {settings.batch}) or smaller crops "
                f"(crop, now {settings.crop})",
            ) from error
        raise
