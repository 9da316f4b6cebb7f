"""What every network costs on this machine, measured once and remembered."""

import contextlib
import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from segstudio.domain.records import Row
from segstudio.domain.task import Part, Task
from segstudio.learning.networks.network import networks

TEXT = "Measuring the networks, for the first time on this machine"


def network_costs(task: Task, file: Path | None = None) -> dict[str, Row]:
    """Return the fields of `segstudio.learning.costs.Cost` of every network, by name.

    What is known is read from ``file``, a cache in the user's folder if None; the rest is
    measured, in about half a minute for all, and written there. A changed network, another
    torch or another machine is measured anew.
    """
    file = file or cache_folder() / "networks.json"
    known, stamp = _read(file), _stamp()
    costs = known.get(stamp, {})
    missing = [name for name in networks if name not in costs]
    if not missing:
        return costs
    from segstudio.learning.costs import measure

    try:
        for done, name in enumerate(missing):
            costs[name] = asdict(measure(networks[name](), Part(task, done, len(missing), TEXT)))
    finally:
        _write(file, {stamp: costs})
    return costs


def cache_folder() -> Path:
    """Return where this user's programs keep what they can make again."""
    home = Path.home()
    folder = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    if sys.platform == "darwin":
        folder = home / "Library" / "Caches"
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home)
    return folder / "segstudio"


def _stamp() -> str:
    """Return what changes when a figure may: the code of the networks, torch, the machine."""
    digest = hashlib.sha256()
    folder = Path(__file__).parents[1] / "learning"
    for path in sorted([*(folder / "networks").rglob("*.py"), folder / "costs.py"]):
        digest.update(path.read_bytes())
    machine = (version("torch"), platform.node(), platform.machine(), str(os.cpu_count()))
    digest.update(" ".join(machine).encode())
    return digest.hexdigest()


def _read(file: Path) -> dict[str, dict[str, Row]]:
    """Return what the cache holds: nothing where it is absent or damaged."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(file: Path, known: Mapping[str, Mapping[str, Row]]) -> None:
    """Keep the figures; where that cannot be, they are measured again next time."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(known), encoding="utf-8")
        beside.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
