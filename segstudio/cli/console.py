"""What a command says: text or one JSON object, progress, errors."""

import contextlib
import json
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segstudio.cli.progress import Progress
from segstudio.errors import Failure, UserError

DONE, FAILED, WRONG, PARTLY, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes; `FAILED` is for faults of the program itself."""


class Interrupted(Exception):
    """A command was interrupted, and there is something to say about it."""


@dataclass(frozen=True)
class Answer:
    """What a command has to say in the end.

    ``values`` are the keys of its JSON object, ``text`` is for people. With ``failed`` some
    items were left out; ``interrupted`` says that the rest was left out on demand.
    """

    values: Mapping[str, Any]
    text: str = ""
    failed: Sequence[Failure] = field(default=())
    interrupted: bool = False

    @property
    def code(self) -> int:
        if self.interrupted:
            return INTERRUPTED
        return PARTLY if self.failed else DONE


class Console:
    """Where a command's words go."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self.task = Progress(sys.stderr)

    @contextlib.contextmanager
    def clean_output(self) -> Iterator[None]:
        """Keep stdout for the one JSON object: what libraries print goes to stderr."""
        if not self.as_json:
            yield
            return
        with _descriptor_to_stderr(), contextlib.redirect_stdout(sys.stderr):
            yield

    def show(self, answer: Answer) -> int:
        """Print the answer; return the exit code."""
        self.task.finish()
        for failure in answer.failed:
            print(f"left out: {failure.path}: {failure.reason}", file=sys.stderr)
        if answer.interrupted:
            print("interrupted: what was done is kept", file=sys.stderr)
        if self.as_json:
            _print_json(answer.values)
        elif answer.text:
            print(answer.text)
        sys.stdout.flush()
        return answer.code

    def error(self, error: UserError, code: int = WRONG) -> int:
        """Print an error; return the exit code."""
        self.task.finish()
        print(f"error: {_one_line(error.message)}", file=sys.stderr)
        if error.hint:
            print(f"hint: {_one_line(error.hint)}", file=sys.stderr)
        if self.as_json:
            _print_json({"error": error.message, "hint": error.hint})
        return code


def failures(failed: Sequence[Failure]) -> list[dict[str, str]]:
    """Return failures as every command's JSON has them."""
    return [{"path": failure.path, "reason": failure.reason} for failure in failed]


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Set rows in columns of equal width, with a heading."""
    if not rows:
        return "(nothing)"
    cells = [[str(name) for name in rows[0]]]
    cells += [[_cell(row[name]) for name in rows[0]] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in cells]
    return "\n".join(line.rstrip() for line in lines)


def counted(number: int, noun: str) -> str:
    """Return ``1 picture`` or ``2 pictures``."""
    return f"{number} {noun}{'s' * (number != 1)}"


def figure(value: float | None) -> str:
    """Write a share 0…1, or a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_cell(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


def _print_json(values: Mapping[str, Any]) -> None:
    print(json.dumps(_plain(values), ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    """Return what JSON can hold: no NaN, no NumPy numbers, no paths."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    if hasattr(value, "item"):
        return _plain(value.item())
    return str(value)


@contextlib.contextmanager
def _descriptor_to_stderr() -> Iterator[None]:
    """Send descriptor 1 to stderr, for libraries that print without Python's knowledge."""
    if sys.stdout is not sys.__stdout__:
        yield
        return
    print(end="", flush=True)
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
