"""Making a study of networks: every arm is trained with every seed and measured alike."""

import itertools
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from segstudio import __version__
from segstudio.domain.intervals import bootstrap
from segstudio.domain.metrics import Confusion
from segstudio.domain.records import Split
from segstudio.domain.task import Part, Task
from segstudio.errors import Failure, UserError
from segstudio.learning.dataset import Example, survey
from segstudio.learning.networks.network import networks
from segstudio.settings import build
from segstudio.store.project import Project
from segstudio.workflows.labels import Labels, collect, examples_of
from segstudio.workflows.runs import RunFolder, lines_of
from segstudio.workflows.shelf import Shelf
from segstudio.workflows.study_arms import Arm, Plan, Wanted
from segstudio.workflows.study_results import Finished, Results, counts_of


@dataclass(frozen=True)
class Made:
    """What a study came to so far.

    ``runs`` holds for each arm by its name what its seeds reached. ``measured_on`` names the
    split, or says that labels were held back; ``indicative`` that they are of the same pictures.
    ``watched`` is the number of pictures of the curves.
    """

    runs: dict[str, list[Finished]]
    failed: list[Failure]
    learned: int
    judged: int
    measured_on: str
    indicative: bool
    watched: int = 0


Heard = Callable[[Made], object]

WATCHED = 32
"""Pictures that the curves are measured on, at most: all of them would take longer than the
training. The figures in the end are those of all."""


