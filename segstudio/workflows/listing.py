"""Tables of what there is: parts of the program, and the contents of a project."""

import ast
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from segstudio.domain.classes import hex_of
from segstudio.domain.records import Row
from segstudio.domain.task import Task
from segstudio.registry import Registry
from segstudio.settings import settings_of
from segstudio.store.project import Project

Rows = list[Row]


def methods() -> Rows:
    from segstudio.methods.segmenter import segmenters

    return [
        {
            "name": row["name"],
            "title": row["title"],
            "family": segmenters[row["name"]].family,
            "seeds": segmenters[row["name"]].seeds,
            "settings": row["settings"],
        }
        for row in _parts(segmenters)
    ]


def networks(task: Task) -> Rows:
    """List the networks with what each costs: see `segstudio.workflows.costs`."""
    from segstudio.learning.networks.network import networks
    from segstudio.workflows.costs import network_costs

    costs = network_costs(task)
    return [
        {
            "name": row["name"],
            "title": row["title"],
            **costs[row["name"]],
            "source": networks[row["name"]].source,
            "settings": row["settings"],
        }
        for row in _parts(networks)
    ]


def losses() -> Rows:
    from segstudio.learning.losses.loss import losses

    return _parts(losses)


def augmentations() -> Rows:
    """List what `augment` takes, in the order in which it is done."""
    from segstudio.learning.augment import augmenters
    from segstudio.learning.settings import TrainSettings

    usual = TrainSettings().augmentation
    on = dict(zip(usual.names, usual.written(), strict=True))
    rows = sorted(_parts(augmenters), key=lambda row: augmenters[row["name"]].order)
    return [row | {"by_default": on.get(row["name"], "")} for row in rows]


def strategies() -> Rows:
    from segstudio.workflows.strategies.strategy import strategies

    return _parts(strategies)


def formats() -> Rows:
    from segstudio.store.exchange.format import formats

    return _parts(formats)


def tools() -> Rows:
    """List the tools by their files: they need Qt, which is not imported for a list."""
    folder = Path(__file__).parents[1] / "gui" / "tools" / "builtin"
    return [
        {"name": module.name, "title": _first_line(folder / f"{module.name}.py")}
        for module in pkgutil.iter_modules([str(folder)])
    ]


def _parts(registry: Registry[Any]) -> Rows:
    return [
        {
            "name": name,
            "title": getattr(registry[name], "title", name),
            "settings": {s.name: s.default for s in settings_of(registry[name])},
        }
        for name in registry
    ]


def _first_line(file: Path) -> str:
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].rstrip(".")


def classes(project: Project) -> Rows:
    pixels = project.shares()
    return [
        {
            "id": label.id,
            "name": label.name,
            "colour": hex_of(label.colour),
            "pixels": pixels.get(label.id, 0),
        }
        for label in project.classes()
    ]


def images(project: Project) -> Rows:
    labelled = {image.id for image in project.labelled()}
    return [
        {
            "id": image.id,
            "name": image.name,
            "path": str(project.path_of(image)),
            "width": image.width,
            "height": image.height,
            "bands": image.bands,
            "dtype": image.dtype,
            "state": str(image.state),
            "split": str(image.split),
            "labelled": image.id in labelled,
            "note": image.note,
        }
        for image in project.images()
    ]


def runs(project: Project) -> Rows:
    in_use = project.fact("model")
    return [
        {
            "id": run.id,
            "kind": run.kind,
            "network": run.network,
            "status": run.status,
            "miou": run.metrics.get("miou"),
            "interval": run.metrics.get("interval"),
            "indicative": run.metrics.get("indicative", False),
            "in_use": str(run.id) == in_use,
            "note": run.note,
        }
        for run in project.runs()
    ]


def pipelines(project: Project) -> Rows:
    from segstudio.workflows.pipelines import read_pipelines

    return [
        {
            "name": pipeline.name,
            "method": pipeline.method,
            "settings": pipeline.settings,
            "cleanups": [name for name, _ in pipeline.cleanups],
            "places": pipeline.places,
            "together": pipeline.together,
        }
        for pipeline in read_pipelines(project)
    ]


OF_PROGRAM: dict[str, Callable[[], Rows]] = {
    "methods": methods,
    "losses": losses,
    "augmentations": augmentations,
    "strategies": strategies,
    "formats": formats,
    "tools": tools,
}
OF_PROJECT: dict[str, Callable[[Project], Rows]] = {
    "classes": classes,
    "images": images,
    "runs": runs,
    "pipelines": pipelines,
}
