"""``segstudio bench``: measure how fast the program is here."""

from argparse import ArgumentParser, Namespace

from segstudio.cli.console import Answer, Console, table

HELP = "measure how fast the program is on this machine, beside goals and other programs"

COLUMNS = ("name", "figure", "statistic", "unit", "goal", "met", "compared_with", "ratio")
"""What people are shown: of median, 95th percentile and maximum the one that is judged."""


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="one benchmark instead of all")
    parser.add_argument("--names", action="store_true", help="only list the names")


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.workflows.bench import bench, names

    if arguments.names:
        return Answer({"names": names()}, "\n".join(names()))
    rows = [row.values() for row in bench(arguments.name, console.task)]
    shown = [{name: row[name] for name in COLUMNS} for row in rows]
    return Answer({"rows": rows}, table(shown))
