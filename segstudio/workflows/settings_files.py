"""The settings of a training as a TOML file: to keep, to share, to train with again."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from segstudio import __version__
from segstudio.errors import UserError
from segstudio.store.files import write_atomically
from segstudio.workflows.choice import Choice, choose

TABLES = ("training", "network", "loss")


def write_settings(path: Path, choice: Choice) -> None:
    """Write what a training does; a file of weights to begin from is named, not copied."""
    training = asdict(choice.training)
    tables = {"training": training, "network": choice.network, "loss": choice.loss}
    lines = [f"# Settings of a training, written by segstudio {__version__}"]
    if choice.weights is not None:
        lines.append(f"weights = {_toml(str(choice.weights.absolute()))}")
    for name, values in tables.items():
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {_toml(value)}" for key, value in values.items() if value is not None]
    write_atomically(path, ("\n".join(lines) + "\n").encode())


def read_settings(
    path: Path, network: str | None = None, values: Mapping[str, Any] | None = None
) -> Choice:
    """Read what `write_settings` has written; what the file leaves out is as in the default.

    ``network`` and ``values`` by name stand above the file. Raises `UserError` for a file that
    is none, and for names and values that do not exist.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UserError(f"{path} cannot be read: {reason}", "name a .toml file") from None
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path.name} is no TOML: {error}", "mend that line") from None
    for name in found:
        if name not in (*TABLES, "weights"):
            raise UserError(
                f"{path.name} has a table {name!r}, which settings of a training have not",
                f"its tables are {', '.join(TABLES)}",
            )
    tables: dict[str, Mapping[str, Any]] = {name: _table(path, found, name) for name in TABLES}
    former = tables["training"].get("network")
    own = tables["network"] if network in (None, former) else {}
    merged = {**tables["loss"], **own, **tables["training"], **(values or {})}
    merged.pop("network", None)
    choice = choose("default", network or former, merged)
    return _with_weights(choice, found.get("weights"), path)


def _table(path: Path, values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = values.get(name, {})
    if not isinstance(table, dict):
        raise UserError(f"{name} in {path.name} is no table", f"write it as [{name}]")
    return table


def _with_weights(choice: Choice, weights: Any, path: Path) -> Choice:
    """Let weights that are named without a folder lie beside the file."""
    if weights is None:
        return choice
    if not isinstance(weights, str):
        raise UserError(f"weights in {path.name} is no path", 'write it as weights = "FILE"')
    return Choice(choice.training, choice.network, path.parent / weights, choice.loss)


def _toml(value: Any) -> str:
    """Return a value as TOML writes it; texts are written as JSON does, which TOML reads."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = repr(value)
        return text if any(mark in text for mark in ".en") else f"{text}.0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(str(value), ensure_ascii=False)
