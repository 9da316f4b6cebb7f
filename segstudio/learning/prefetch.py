"""Drawing the crops of the next steps while the network learns from those of this one."""

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

B_co = TypeVar("B_co", covariant=True)
B = TypeVar("B")


class Drawn(Protocol[B_co]):
    """Draws the batches of a training; each depends on its step and its size alone."""

    @property
    def side(self) -> int: ...

    def batch(self, step: int, size: int) -> B_co: ...

    def names(self, step: int, size: int) -> list[str]: ...


class Ahead(Generic[B]):
    """Gives the batches that another one gives, drawn in the background by ``threads``.

    The same batches come whatever the threads, since a batch depends on the seed and the step
    alone. Use it as a context: leaving it waits for a batch under way, and no longer.
    """

    def __init__(self, crops: Drawn[B], steps: int, threads: int = 1) -> None:
        self._crops, self._steps, self._depth = crops, steps, threads
        self._pool = ThreadPoolExecutor(threads, "crops")
        self._drawn: dict[tuple[int, int], Future[B]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    @property
    def side(self) -> int:
        return self._crops.side

    def batch(self, step: int, size: int) -> B:
        """Return the batch of a step; those of the next ones are begun.

        Raises what reading the pictures raises. The same step may be asked for again.
        """
        wanted = [(n, size) for n in range(step, min(step + self._depth + 1, self._steps))]
        for key in [key for key in self._drawn if key not in wanted]:
            self._drawn.pop(key).cancel()
        for key in wanted or [(step, size)]:
            if key not in self._drawn:
                self._drawn[key] = self._pool.submit(self._crops.batch, *key)
        return self._drawn[step, size].result()

    def names(self, step: int, size: int) -> list[str]:
        """Return the pictures that the crops of a step are cut from."""
        return self._crops.names(step, size)
