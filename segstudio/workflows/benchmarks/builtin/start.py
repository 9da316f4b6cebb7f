"""How long a command needs until it can say something."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed


@benchmarks.add
@dataclass(frozen=True)
class Start:
    """``segstudio list methods``, from nothing to its end."""

    title: ClassVar[str] = "Start of a command"

    def measure(self, task: Task) -> Iterator[Row]:
        def child(*words: str) -> None:
            subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)

        row = Row("segstudio list methods", "s", 0.3)
        row.samples = timed(lambda: child("-m", "segstudio", "list", "methods"), task, "Starting")
        bare = min(timed(lambda: child("-c", "import numpy"), task, "Starting Python"))
        row.compared_with = Comparison("python -c 'import numpy'", bare)
        yield row
