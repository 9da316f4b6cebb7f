"""The finished runs of a study on disk: the next call goes on from them."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from segstudio.domain.metrics import Confusion
from segstudio.errors import UserError
from segstudio.store.alone import alone
from segstudio.store.files import write_atomically

VERSION = 1


@dataclass(frozen=True)
class Finished:
    """What one run of an arm reached, and what it took.

    ``pictures`` holds for each picture and class the pixels that are right, those of the
    reference, and those of reference or prediction. ``curve`` are pairs of step and mIoU.
    ``step_seconds`` and ``step_cpu_seconds`` are medians over the steps, evaluations apart: by
    the clock, and of work on all processors together; None where fewer than two were taken.
    """

    seed: int
    steps: int
    miou: float | None
    iou: dict[str, float | None]
    interval: list[float] | None
    pictures: dict[str, list[list[int]]]
    curve: list[list[float]]
    step_seconds: float | None
    step_cpu_seconds: float | None
    seconds: float
    parameters: int
    trained: int
    macs: int
    bytes: int
    batch: int
    crop: int
    said: list[str]
    device: str
    machine: str
    program: str


def counts_of(part: Confusion) -> list[list[int]]:
    """Return what a mIoU is made of, for each class: right, reference, reference or predicted."""
    classes = len(part.ids)
    square = part.counts[:, :classes]
    right, reference = square.diagonal(), part.counts.sum(1)
    return [right.tolist(), reference.tolist(), (reference + square.sum(0) - right).tolist()]


class Results:
    """The file of a study's finished runs, by the keys of their arms and seeds.

    Runs of other settings or labels stay in it: they count again when those return.
    """

    def __init__(self, file: Path) -> None:
        """Read the file; raise `UserError` where it is none of a study."""
        self.file = file
        self.runs: dict[str, Finished] = {}
        self._said: Mapping[str, Any] = {}
        try:
            text = file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return
        except (OSError, UnicodeDecodeError) as error:
            raise self._strange() from error
        try:
            for key, values in json.loads(text)["runs"].items():
                self.runs[key] = Finished(**values)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._strange() from error

    def _strange(self) -> UserError:
        return UserError(
            f"{self.file.name} does not hold the runs of a study",
            "move it away, or name another page with -o",
        )

    def add(self, key: str, run: Finished) -> None:
        """Take over a run, on disk at once."""
        self.runs[key] = run
        self._write()

    def describe(self, values: Mapping[str, Any]) -> None:
        """Put what the page says beside the runs."""
        self._said = values
        self._write()

    def _write(self) -> None:
        runs = {key: asdict(run) for key, run in self.runs.items()}
        text = json.dumps({"version": VERSION, **self._said, "runs": runs}, ensure_ascii=False)
        write_atomically(self.file, text.encode())

    @property
    def work(self) -> Path:
        """Where runs that are not finished keep their checkpoints."""
        return self.file.with_name(f"{self.file.name}.parts")

    def alone(self) -> AbstractContextManager[None]:
        """Keep other programs from making the same study; raises `UserError` where one does."""
        refused = UserError(
            f"another program is making the study {self.file.stem}",
            "wait for it, or name another page with -o",
        )
        return alone(self.file, refused)
