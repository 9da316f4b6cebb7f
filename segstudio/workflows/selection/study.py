"""The whole study: several sets of pictures, many seeds, a share of them on each machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from segstudio.domain.task import Part, Task
from segstudio.errors import UserError
from segstudio.workflows.selection.rounds import Bench


@dataclass(frozen=True)
class Shard:
    """The n-th of so many parts of the work; the first is 1."""

    number: int = 1
    of: int = 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @classmethod
    def read(cls, text: str) -> "Shard":
        """Read ``2/8``; raise `UserError` for anything else."""
        first, slash, second = text.partition("/")
        if slash and first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second):
            return cls(int(first), int(second))
        raise UserError(f"{text!r} is no shard", "write 1/8 for the first of eight")


def make(
    benches: Sequence[Bench],
    seeds: Sequence[int],
    shard: Shard,
    task: Task,
    written: Callable[[], object] = lambda: None,
) -> None:
    """Make what is missing of a shard, seed by seed, so that all sets grow at the same pace.

    A shard has whole seeds of a set: the first round is trained once for all arms. ``written``
    hears of every seed of a set that is finished. Raises `Cancelled`; what was done is kept.
    """
    turns = [(bench, seed) for seed in seeds for bench in benches][shard.number - 1 :: shard.of]
    for done, (bench, seed) in enumerate(turns):
        if bench.wants(seed):
            bench.make(seed, Part(task, done, len(turns)))
            written()
    task.report(len(turns), len(turns), "Measured")
