"""Other processes of this program: starting them, waiting for them."""

import os
import subprocess
import sys
from pathlib import Path

from segstudio.domain.task import Task


def command_of(module: str, *words: str) -> list[str]:
    """Return the command that runs a module; nothing in the folder it is run in is imported."""
    return [sys.executable, "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    """Return the environment in which such a process finds this program, whatever its folder."""
    here, known = str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([known, here] if known else [here])}


def heard(child: "subprocess.Popen[str]", task: Task, text: str) -> tuple[str, str]:
    """Wait for a process, reading all the while: one that nobody reads stands still."""
    while True:
        task.report(0, 1, text)
        try:
            return child.communicate(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
