"""Training a network on the labels of a project."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segstudio.domain.card import Card
from segstudio.domain.records import RunRecord
from segstudio.domain.task import Cancelled, Task
from segstudio.errors import Failure, UserError
from segstudio.learning.dataset import Example
from segstudio.learning.losses.loss import given_weights
from segstudio.store.project import Project
from segstudio.workflows.beginnings import settings_of_run
from segstudio.workflows.by_lot import labelled_by_lot, note_learned
from segstudio.workflows.choice import Choice
from segstudio.workflows.effort import EFFORT, effort_of
from segstudio.workflows.holding_back import note_split
from segstudio.workflows.labels import Labels, collect
from segstudio.workflows.lot import lot_of
from segstudio.workflows.models import IN_USE
from segstudio.workflows.replacing import Former, former_of
from segstudio.workflows.runs import Note, RunFolder, ended, logged, settle_interrupted
from segstudio.workflows.shelf import Shelf
from segstudio.workflows.unlabelled import without_labels

if TYPE_CHECKING:
    from segstudio.learning.trained import Trained


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
    in_use: bool = True
    """Whether its model is the one in use now."""
    former: Former | None = None
    """What a careful training found of the model that was in use."""


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

    ``choice.careful`` does the last only where it is not clearly worse than the former one.
    What is wrong with the input is said before a run is entered. A run says in the end whether
    it is done, failed or cancelled; the former model stays in use until this one is whole on
    disk, and where it fails. ``resume`` goes on with a run that was interrupted, with its settings.
    """
    shelf = Shelf()
    try:
        if resume is not None:
            choice = choice_of_run(project, resume)
        effort = effort_of(project)
        labels = collect(project, shelf, task)
        # Only now: what is labelled while the labels are read may be among them.
        drawn = labelled_by_lot(project)
        known: dict[str, Any] = {EFFORT: effort, "lot": lot_of(project, drawn, task)}
        former = former_of(project, labels.held, task) if choice.careful else None
        if former is not None:
            known["former"] = former.to_json()
        more = without_labels(project, shelf, task) if choice.training.unlabelled else []
        device = _checked(project, choice, device)
        run = _started(project, choice, resume)
        folder = RunFolder(project.run_folder(run.id))
        try:
            report = _train(
                project, run, folder, choice, labels, more, task, note, threads, device,
                known, former,
            )  # fmt: skip
            note_learned(project, drawn)
            note_split(project, labels.train, labels.held)
            return report
        except BaseException as error:
            project.save_run(stopped(run, error, folder)).result()
            raise
        finally:
            with suppress(OSError):  # the last lines of the log, on a disk that is full
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
    return Choice.from_json(folder.settings())


def resumable(project: Project) -> int | None:
    """Return the newest run if it was interrupted and can go on."""
    newest = next(iter(project.runs()), None)
    if newest is None or newest.status != "cancelled":
        return None
    return newest.id if RunFolder(project.run_folder(newest.id)).checkpoint.is_file() else None


def _checked(project: Project, choice: Choice, device: str) -> str:
    """Return the device by its own name; raise `UserError` where something does not fit."""
    # torch takes more than a second to import: not before there is something to train on.
    from segstudio.learning.devices import device_named

    if choice.weights is not None and not choice.weights.exists():
        raise UserError(
            f"there are no weights at {choice.weights}",
            "give a .safetensors or .pth file, or a bundle",
        )
    if choice.training.class_weights:
        given_weights(choice.training.class_weights, [c.name for c in project.classes()])
    return device_named(device)


def _started(project: Project, choice: Choice, resume: int | None) -> RunRecord:
    settle_interrupted(project)
    if resume is not None:
        former = next(run for run in project.runs() if run.id == resume)
        run = replace(former, status="running", finished=None, note="")
        project.save_run(run).result()
        return run
    return project.new_run("train", choice.training.network, settings_of_run(project, choice))


def _train(
    project: Project,
    run: RunRecord,
    folder: RunFolder,
    choice: Choice,
    labels: Labels,
    unlabelled: Sequence[Example],
    task: Task,
    note: Note,
    threads: int | None,
    device: str,
    known: Mapping[str, Any],
    former: Former | None,
) -> TrainReport:
    from segstudio.learning.training import train as learn

    folder.write("settings.json", dict(run.settings))
    trained = learn(
        labels.train, labels.held, project.classes(), choice.training, choice.network, task,
        logged(folder, note), threads, device, loss_settings=choice.loss, split=labels.split,
        indicative=labels.indicative, checkpoint=folder.checkpoint, weights=choice.weights,
        unlabelled=unlabelled,
    )  # fmt: skip
    card, metrics = _model(trained, folder)
    project.save_run(ended(run, "done", **metrics, **known)).result()
    better = former is None or former.gives_way(metrics["miou"])
    if better:
        project.set_fact(IN_USE, str(run.id)).result()
    # Only now: where the model could not be written, the run can still go on to its end.
    folder.checkpoint.unlink(missing_ok=True)
    return TrainReport(
        run.id, card.network, card.parameters, trained.steps, trained.seconds,
        metrics["miou"], card.indicative, folder.model, labels.failed, better, former,
    )  # fmt: skip


def _model(trained: "Trained", folder: RunFolder) -> tuple[Card, dict[str, Any]]:
    """Write model and metrics of a run; raise `UserError` where they cannot be written."""
    from segstudio.learning.export import export

    try:
        card = export(trained, folder.model)
    except Exception as error:
        # Some libraries have types of their own for a disk that is full.
        if not isinstance(error, OSError) and "no space left" not in str(error).lower():
            raise
        raise UserError(
            f"the model of run {folder.path.name} could not be written: "
            f"{getattr(error, 'strerror', None) or error}",
            f"make room, then go on with --resume {folder.path.name}",
        ) from error
    metrics = metrics_of(card, trained.steps, trained.best_step, trained.seconds)
    folder.write("metrics.json", metrics)
    return card, metrics


def metrics_of(card: Card, steps: int, best_step: int, seconds: float) -> dict[str, Any]:
    """Return what ``metrics.json`` of a run says; batch and device only of networks."""
    training = card.settings.get("training", {})
    return {
        "miou": card.metrics.get("miou"),
        **card.metrics,
        "split": card.split,
        "indicative": card.indicative,
        "parameters": card.parameters,
        **({"batch": training["batch"], "device": card.settings["device"]} if training else {}),
        "steps": steps,
        "best_step": best_step,
        "seconds": seconds,
        "largest_difference": card.largest_difference,
    }


def stopped(run: RunRecord, error: BaseException, folder: RunFolder | None = None) -> RunRecord:
    """Return the record of a run that an error has ended; what it had learned is kept."""
    if isinstance(error, Cancelled | KeyboardInterrupt):
        return ended(run, "cancelled")
    if isinstance(error, UserError):
        return ended(run, "failed", error.message, **_kept(folder, error))
    if isinstance(error, OSError):
        return ended(run, "failed", error.strerror or str(error))
    return ended(run, "failed", f"{type(error).__name__}: {error}")


def _kept(folder: RunFolder | None, error: UserError) -> dict[str, Any]:
    """Make a model of the best weights of a training that had to stop; return its metrics."""
    from segstudio.learning.unfinished import Unfinished

    if folder is None or not isinstance(error, Unfinished) or error.trained is None:
        return {}
    try:
        return _model(error.trained, folder)[1]
    except UserError:
        return {}  # what stopped the training is what is said
