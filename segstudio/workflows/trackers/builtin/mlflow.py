"""MLflow (https://mlflow.org), with its database in the project."""

import logging
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from segstudio.errors import UserError
from segstudio.workflows.trackers.tracker import Story, trackers

LOCAL = ("sqlite:", "file:")

STATUS = {"done": "FINISHED", "failed": "FAILED", "cancelled": "KILLED"}

MOST = 500
"""Figures or settings that it takes at once: its limit is 1000 of all, and 100 settings."""

OWN = "segstudio.run"
"""The tag by which a run is found again."""


@trackers.add
class MLflow:
    """Writes into ``mlflow.db`` of the project, or where MLFLOW_TRACKING_URI says.

    The experiment is called as the project, or as MLFLOW_EXPERIMENT_NAME says.
    """

    title: ClassVar[str] = "MLflow"
    package: ClassVar[str] = "mlflow"

    def keep(self, story: Story, root: Path) -> str:
        place = os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{root / 'mlflow.db'}"
        if "://" in place and not place.startswith(LOCAL):
            raise UserError(
                f"MLFLOW_TRACKING_URI is {place}, which is no place on this machine",
                "let it name a file (sqlite:///…) or a folder, or leave it out",
            )
        # Both are asked for at import. It would report its use to its makers otherwise; and it
        # takes folders, its former way, only from those who insist.
        os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
        import mlflow

        logging.getLogger("mlflow").setLevel(logging.WARNING)
        client = mlflow.MlflowClient(tracking_uri=place)
        experiment = self._experiment(client, story, root)
        for former in client.search_runs([experiment], f"tags.`{OWN}` = '{story.run}'"):
            client.delete_run(former.info.run_id)
        self._write(client, experiment, story)
        return place.removeprefix("sqlite:///").removeprefix("file://")

    def _experiment(self, client: Any, story: Story, root: Path) -> str:
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or story.project
        known = client.get_experiment_by_name(name)
        if known is not None:
            return str(known.experiment_id)
        # Without a place of their own, files of runs would go wherever the program was started.
        return str(client.create_experiment(name, (root / "mlruns").as_uri()))

    def _write(self, client: Any, experiment: str, story: Story) -> None:
        from mlflow.entities import Metric, Param

        tags = {**story.tags, OWN: str(story.run), "mlflow.note.content": story.note}
        began, name = _milliseconds(story.started), f"run {story.run}"
        run = client.create_run(experiment, start_time=began, tags=tags, run_name=name)
        id = run.info.run_id
        settings = (Param(name, str(value)) for name, value in story.settings.items())
        for some in _batches(settings, MOST // 10):
            client.log_batch(id, params=some)
        figures = (
            Metric(name, value, _milliseconds(story.started + seconds), step)
            for step, seconds, found in story.points
            for name, value in found.items()
        )
        for some in _batches(figures, MOST):
            client.log_batch(id, metrics=some)
        ended = _milliseconds(story.finished)
        final = (Metric(name, value, ended, 0) for name, value in story.final.items())
        for some in _batches(final, MOST):
            client.log_batch(id, metrics=some)
        client.set_terminated(id, STATUS.get(story.status, "FINISHED"), ended)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _batches(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while some := list(islice(items, size)):
        yield some
