"""``segstudio train``: learn from the labels of a project."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console, Interrupted, failures, figure
from segstudio.errors import UserError

if TYPE_CHECKING:
    from segstudio.store.project import Project
    from segstudio.workflows.train import TrainReport

HELP = "train a network on what is labelled; its model is then the one in use"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "--network", metavar="NAME",
        help="instead of the preset's; or a classifier of pixels, such as pixel_forest",
    )  # fmt: skip
    parser.add_argument(
        "--preset", default="default", metavar="NAME", help="quick, default or long"
    )
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="FIELD=VALUE",
        help="a setting of the training, the network or the loss",
    )  # fmt: skip
    parser.add_argument(
        "--settings", dest="file", type=Path, metavar="FILE",
        help="a TOML file with the settings, instead of a preset",
    )  # fmt: skip
    parser.add_argument("--steps", type=whole_number(1), metavar="N")
    parser.add_argument("--seed", type=whole_number(0), metavar="N")
    parser.add_argument("--device", default="cpu", metavar="cpu|cuda|mps|auto")
    parser.add_argument(
        "--weights", metavar="FILE|MODEL",
        help="begin from a .safetensors or .pth file (of torchvision or timm too), or from those "
        "of a bundle, PROJECT:RUN or PROJECT:",
    )  # fmt: skip
    parser.add_argument(
        "--resume", type=whole_number(1), metavar="RUN", help="go on with a run cut short"
    )
    parser.add_argument(
        "--log-to", metavar="TRACKER",
        help="hand the run over to mlflow or dvc when it is done",
    )  # fmt: skip


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing
    from segstudio.domain.task import Cancelled
    from segstudio.settings import assignments
    from segstudio.workflows.choice import choose
    from segstudio.workflows.classifiers import classifiers
    from segstudio.workflows.models import weights_at
    from segstudio.workflows.settings_files import read_settings
    from segstudio.workflows.tracking import check_tracker
    from segstudio.workflows.train import resumable, train

    if arguments.log_to:
        check_tracker(arguments.log_to)
    values: dict[str, object] = dict(assignments(arguments.settings))
    for name in ("steps", "seed"):
        if getattr(arguments, name) is not None:
            values[name] = getattr(arguments, name)
    if arguments.resume and (values or arguments.network or arguments.weights or arguments.file):
        raise UserError("a resumed run keeps its settings", "leave them out, or start a new run")
    if arguments.network in classifiers():
        return _classifier(arguments, values, console)
    if arguments.file is not None:
        choice = read_settings(arguments.file, arguments.network, values)
    else:
        choice = choose(arguments.preset, arguments.network, values)
    if arguments.weights is not None:
        choice = replace(choice, weights=weights_at(arguments.weights))
    with changing(arguments.project, console) as project:
        try:
            report = train(
                project, choice, console.task, partial(_say, console),
                device=arguments.device, resume=arguments.resume,
            )  # fmt: skip
        except Cancelled:
            run = resumable(project)
            if run is None:
                raise
            again = f"go on with: segstudio train {arguments.project} --resume {run}"
            raise Interrupted(again) from None
        kept = _kept(project, report.run, arguments.log_to, console)
    return _answer(report, f"{report.steps} steps", kept)


def _classifier(arguments: Namespace, values: dict[str, object], console: Console) -> Answer:
    """Train a classifier of pixels, which has no steps, no weights to begin from, no preset."""
    from segstudio.cli.projects import changing
    from segstudio.workflows.classifiers import classifier, train_classifier

    if arguments.weights:
        raise UserError(f"{arguments.network} does not begin from weights", "leave out --weights")
    segmenter = classifier(arguments.network, values)
    with changing(arguments.project, console) as project:
        report = train_classifier(project, segmenter, console.task)
        kept = _kept(project, report.run, arguments.log_to, console)
    return _answer(report, "learned", kept)


def _kept(project: "Project", run: int, tracker: str | None, console: Console) -> str | None:
    """Hand a run over to a tracker; what goes wrong there is no fault of the run."""
    from segstudio.workflows.tracking import hand_over

    if tracker is None:
        return None
    try:
        return hand_over(project, [run], tracker, console.task)[0].place
    except UserError as error:
        _say(console, {"warning": f"{error.message}; the run itself is complete"})
        return None


def _answer(report: "TrainReport", what: str, kept: str | None) -> Answer:
    from segstudio.workflows.replacing import outcome

    trust = " (indicative: measured on parts of the same pictures)" if report.indicative else ""
    text = (
        f"run {report.run}: {report.network}, {report.parameters:,} parameters, "
        f"{what} in {report.seconds:.0f} s\n"
        f"mIoU {figure(report.miou)}{trust}\n{report.bundle}"
    )
    values = {
        "run": report.run,
        "network": report.network,
        "parameters": report.parameters,
        "steps": report.steps,
        "seconds": round(report.seconds, 3),
        "miou": report.miou,
        "indicative": report.indicative,
        "bundle": str(report.bundle),
        "failed": failures(report.failed),
        "logged": kept,
    }
    if report.former is not None:
        values["in_use"] = report.in_use
        text += f"\n{outcome(report.former, report.in_use)}"
    if kept is not None:
        text += f"\nlogged to {kept}"
    return Answer(values, text, report.failed)


def _say(console: Console, entry: dict[str, Any]) -> None:
    """Print how far weights fit and what a training warns of; the rest stands in the run's log."""
    if "weights" in entry:
        console.task.finish()
        print(entry["weights"]["said"], file=sys.stderr)
    if "warning" in entry:
        console.task.finish()
        print(f"warning: {entry['warning']}", file=sys.stderr)
