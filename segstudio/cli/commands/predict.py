"""``segstudio predict``: propose masks by a model."""

from argparse import ArgumentParser, Namespace

from segstudio.cli.console import Answer, Console
from segstudio.cli.models import MODEL, add_facts, model_of
from segstudio.errors import UserError

HELP = "propose masks by a trained model"


def configure(parser: ArgumentParser) -> None:
    from segstudio.cli.batches import add_arguments

    parser.add_argument("model", metavar="MODEL", help=MODEL)
    add_arguments(parser)
    add_facts(parser)
    parser.add_argument(
        "--entropy", action="store_true", help="write the doubt too, as <stem>.entropy.tif"
    )


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.batches import answer, files_or_project, project_of
    from segstudio.cli.projects import changing
    from segstudio.workflows.items import to_propose
    from segstudio.workflows.predict import plan_predict, predict_files

    root = project_of(arguments.paths, arguments.output)
    found = model_of(arguments)
    if root is None or arguments.output is not None:
        if arguments.accept:
            raise UserError("--accept is for projects", "leave out -o")
        items, failed = files_or_project(arguments.paths, root)
        done = predict_files(items, found, arguments.output, console.task, arguments.entropy)
        done.failed = [*failed, *done.failed]
        return answer(done, f"predicted into {arguments.output}")
    if arguments.entropy:
        raise UserError("--entropy writes files", "say with -o DIR where to")
    with changing(root, console) as project:
        items = to_propose(project, arguments.paths[1:])
        planned = plan_predict(project, items, found, console.task, arguments.accept)
        project.apply(planned.edit)
    return answer(planned.batch, "accepted" if arguments.accept else "proposed")