class Study:
    """A study that is being made.

    Raises `UserError` where the project has nothing to learn from, or to measure on.
    """

    def __init__(
        self,
        project: Project,
        plan: Plan,
        wanted: Wanted,
        results: Results,
        device: str = "cpu",
        threads: int | None = None,
    ) -> None:
        self.project, self.plan, self.wanted, self.results = project, plan, wanted, results
        self._device, self._threads = device, threads

    def make(self, task: Task, written: Heard = lambda made: None) -> Made:
        """Train what is not there yet, seed by seed, so that all arms grow at the same pace.

        ``written`` hears of what there is after every run. A run that fails is left out, the
        others go on; one that was interrupted goes on from its last checkpoint.
        """
        if self.wanted.split not in (Split.VAL, Split.TEST):
            raise UserError(
                f"a network learns from the split {self.wanted.split}",
                "measure on val or test",
            )
        shelf = Shelf()
        try:
            labels = collect(self.project, shelf, task)
            judged = labels.held
            if self.wanted.split == Split.TEST:
                judged = examples_of(self.project, shelf, Split.TEST, task)
            return self._make(self._found(labels, judged, task), task, written)
        finally:
            shelf.close()

    def _found(self, labels: Labels, judged: list[Example], task: Task) -> "_Found":
        """Survey the labels; the figures depend on them, on the classes and on the device."""
        ids = [label.id for label in self.project.classes()]
        learned, other = (survey(part, ids, 0, task) for part in (labels.train, judged))
        names = [f"{label.id} {label.name}" for label in self.project.classes()]
        prints = (learned.fingerprint, other.fingerprint, str(self.wanted.split), self._device)
        about = blake2b("\n".join([*prints, *names]).encode(), digest_size=10).hexdigest()
        return _Found(labels, judged, about, learned.largest_side)

    def _make(self, found: "_Found", task: Task, written: Heard) -> Made:
        made = Made(
            {arm.name: [] for arm in self.plan.arms}, list(found.labels.failed),
            _pictures(found.labels.train), _pictures(found.judged),
            self.wanted.split if self.wanted.split == Split.TEST else found.labels.split,
            found.labels.indicative and self.wanted.split != Split.TEST, len(found.watched),
        )  # fmt: skip
        turns = [(arm, seed) for seed in self.wanted.seeds for arm in self.plan.arms]
        for done, (arm, seed) in enumerate(turns):
            key = arm.key(seed, found.about)
            run = self.results.runs.get(key)
            if run is None:
                part = Part(task, done, len(turns), f"{arm.title}, seed {seed}")
                try:
                    run = self._run(arm, seed, key, found, part)
                except UserError as error:
                    made.failed.append(Failure(f"{arm.name}, seed {seed}", error.message))
                    continue
                self.results.add(key, run)
                _forget(self.results.work / key)
                made.runs[arm.name].append(run)
                written(made)
            else:
                made.runs[arm.name].append(run)
        task.report(len(turns), len(turns), "Measured")
        with suppress(OSError):
            self.results.work.rmdir()
        return made

    def _run(self, arm: Arm, seed: int, key: str, found: "_Found", task: Task) -> Finished:
        """Train an arm through the same code as ``segstudio train``, and measure its end."""
        # torch takes more than a second to import: not before there is something to train.
        from segstudio.learning.last import last_module, measured
        from segstudio.learning.step_costs import step_cost
        from segstudio.learning.training import train

        choice, classes = arm.seeded(seed), self.project.classes()
        folder = RunFolder(self.results.work / key)
        labels = found.labels
        try:
            trained = train(
                labels.train, found.watched, classes, choice.training, choice.network,
                task, _timed(folder), self._threads, self._device,
                loss_settings=choice.loss, split=labels.split, indicative=labels.indicative,
                checkpoint=folder.checkpoint, weights=choice.weights,
            )  # fmt: skip
        finally:
            folder.close()
        module = last_module(trained, folder.checkpoint)
        parts = measured(trained, module, found.judged, self._device, Part(task, 99, 100))
        confusion = sum(parts.values(), start=Confusion(trained.card.ids))
        told = Told.of(lines_of(folder.path / "log.jsonl"))
        settings = trained.card.settings["training"]
        batch = settings["batch"] * settings["accumulate"]
        network = build(networks[choice.training.network], choice.network)
        # Small pictures are not cut: see `segstudio.learning.preparation`.
        side = min(choice.training.crop, -(-found.largest // network.stride) * network.stride)
        cost = step_cost(
            network, trained.card.input.bands, len(classes), settings["batch"], side,
            choice.training.optimiser,
        )  # fmt: skip
        names = {label.id: label.name for label in classes}
        interval = bootstrap(list(parts.values()))
        return Finished(
            seed, trained.steps, confusion.miou, confusion.summary(names)["iou"],
            None if interval is None else list(interval),
            {str(name): counts_of(part) for name, part in parts.items()},
            told.curve, told.seconds, told.cpu_seconds, trained.seconds, cost.parameters,
            cost.trained, cost.macs, cost.bytes, batch, side, told.said, self._device, machine(),
            f"segstudio {__version__}",
        )  # fmt: skip


@dataclass(frozen=True)
class _Found:
    labels: Labels
    judged: list[Example]
    about: str
    largest: int

    @property
    def watched(self) -> list[Example]:
        """Some of the held pictures, spread evenly."""
        held = self.labels.held
        places = {round(n * (len(held) - 1) / (WATCHED - 1)) for n in range(WATCHED)}
        return [held[place] for place in sorted(places)] if held else []


def _timed(folder: RunFolder) -> Callable[[dict[str, Any]], None]:
    """Return a log that notes with every line how long all processors have worked."""

    def log(entry: dict[str, Any]) -> None:
        kept = {name: value for name, value in entry.items() if name not in ("samples", "worst")}
        folder.log({**kept, "cpu": time.process_time()})

    return log


@dataclass(frozen=True)
class Told:
    """What the log of a run tells."""

    curve: list[list[float]]
    seconds: float | None
    cpu_seconds: float | None
    said: list[str]

    @classmethod
    def of(cls, lines: Sequence[Mapping[str, Any]]) -> "Told":
        """Take the log apart; between two steps without an evaluation lies nothing but a step."""
        curve: list[list[float]] = []
        said: list[str] = []
        for line in lines:
            if "iou" in line:
                curve.append([line["step"], line.get("miou") or 0.0])
            if "warning" in line:
                said.append(str(line["warning"]))
            if "weights" in line:
                said.append(str(line["weights"]["said"]))
        by_clock, by_work = _median(lines, "seconds"), _median(lines, "cpu")
        return cls(curve, by_clock, by_work, list(dict.fromkeys(said)))


def _median(lines: Sequence[Mapping[str, Any]], name: str) -> float | None:
    """Return the median time of a step; a run that was resumed began to count anew."""
    pairs = itertools.pairwise(lines)
    taken = [b[name] - a[name] for a, b in pairs if "loss" in a and "loss" in b]
    taken = [seconds for seconds in taken if seconds >= 0]
    return statistics.median(taken) if taken else None


def machine() -> str:
    """Return what a time depends on, without the name of the machine."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"torch {version('torch')}"
    )


def _pictures(examples: Sequence[Example]) -> int:
    """Return of how many pictures the examples are."""
    return len({example.name if example.image is None else example.image for example in examples})


def _forget(folder: Path) -> None:
    """Delete what a run that is finished needed to go on."""
    for path in _files(folder):
        with suppress(OSError):
            path.unlink()
    with suppress(OSError):
        folder.rmdir()


def _files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from list(folder.iterdir())
