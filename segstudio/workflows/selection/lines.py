"""The results of a study of selection on disk: one line a finished round."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from glob import escape
from pathlib import Path
from typing import Any

from segstudio.errors import UserError
from segstudio.workflows.selection.annotator import Answered


@dataclass(frozen=True)
class Reached:
    """What an arm came to after a round with one seed.

    ``regions`` and ``pixels`` were labelled until then; ``training`` and ``looking`` are the
    seconds of this round, ``looking`` those that choosing took with all it had to look at.
    """

    set: str
    seed: int
    arm: str
    round: int
    key: str
    miou: float | None
    iou: dict[str, float | None]
    variance: float | None
    temperature: float = 1.0
    device: str = "cpu"
    regions: int = 0
    pixels: int = 0
    training: float = 0.0
    looking: float = 0.0
    asked: list[list[int]] = field(default_factory=list)
    """The regions that were labelled in this round: picture, and box unless it is whole."""

    @property
    def worst(self) -> float | None:
        """The IoU of the worst class."""
        return min((iou for iou in self.iou.values() if iou is not None), default=None)

    @property
    def place(self) -> tuple[str, int, str, int]:
        return self.key, self.seed, self.arm, self.round

    @property
    def answered(self) -> list[Answered]:
        return [Answered.from_json(values) for values in self.asked]


class Lines:
    """The finished rounds of this shard, and those that others have left beside it.

    ``file`` is this shard's own; files of other shards and machines begin with the same stem.
    """

    def __init__(self, file: Path, stem: str) -> None:
        """Read what is there; raise `UserError` for a file that holds something else."""
        self.file = file
        self._known: dict[tuple[str, int, str, int], Reached] = {}
        for path in sorted({*file.parent.glob(f"{escape(stem)}*.jsonl")} | {file}):
            for found in _read(path, mend=path == file):
                self._known[found.place] = found

    def get(self, key: str, seed: int, arm: str, round: int) -> Reached | None:
        return self._known.get((key, seed, arm, round))

    def of(self, keys: Iterable[str]) -> list[Reached]:
        """Return the rounds of arms by their keys."""
        wanted = set(keys)
        return [found for found in self._known.values() if found.key in wanted]

    def add(self, reached: Reached) -> None:
        """Take over a round, on disk at once; what counts is what can be read from there."""
        text = json.dumps(_rounded(asdict(reached)), ensure_ascii=False)
        self._known[reached.place] = Reached(**json.loads(text))
        with self.file.open("a", encoding="utf-8") as out:
            out.write(f"{text}\n")
            out.flush()
            os.fsync(out.fileno())


def _rounded(value: Any) -> Any:
    """Return numbers with six digits: more say nothing, and fill the disk."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return value


def _read(path: Path, mend: bool) -> list[Reached]:
    """Read the whole lines of a file; one without an end is being written, or never will be.

    From one's own file, which nobody else writes, it is taken away.
    """
    try:
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        lines = whole.decode("utf-8").split("\n")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise _strange(path) from error
    found = []
    for line in filter(None, lines):
        try:
            found.append(Reached(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise _strange(path) from error
    if mend and len(whole) < len(data):
        os.truncate(path, len(whole))
    return found


def _strange(path: Path) -> UserError:
    return UserError(
        f"{path.name} does not hold rounds of a study of selection",
        "move it away, or name another page with -o",
    )
