"""``segstudio classes``: show, load, save, rename, merge and delete the classes of a project."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from segstudio.cli.console import Answer, Console, table
from segstudio.errors import UserError

if TYPE_CHECKING:
    from segstudio.domain.classes import LabelClass
    from segstudio.domain.edit import Edit
    from segstudio.store.project import Project

    Classes = Sequence[LabelClass]

HELP = "show the classes of a project; load, rename, merge, delete or save them"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "--load", metavar="NAME_OR_FILE",
        help="add the classes of a template or file; those of the same name get its colours",
    )  # fmt: skip
    for name, what in (
        ("rename", "give class A the name B"),
        ("merge", "give all pixels of class A to class B; A is gone then"),
    ):
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar="A:B", help=f"{what}; repeatable"
        )
    parser.add_argument(
        "--delete", action="append", default=[], metavar="NAME",
        help="take a class off; its pixels become unlabelled; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--save", type=Path, metavar="FILE", help="write the classes to a .json or .csv"
    )


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing, reading
    from segstudio.store.project import Project
    from segstudio.workflows.listing import classes
    from segstudio.workflows.templates import write_classes

    steps = _steps(arguments)

    def answer(project: Project) -> Answer:
        if arguments.save is not None:
            write_classes(arguments.save, project.classes())
        rows = classes(project)
        return Answer({"classes": rows}, table(rows))

    if not steps:
        with reading(arguments.project) as project:
            return answer(project)
    with changing(arguments.project, console) as project:
        found: Classes = project.classes()
        for step in steps:  # all of them on paper first: nothing is written where one is wrong
            found = step.on_paper(found)
        for step in steps:
            project.apply(step.plan(project, console))
        return answer(project)


@dataclass(frozen=True)
class Step:
    """One thing to do: to a list of classes, and to a project."""

    on_paper: "Callable[[Classes], Classes]"
    plan: "Callable[[Project, Console], Edit]"


def _steps(arguments: Namespace) -> list[Step]:
    """Return what is asked for, in the order load, rename, merge, delete."""
    from segstudio.workflows.templates import classes_of

    steps = []
    if arguments.load is not None:
        steps.append(_load(classes_of(arguments.load), arguments.load))
    steps += [_rename(text) for text in arguments.rename]
    steps += [_reclass(text, merge=True) for text in arguments.merge]
    steps += [_reclass(text, merge=False) for text in arguments.delete]
    return steps


def _load(wanted: "Classes", text: str) -> Step:
    from segstudio.domain.edit import Edit
    from segstudio.workflows.templates import plan_load, with_changes

    def plan(classes: "Classes") -> Edit:
        return plan_load(classes, wanted, f"Load classes {Path(text).name}").edit

    return Step(
        lambda classes: with_changes(classes, plan(classes).rows),
        lambda project, console: plan(project.classes()),
    )


def _rename(text: str) -> Step:
    from segstudio.domain.classes import check_classes, checked_name
    from segstudio.domain.edit import Edit
    from segstudio.workflows.templates import changes_between

    def on_paper(classes: "Classes") -> "Classes":
        label, name = _split(classes, text)
        after = [replace(c, name=checked_name(name)) if c is label else c for c in classes]
        check_classes(after)
        return after

    def plan(project: "Project", console: Console) -> Edit:
        classes = project.classes()
        changes = changes_between(classes, on_paper(classes))
        return Edit(f"Rename class {text}").with_rows(changes)

    return Step(on_paper, plan)


def _reclass(text: str, merge: bool) -> Step:
    from segstudio.domain.edit import Edit
    from segstudio.workflows.reclass import Reclass, plan_delete, plan_merge

    def wanted(classes: "Classes") -> Reclass:
        if not merge:
            return Reclass.among(classes, _find(classes, text).id)
        label, target = _split(classes, text)
        return Reclass.among(classes, label.id, _find(classes, target).id)

    def plan(project: "Project", console: Console) -> Edit:
        found = wanted(project.classes())
        if found.target is None:
            return plan_delete(project, found.label.id, console.task)
        return plan_merge(project, found.label.id, found.target.id, console.task)

    return Step(lambda classes: [c for c in classes if c.id != wanted(classes).label.id], plan)


def _find(classes: "Classes", name: str) -> "LabelClass":
    """Return the class of a name, or of a number where none is called so."""
    for label in classes:
        if label.name.casefold() == " ".join(name.split()).casefold():
            return label
    for label in classes:
        if name.strip() == str(label.id):
            return label
    known = ", ".join(label.name for label in classes[:12]) or "none"
    raise UserError(f"there is no class {name.strip()!r}", f"the classes are: {known}")


def _split(classes: "Classes", text: str) -> "tuple[LabelClass, str]":
    """Read ``A:B`` where A is a class; names may hold colons themselves."""
    parts = text.split(":")
    if len(parts) < 2:
        raise UserError(f"{text!r} is not of the form A:B", "write both names with a colon between")
    pairs = [(":".join(parts[:n]), ":".join(parts[n:])) for n in range(1, len(parts))]
    known = [pair for pair in pairs if _known(classes, pair[0])]
    first, second = (known or pairs)[0]
    return _find(classes, first), second


def _known(classes: "Classes", name: str) -> bool:
    try:
        return bool(_find(classes, name))
    except UserError:
        return False
