"""Runs commands of segstudio and reads their JSON."""

import contextlib
import io
import json
import shlex
import sys
from typing import Any

from segstudio.cli.console import DONE, PARTLY
from segstudio.cli.main import run

SHOWN = 20
"""Words of a command that are shown; of longer ones the ends."""


def segstudio(*words: object) -> dict[str, Any]:
    """Run a command in this process, saying so on stderr; return what it prints with --json.

    Leaves the script where the command fails; that some pictures were refused is no failure.
    """
    line = [str(word) for word in words]
    shown = line if len(line) <= SHOWN else [*line[:4], "…", *line[-4:]]
    print("$ segstudio", shlex.join(shown), file=sys.stderr, flush=True)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = run([*line, "--json"])
    if code not in (DONE, PARTLY):
        sys.exit(code)
    answer: dict[str, Any] = json.loads(printed.getvalue())
    return answer
