"""``segstudio doctor``: say what is wrong with the installation."""

from argparse import ArgumentParser, Namespace

from segstudio.cli.console import Answer, Console, table
from segstudio.errors import Failure

HELP = "say whether the installation is sound, and what to do where it is not"


def configure(parser: ArgumentParser) -> None:
    pass


def execute(arguments: Namespace, console: Console) -> Answer:
    from dataclasses import asdict

    from segstudio.workflows.doctor import examine

    findings = examine(console.task)
    rows = [asdict(finding) for finding in findings]
    bad = [Failure(f.name, f"{f.found}; {f.advice}") for f in findings if f.verdict == "missing"]
    return Answer({"rows": rows, "healthy": not bad}, table(rows), bad)
