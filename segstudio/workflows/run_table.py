"""The runs of a project side by side: what each did otherwise, what came of it, what to do next."""

import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any

from segstudio.domain.records import RunRecord
from segstudio.errors import UserError
from segstudio.learning.losses.loss import losses
from segstudio.learning.networks.network import networks
from segstudio.learning.settings import TrainSettings
from segstudio.registry import Registry
from segstudio.settings import settings_of
from segstudio.store.project import Project
from segstudio.workflows.models import IN_USE, of_run
from segstudio.workflows.runs import RunFolder

REMARKS = "remarks.json"

LONGEST = 2000
"""Characters of a note."""


@dataclass(frozen=True)
class Remarks:
    """What a person has written about a run."""

    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunRow:
    """A run with all that stands in the table beside its record."""

    run: RunRecord
    differs: Mapping[str, Any]
    remarks: Remarks
    in_use: bool = False
    resumable: bool = False
    has_model: bool = False

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which figures its mIoU lies in 95 of 100 cases; None for older runs too."""
        found = self.run.metrics.get("interval")
        return None if found is None else (found[0], found[1])


def run_rows(project: Project) -> list[RunRow]:
    """Return the runs, newest first."""
    used = project.fact(IN_USE)
    return [run_row(project, run, used) for run in project.runs()]


def run_row(project: Project, run: RunRecord, used: str) -> RunRow:
    """Return the row of a run; ``used`` is the project's fact of the model in use."""
    folder = RunFolder(project.run_folder(run.id))
    resumable = run.status in ("cancelled", "failed") and folder.checkpoint.is_file()
    return RunRow(
        run, differing(run), remarks_of(folder), str(run.id) == used, resumable,
        (folder.model / "model.onnx").is_file(),
    )  # fmt: skip


def differing(run: RunRecord) -> dict[str, Any]:
    """Return the settings of a run that are not what they are without anybody's doing."""
    settings = run.settings
    found = _unlike(settings.get("training", {}), _defaults(TrainSettings))
    found.pop("network", None)
    found |= _unlike(settings.get("network", {}), _of_part(networks, run.network))
    loss: dict[str, Any] = {}
    for name in str(settings.get("training", {}).get("loss", "")).split("+"):
        loss |= _of_part(losses, name.strip())
    found |= _unlike(settings.get("loss") or {}, loss)
    if settings.get("weights"):
        found["weights"] = PurePath(settings["weights"]).name  # people need no folders
    return found


def _of_part(registry: Registry[Any], name: str) -> dict[str, Any]:
    return _defaults(registry[name]) if name in registry else {}


def _defaults(part: type[Any]) -> dict[str, Any]:
    return {setting.name: setting.default for setting in settings_of(part)}


def apart(rows: Sequence[RunRow]) -> dict[int, dict[str, Any]]:
    """Return, for each run, the unusual settings that not all of the runs share."""
    shared = {
        name: value
        for name, value in (rows[0].differs.items() if len(rows) > 1 else ())
        if all(name in row.differs and _plain(row.differs[name]) == _plain(value) for row in rows)
    }
    return {
        row.run.id: {n: value for n, value in row.differs.items() if n not in shared}
        for row in rows
    }


def _unlike(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs; JSON makes lists of tuples."""
    return {
        name: value
        for name, value in values.items()
        if name not in defaults or _plain(value) != _plain(defaults[name])
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def in_words(settings: Mapping[str, Any]) -> str:
    """Return settings as a line: ``steps 500, crop 64``."""
    return ", ".join(f"{name.replace('_', ' ')} {_written(v)}" for name, v in settings.items())


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return " ".join(_written(item) for item in value) or "none"
    return "none" if value in (None, "") else str(value)


# -- what a person does with a run ---------------------------------------------------


def find_run(project: Project, id: int) -> RunRecord:
    """Return the record of a run; raise `UserError` where there is none."""
    for run in project.runs():
        if run.id == id:
            return run
    raise UserError(f"{project.root.name} has no run {id}", "segstudio list runs shows them")


def remarks_of(folder: RunFolder) -> Remarks:
    """Read what was written about a run; a file that cannot be read counts as empty."""
    try:
        values = json.loads((folder.path / REMARKS).read_text(encoding="utf-8"))
        return Remarks(str(values["note"]), tuple(str(tag) for tag in values["tags"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Remarks()


def write_remarks(project: Project, id: int, remarks: Remarks) -> None:
    """Keep a note and tags with a run."""
    if len(remarks.note) > LONGEST:
        raise UserError(
            f"the note has {len(remarks.note):,} characters", f"at most {LONGEST:,} are kept"
        )
    find_run(project, id)
    _ = project.writer  # one that is open for reading only refuses
    RunFolder(project.run_folder(id)).write(REMARKS, asdict(remarks))


def tags_from(text: str) -> tuple[str, ...]:
    """Read tags with commas between, each once, in their order."""
    return tuple(dict.fromkeys(tag.strip() for tag in text.split(",") if tag.strip()))


def use_run(project: Project, id: int) -> None:
    """Let the model of a run be the one in use; raise `UserError` where it has none."""
    of_run(project, find_run(project, id).id)
    project.set_fact(IN_USE, str(id)).result()


def remove_runs(project: Project, ids: Sequence[int]) -> None:
    """Delete runs with all that they left.

    Where the model in use goes, the newest of the others that is done takes its place. Raises
    `UserError`, and deletes none, where one is still training.
    """
    runs = [find_run(project, id) for id in ids]
    for run in runs:
        if run.status == "running":
            raise UserError(f"run {run.id} is still training", "stop it first")
    trash = [_set_aside(project, id) for id in ids]
    project.remove_runs(ids).result()
    _settled_use(project, ids)
    for folder in trash:
        shutil.rmtree(folder, ignore_errors=True)


def _set_aside(project: Project, id: int) -> Path:
    """Rename the folder of a run: its number may be given again at once."""
    folder = project.run_folder(id)
    aside = folder.with_name(f".{id}.{secrets.token_hex(4)}.removed")
    if folder.exists():
        try:
            folder.rename(aside)
        except OSError as error:
            raise UserError(
                f"run {id} cannot be deleted: {error.strerror}", "close what has its files open"
            ) from None
    return aside


def _settled_use(project: Project, gone: Sequence[int]) -> None:
    """Let the newest model take the place of one that is gone; one from a file stays in use."""
    if project.fact(IN_USE) not in {str(id) for id in gone}:
        return
    done = (run for run in project.runs() if run.status == "done")
    left = next((str(r.id) for r in done if project.run_folder(r.id).exists()), "")
    project.set_fact(IN_USE, left).result()
