"""``segstudio segment``: propose masks without a model."""

from argparse import ArgumentParser, Namespace

from segstudio.cli.console import Answer, Console
from segstudio.errors import UserError

HELP = "propose masks by thresholds, k-means and the like"


def configure(parser: ArgumentParser) -> None:
    from segstudio.cli.batches import add_arguments

    add_arguments(parser)
    parser.add_argument("--method", required=True, metavar="NAME")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="FIELD=VALUE",
        help="a setting of the method; lists have commas",
    )  # fmt: skip
    parser.add_argument(
        "--map", dest="places", action="append", default=[], metavar="REGION=CLASS",
        help="the class of a region, as 0=sky,1=none; without it, region 0 is the first class",
    )  # fmt: skip


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.batches import answer, files_or_project, project_of
    from segstudio.cli.projects import changing
    from segstudio.methods.segmenter import segmenters
    from segstudio.settings import assignments, build
    from segstudio.workflows.items import to_propose
    from segstudio.workflows.segment import plan_segment, read_places, segment_files

    segmenter = build(segmenters[arguments.method], assignments(arguments.settings))
    root = project_of(arguments.paths, arguments.output)
    if root is None or arguments.output is not None:
        if arguments.accept or arguments.places:
            raise UserError("--accept and --map are for projects", "leave out -o")
        items, failed = files_or_project(arguments.paths, root)
        done = segment_files(items, segmenter, arguments.output, console.task)
        done.failed = [*failed, *done.failed]
        return answer(done, f"segmented into {arguments.output}")
    with changing(root, console) as project:
        items = to_propose(project, arguments.paths[1:])
        places = read_places(arguments.places, project.classes())
        planned = plan_segment(project, items, segmenter, console.task, places, arguments.accept)
        project.apply(planned.edit)
    return answer(planned.batch, "accepted" if arguments.accept else "proposed")
