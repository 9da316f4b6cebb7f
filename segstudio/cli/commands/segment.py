"""``segstudio segment``: propose masks without a model."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from segstudio.cli.console import Answer, Console
from segstudio.errors import UserError

if TYPE_CHECKING:
    from segstudio.store.project import Project
    from segstudio.workflows.pipelines import Pipeline

HELP = "propose masks by thresholds, k-means, strokes and the like"

OF_METHOD = ("settings", "places", "cleaning", "together", "save_as")
"""What is said about a method; a pipeline knows it already."""


def configure(parser: ArgumentParser) -> None:
    from segstudio.cli.batches import add_arguments

    add_arguments(parser)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "--method", metavar="NAME", help="segstudio list methods shows those there are"
    )
    how.add_argument("--pipeline", metavar="NAME", help="one that was saved in the project")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="FIELD=VALUE",
        help="a setting of the method; lists have commas",
    )  # fmt: skip
    parser.add_argument(
        "--map", dest="places", action="append", default=[], metavar="REGION=CLASS",
        help="the class of a region, as 0=sky,1=none; without it, region 0 is the first class",
    )  # fmt: skip
    parser.add_argument(
        "--clean", dest="cleaning", action="append", default=[], metavar="STEP[:FIELD=VALUE,…]",
        help="clean up what comes out, as remove_specks:smaller_than=50; repeatable, in this order",
    )  # fmt: skip
    parser.add_argument(
        "--together", action="store_true",
        help="learn once from all pictures, so that regions mean the same in each",
    )  # fmt: skip
    parser.add_argument(
        "--save-as", metavar="NAME", help="keep method, settings and clean-up as a pipeline"
    )


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.batches import answer, files_or_project, project_of
    from segstudio.cli.projects import changing
    from segstudio.workflows.items import to_propose
    from segstudio.workflows.pipelines import plan_pipeline, save_pipeline
    from segstudio.workflows.segment import segment_files

    _check(arguments)
    root = project_of(arguments.paths, arguments.output)
    if root is None or arguments.output is not None:
        given = _described(arguments)
        items, failed = files_or_project(arguments.paths, root)
        done = segment_files(items, given.segmenter, arguments.output, console.task, given.steps)
        done.failed = [*failed, *done.failed]
        return answer(done, f"segmented into {arguments.output}")
    with changing(root, console) as project:
        items = to_propose(project, arguments.paths[1:])
        pipeline = _wanted(arguments, project)
        planned = plan_pipeline(project, items, pipeline, console.task, arguments.accept)
        if arguments.save_as is not None:
            save_pipeline(project, pipeline).result()
        project.apply(planned.edit)
    return answer(planned.batch, "accepted" if arguments.accept else "proposed")


def _check(arguments: Namespace) -> None:
    """Raise `UserError` for what does not go together."""
    if arguments.output is not None:
        for name in ("accept", "places", "together", "save_as", "pipeline"):
            if getattr(arguments, name):
                option = {"places": "map", "save_as": "save-as"}.get(name, name)
                raise UserError(f"--{option} is for projects", "leave out -o")
    if arguments.pipeline is not None and any(getattr(arguments, n) for n in OF_METHOD):
        raise UserError(
            "a pipeline has its own settings and clean-up", "leave these out, or give --method"
        )


def _wanted(arguments: Namespace, project: "Project") -> "Pipeline":
    from segstudio.workflows.pipelines import find_pipeline
    from segstudio.workflows.segment import read_places

    if arguments.pipeline is not None:
        return find_pipeline(project, arguments.pipeline)
    return _described(arguments, read_places(arguments.places, project.classes()))


def _described(arguments: Namespace, places: dict[int, int] | None = None) -> "Pipeline":
    """Return the pipeline that the arguments describe."""
    from segstudio.methods.segmenter import segmenters
    from segstudio.settings import assignments, build
    from segstudio.workflows.cleaning import read_step
    from segstudio.workflows.pipelines import Pipeline

    name = arguments.method if arguments.save_as is None else arguments.save_as
    segmenter = build(segmenters[arguments.method], assignments(arguments.settings))
    steps = [read_step(text) for text in arguments.cleaning]
    return Pipeline.of(name, segmenter, steps, places, arguments.together)
