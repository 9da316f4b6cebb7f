"""The entry point: finds the command, runs it, turns what goes wrong into words and a code."""

import difflib
import errno
import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from segstudio import __version__
from segstudio.cli import commands
from segstudio.cli.arguments import parser_for
from segstudio.cli.console import DONE, FAILED, INTERRUPTED, WRONG, Answer, Console, Interrupted
from segstudio.domain.task import Cancelled
from segstudio.errors import UserError
from segstudio.processors import spin_briefly

GLOBAL = ("--json", "--debug")


def run(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    end = words.index("--") if "--" in words else len(words)
    console = Console("--json" in words[:end])
    debug = "--debug" in words[:end]
    spin_briefly()
    try:
        with console.task.interruptible():
            return _run(words, console)
    except UserError as error:
        return console.error(error)
    except Interrupted as stop:
        return console.error(UserError("interrupted", str(stop)), INTERRUPTED)
    except (Cancelled, KeyboardInterrupt):
        return console.error(UserError("interrupted", "what was done is kept"), INTERRUPTED)
    except BrokenPipeError:
        # Nobody reads any more; let not the interpreter complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if debug:
            traceback.print_exc()
        return console.error(*_explained(error))


def _explained(error: Exception) -> tuple[UserError, int]:
    """Put an error that nobody expected into words."""
    if isinstance(error, MemoryError):
        hint = "close other programs, or work on fewer or smaller pictures"
        return UserError("there is not enough memory", hint), FAILED
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EROFS, errno.EACCES):
        where = f" ({error.filename})" if error.filename else ""
        hint = "make room, or choose a folder that you can write to"
        return UserError(f"{error.strerror}{where}", hint), WRONG
    said = f"{type(error).__name__}: {error}"
    return UserError(f"something went wrong: {said}", "--debug shows where"), FAILED


def _run(words: list[str], console: Console) -> int:
    place = 0
    while place < len(words) and words[place] in GLOBAL:
        place += 1
    name = words[place] if place < len(words) else ""
    if name in ("-h", "--help"):
        return console.show(Answer({"commands": sorted(names())}, _overview()))
    if name == "--version":
        return console.show(Answer({"version": __version__}, f"segstudio {__version__}"))
    if name.replace("-", "_") not in names():
        return _open_window(words)
    command = _command(name)
    parser = parser_for(name, command.HELP)
    command.configure(parser)
    try:
        arguments = parser.parse_args(words[:place] + words[place + 1 :])
    except SystemExit as end:  # --help
        return int(end.code or 0)
    with console.clean_output():
        answer = command.execute(arguments, console)
    return console.show(answer)


def names() -> list[str]:
    """Return the names of the commands."""
    return [module.name for module in pkgutil.iter_modules(commands.__path__)]


def _command(name: str) -> ModuleType:
    return importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}")


def _overview() -> str:
    lines = ["segstudio [PROJECT]           opens the window; every other thing has a command:", ""]
    lines += [f"  {name:<10} {_command(name).HELP}" for name in names()]
    lines += ["", "segstudio COMMAND --help shows the options of one.", _globals_help()]
    return "\n".join(lines)


def _globals_help() -> str:
    return "--json prints one JSON object on stdout; --debug shows where an error comes from."


def _open_window(words: list[str]) -> int:
    parser = parser_for("[PROJECT]", "open the window")
    parser.add_argument("project", nargs="?", type=Path)
    known, unknown = parser.parse_known_args(words)
    project: Path | None = known.project
    if project is not None and not project.exists() and not _is_project(project):
        close = difflib.get_close_matches(str(project), names(), 1)
        raise UserError(
            f"there is no command and no project called {str(project)!r}",
            f"did you mean {close[0]}?" if close else "segstudio --help lists the commands",
        )
    if unknown:
        raise UserError(f"unrecognised: {' '.join(unknown)}", "segstudio --help lists all")
    from segstudio.gui.app import main

    return int(main(project))


def _is_project(path: Path) -> bool:
    from segstudio.store.project import find

    return find(path) is not None
