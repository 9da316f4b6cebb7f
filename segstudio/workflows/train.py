"""Training a network on the labels of a project."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from segstudio.domain.card import Card
from segstudio.domain.records import RunRecord
from segstudio.domain.task import Cancelled, Task
from segstudio.errors import Failure, UserError
from segstudio.learning.networks.network import networks
from segstudio.learning.presets import preset
from segstudio.learning.settings import TrainSettings
from segstudio.settings import build, settings_of
from segstudio.store.project import Project
from segstudio.workflows.labels import Labels, collect
from segstudio.workflows.models import IN_USE
from segstudio.workflows.runs import RunFolder, ended, settle_interrupted
from segstudio.workflows.shelf import Shelf

Note = Callable[[dict[str, Any]], None]
"""Hears of every step and every evaluation; see `segstudio.learning.training.train`."""


@dataclass(frozen=True)
class Choice:
    """How to train: settings of the training, and those of the network."""

    training: TrainSettings = field(default_factory=TrainSettings)
    network: Mapping[str, Any] = field(default_factory=dict)
    weights: Path | None = None


@dataclass(frozen=True)
class TrainReport:
    """What came of a training."""

    run: int
    network: str
    parameters: int
    steps: int
    seconds: float
    miou: float | None
    indicative: bool
    bundle: Path
    failed: list[Failure]


def choose(
    preset_name: str = "default",
    network: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> Choice:
    """Take a preset, another network where one is named, and settings of either by name.

    Raises `UserError` for names and values that do not exist.
    """
    settings = preset(preset_name)
    known = {f.name for f in fields(TrainSettings)}
    chosen = dict(values or {})
    training = {name: value for name, value in chosen.items() if name in known}
    if network is not None:
        training["network"] = network
    settings = build(TrainSettings, asdict(settings) | training)
    part = networks[settings.network]
    own = {name: value for name, value in chosen.items() if name not in known}
    for name in own:
        if name not in part.__dataclass_fields__:
            names = sorted(known) + [setting.name for setting in settings_of(part)]
            hint = f"there are: {', '.join(names)}"
            raise UserError(f"there is no setting called {name!r}", hint)
    return Choice(settings, asdict(build(part, own)))


def train(
    project: Project,
    choice: Choice,
    task: Task,
    note: Note = lambda entry: None,
    threads: int | None = None,
    device: str = "cpu",
    resume: int | None = None,
) -> TrainReport:
    """Train on the labels, export the best state, and make it the model in use.

    What is wrong with the input is said before a run is entered. A run says in the end whether
    it is done, failed or cancelled; the former model stays in use until this one is whole on
    disk, and where it fails. ``resume`` goes on with a run that was interrupted, with its settings.
    """
    shelf = Shelf()
    try:
        if resume is not None:
            choice = choice_of_run(project, resume)
        labels = collect(project, shelf, task)
        device = _checked(choice, device)
        run = _started(project, choice, resume)
        folder = RunFolder(project.run_folder(run.id))
        try:
            return _train(project, run, folder, choice, labels, task, note, threads, device)
        except BaseException as error:
            project.save_run(stopped(run, error)).result()
            raise
        finally:
            folder.close()
    finally:
        shelf.close()


def choice_of_run(project: Project, run: int) -> Choice:
    """Return the settings of a run that can go on; raise `UserError` where it cannot."""
    folder = RunFolder(project.run_folder(run))
    if not folder.checkpoint.is_file():
        raise UserError(
            f"run {run} cannot be resumed: it kept no checkpoint",
            "runs that were interrupted after their first evaluation can",
        )
    saved = folder.settings()
    return Choice(build(TrainSettings, saved["training"]), saved["network"])


def resumable(project: Project) -> int | None:
    """Return the newest run if it was interrupted and can go on."""
    newest = next(iter(project.runs()), None)
    if newest is None or newest.status != "cancelled":
        return None
    return newest.id if RunFolder(project.run_folder(newest.id)).checkpoint.is_file() else None


def _checked(choice: Choice, device: str) -> str:
    """Return the device by its own name; raise `UserError` where it or the weights are missing."""
    # torch takes more than a second to import: not before there is something to train on.
    from segstudio.learning.devices import device_named

    if choice.weights is not None and not choice.weights.exists():
        raise UserError(
            f"there are no weights at {choice.weights}",
            "give a .safetensors or .pth file, or a bundle",
        )
    return device_named(device)


def _started(project: Project, choice: Choice, resume: int | None) -> RunRecord:
    settle_interrupted(project)
    if resume is not None:
        former = next(run for run in project.runs() if run.id == resume)
        run = replace(former, status="running", finished=None, note="")
        project.save_run(run).result()
        return run
    settings = {
        "training": asdict(choice.training),
        "network": dict(choice.network),
        "weights": choice.weights.name if choice.weights else None,
    }
    return project.new_run("train", choice.training.network, settings)


def _train(
    project: Project,
    run: RunRecord,
    folder: RunFolder,
    choice: Choice,
    labels: Labels,
    task: Task,
    note: Note,
    threads: int | None,
    device: str,
) -> TrainReport:
    from segstudio.learning.export import export
    from segstudio.learning.training import train as learn

    def log(entry: dict[str, Any]) -> None:
        folder.log(entry)
        note(entry)

    folder.write("settings.json", dict(run.settings))
    trained = learn(
        labels.train, labels.held, project.classes(), choice.training, choice.network, task, log,
        threads, device, split=labels.split, indicative=labels.indicative,
        checkpoint=folder.checkpoint, weights=choice.weights,
    )  # fmt: skip
    card = export(trained, folder.model)
    metrics = metrics_of(card, trained.steps, trained.best_step, trained.seconds)
    folder.write("metrics.json", metrics)
    project.save_run(ended(run, "done", **metrics)).result()
    project.set_fact(IN_USE, str(run.id)).result()
    return TrainReport(
        run.id, card.network, card.parameters, trained.steps, trained.seconds,
        metrics["miou"], card.indicative, folder.model, labels.failed,
    )  # fmt: skip


def metrics_of(card: Card, steps: int, best_step: int, seconds: float) -> dict[str, Any]:
    """Return what ``metrics.json`` of a run says."""
    return {
        "miou": card.metrics.get("miou"),
        **card.metrics,
        "split": card.split,
        "indicative": card.indicative,
        "parameters": card.parameters,
        "steps": steps,
        "best_step": best_step,
        "seconds": seconds,
        "largest_difference": card.largest_difference,
    }


def stopped(run: RunRecord, error: BaseException) -> RunRecord:
    """Return the record of a run that an error has ended."""
    if isinstance(error, Cancelled | KeyboardInterrupt):
        return ended(run, "cancelled")
    said = error.message if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
    return ended(run, "failed", said)
