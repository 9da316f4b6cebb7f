"""What `segment` and `predict` share: pictures of a project, or files and a folder."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from segstudio.cli.console import Answer, counted, failures
from segstudio.cli.projects import reading
from segstudio.errors import Failure, UserError
from segstudio.store.project import find
from segstudio.store.reading import DATABASE
from segstudio.workflows.finding import find_pictures
from segstudio.workflows.items import Batch, Item, to_propose


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", type=Path, nargs="+", metavar="PROJECT|PATH",
        help="a project, and pictures of it if not all; or pictures and folders",
    )  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="write masks there")
    parser.add_argument("--accept", action="store_true", help="accept the proposals at once")


def project_of(paths: Sequence[Path], output: Path | None) -> Path | None:
    """Return the project that the first path is; None where the paths are pictures.

    A picture may lie inside a project's folder, and a folder of pictures beside a project of
    its name: with an output they are taken for pictures.
    """
    first = paths[0]
    root = find(first)
    if root is None:
        if output is None:
            if not first.exists():
                raise UserError(f"there is no project and no picture at {first}", "check the path")
            raise UserError(
                f"{first} is no project, so that a folder for the masks is needed",
                "give one with -o DIR, or name a project first",
            )
        return None
    named = root == first.absolute().with_name(root.name) and not first.exists()
    return root if named or (first / DATABASE).is_file() or output is None else None


def files_or_project(paths: Sequence[Path], root: Path | None) -> tuple[list[Item], list[Failure]]:
    """Return the pictures among files and folders, or those of a project; and what failed."""
    if root is not None:
        with reading(root) as project:
            return to_propose(project, paths[1:]), []
    found, failed = find_pictures(paths)
    if not found:
        raise UserError("there are no pictures there", "name pictures, or a folder that holds some")
    return [Item(path) for path in found], failed


def answer(batch: Batch, where: str) -> Answer:
    """Say what became of the pictures."""
    values = {
        "images": batch.images,
        "written": batch.written,
        "failed": failures(batch.failed),
        "seconds": round(batch.seconds, 3),
    }
    text = f"{counted(batch.images, 'picture')} {where} in {batch.seconds:.1f} s"
    return Answer(values, text, batch.failed, batch.interrupted)
