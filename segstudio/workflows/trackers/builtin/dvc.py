"""DVCLive, the log of DVC (https://dvc.org): text files in the project."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from segstudio.workflows.trackers.tracker import Story, trackers

PIPELINE = ("DVC_ROOT", "DVC_EXP_BASELINE_REV", "DVC_EXP_NAME", "DVCLIVE_RESUME", "DVCLIVE_OPEN")
"""Variables by which it takes itself for a part of something that it would change."""


@trackers.add
class DVC:
    """Writes a folder for each run into ``dvclive/`` of the project, and commits nothing."""

    title: ClassVar[str] = "DVC"
    package: ClassVar[str] = "dvclive"

    def keep(self, story: Story, root: Path) -> str:
        folder = root / "dvclive" / str(story.run)
        for name in PIPELINE:
            os.environ.pop(name, None)
        os.environ |= {"DVC_STUDIO_OFFLINE": "true", "DVC_NO_ANALYTICS": "true"}
        with tempfile.TemporaryDirectory() as aside:
            here = Path.cwd()
            # In a Git repository without DVC it would set DVC up: a person shall do that.
            os.chdir(aside)
            try:
                self._write(story, folder)
            finally:
                os.chdir(here)
        return str(folder)

    def _write(self, story: Story, folder: Path) -> None:
        from dvclive import Live

        live = Live(str(folder), report=None, save_dvc_exp=False, dvcyaml=None)
        about = {
            "project": story.project, "run": story.run, "status": story.status,
            "note": story.note, **story.tags,
        }  # fmt: skip
        live.log_params({"about": about, **_nested(story.settings)})
        for step, _, found in story.points:
            live.step = step
            for name, value in found.items():
                live.log_metric(name, value)
        for name, value in story.final.items():
            live.log_metric(name, value, plot=False)
        live.end()


def _nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as its files of parameters have them: groups in groups."""
    found: dict[str, Any] = {}
    for name, value in settings.items():
        *groups, last = name.split("/")
        inner = found
        for group in groups:
            inner = inner.setdefault(group, {})
        inner[last] = value
    return found
