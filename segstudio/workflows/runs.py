"""The folder of a run: settings, a log with a line a step, metrics, samples, the model."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from segstudio.domain.records import RunRecord
from segstudio.errors import UserError
from segstudio.learning.samples import Sample
from segstudio.store.files import write_atomically
from segstudio.store.project import Project

Note = Callable[[dict[str, Any]], None]
"""Hears of every step and every evaluation; see `segstudio.learning.training.train`."""

MASKS = ("picture", "reference", "predicted")
"""The arrays of a sample."""


class RunFolder:
    """What a run leaves on disk. The log is open from the first line until `close`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log: IO[str] | None = None

    @property
    def model(self) -> Path:
        return self.path / "model"

    @property
    def checkpoint(self) -> Path:
        return self.path / "checkpoint.pt"

    def write(self, name: str, values: Mapping[str, Any]) -> None:
        """Write ``settings.json`` or ``metrics.json``."""
        text = json.dumps(values, indent=1, ensure_ascii=False)
        write_atomically(self.path / name, text.encode())

    def settings(self) -> dict[str, Any]:
        """Read ``settings.json``; raise `UserError` where it cannot be."""
        try:
            values = json.loads((self.path / "settings.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            run = self.path.name
            raise UserError(f"run {run} cannot be resumed: its settings are gone") from None
        return dict(values)

    def log(self, entry: Mapping[str, Any]) -> None:
        """Add a line. The first one of a resumed run drops the lines that it repeats.

        ``samples`` are kept in a file of their own, in place of the ones before; an entry of
        nothing else has no line.
        """
        line = {name: value for name, value in entry.items() if name != "samples"}
        if self._log is None:
            self._log = self._opened(int(entry["step"]))
        if line.keys() - {"step", "seconds"}:
            self._log.write(json.dumps(line) + "\n")
            self._log.flush()
        if entry.get("samples"):
            with suppress(UserError):  # they are only looked at: no run fails for them
                self._keep(entry["samples"])

    def _keep(self, samples: Sequence[Sample]) -> None:
        arrays: dict[str, Any] = {}
        for place, sample in enumerate(samples):
            image = -1 if sample.image is None else sample.image
            arrays[f"{place}_name"] = np.array([sample.name, str(image)])
            for name in MASKS:
                arrays[f"{place}_{name}"] = getattr(sample, name)
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        write_atomically(self.path / "samples.npz", file.getvalue())

    def samples(self) -> list[Sample]:
        """Read the samples of the last evaluation; none where there are none, or half of them."""
        try:
            data = io.BytesIO((self.path / "samples.npz").read_bytes())
            with np.load(data, allow_pickle=False) as file:
                return [_sample(file, place) for place in range(len(file.files) // 4)]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return []

    def _opened(self, first: int) -> IO[str]:
        self.path.mkdir(parents=True, exist_ok=True)
        file = self.path / "log.jsonl"
        kept = [line for line in lines_of(file) if line["step"] < first]
        if file.exists():
            write_atomically(file, "".join(json.dumps(line) + "\n" for line in kept).encode())
        return file.open("a", encoding="utf-8")

    def close(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None


def _sample(file: Mapping[str, Any], place: int) -> Sample:
    name, image = (str(word) for word in file[f"{place}_name"])
    arrays = [file[f"{place}_{kind}"] for kind in MASKS]
    return Sample(name, None if image == "-1" else int(image), *arrays)


def lines_of(log: Path) -> list[dict[str, Any]]:
    """Return the lines of a ``log.jsonl``; one that was cut off while being written is not."""
    found = []
    if log.exists():
        for line in log.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                break
    return found


def logged(folder: RunFolder, note: Note) -> Note:
    """Return what hears of a training: the log on disk, and whoever watches.

    A disk that is full costs the log its lines, not the run its life.
    """
    lost = False

    def log(entry: dict[str, Any]) -> None:
        nonlocal lost
        try:
            folder.log(entry)
        except OSError as error:
            if not lost:
                lost = True
                said = f"the log could not be written ({error.strerror}); the run goes on"
                note({"step": entry["step"], "seconds": entry["seconds"], "warning": said})
        note(entry)

    return log


def ended(run: RunRecord, status: str, note: str = "", **metrics: Any) -> RunRecord:
    """Return the record of a run that is over."""
    return replace(run, status=status, finished=time.time(), note=note, metrics=metrics)


def settle_interrupted(project: Project) -> None:
    """Mark runs as cancelled that were running when their program ended.

    To be called by the one who holds the project, before it starts a run.
    """
    for run in project.runs():
        if run.status == "running":
            project.save_run(ended(run, "cancelled", "the program ended meanwhile")).result()
