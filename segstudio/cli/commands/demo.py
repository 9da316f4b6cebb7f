"""``segstudio demo``: the whole job on a rendered scene."""

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console, figure

HELP = "open a sample project; without a window, do the whole job on it and say how good it is"

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="segstudio-demo where it is left out"
    )
    parser.add_argument("--scene", default="facade", metavar="facade|satellite")
    parser.add_argument("--images", type=whole_number(3), default=30, metavar="N")
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="N")
    parser.add_argument("--no-window", action="store_true", help="do the whole job in the terminal")


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.scenes.scene import scenes

    scenes[arguments.scene]  # a wrong name is said before anything is made
    if arguments.no_window or without_display():
        return _without_window(arguments, console)
    return _in_window(arguments, console)


def without_display() -> bool:
    """Tell whether this is a Linux without anything that could show a window."""
    return sys.platform.startswith("linux") and not any(os.environ.get(n) for n in DISPLAYS)


def _in_window(arguments: Namespace, console: Console) -> Answer:
    from segstudio.gui.app import main
    from segstudio.workflows.sample import sample_project

    folder = arguments.folder or Path("segstudio-demo")
    root = sample_project(folder, arguments.scene, arguments.images, arguments.seed, console.task)
    console.task.finish()
    main(root)
    values = {
        "project": str(root.absolute()), "images": arguments.images, "run": None, "miou": None,
        "baselines": {}, "seconds": 0.0, "sheet": None,
    }  # fmt: skip
    return Answer(values, f"the project is {root}")


def _without_window(arguments: Namespace, console: Console) -> Answer:
    from segstudio.workflows.demo import demo

    folder = arguments.folder or _free(Path("segstudio-demo"))
    done = demo(folder, console.task, arguments.scene, arguments.images, arguments.seed)
    values = {
        "project": str(done.project.absolute()),
        "images": done.images,
        "run": done.run,
        "miou": done.miou,
        "baselines": done.baselines,
        "seconds": round(done.seconds, 2),
        "sheet": str(done.sheet.absolute()),
        "stages": done.stages,
    }
    simple = ", ".join(f"{name} {figure(value)}" for name, value in done.baselines.items())
    text = (
        f"{done.images} rendered pictures, project {done.project}\n"
        f"{done.network} with {done.parameters:,} parameters: mIoU {figure(done.miou)} "
        f"on pictures it has not seen\n"
        f"for comparison: {simple}\n"
        f"contact sheet {done.sheet}\n"
        f"all of it took {done.seconds:.0f} s; look at it with: segstudio {done.project}"
    )
    return Answer(values, text)


def _free(folder: Path) -> Path:
    """Return the folder, or the next one that is not there yet."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free
