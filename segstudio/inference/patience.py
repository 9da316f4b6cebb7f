"""Running a session that takes seconds so that it can be stopped."""

from threading import Event
from typing import Any

from numpy.typing import NDArray

from segstudio.domain.task import Task

TICK = 0.1
"""Seconds between two looks at whether to go on."""

Feeds = dict[str, NDArray[Any]]


def run_patiently(session: Any, feeds: Feeds, task: Task, text: str) -> list[NDArray[Any]]:
    """Return all outputs of a session. Cancelling the task stops it within a step of the graph.

    ONNX Runtime uses a thread of its own pool for that; where it has none (one processor),
    the run cannot be stopped.
    """
    import onnxruntime

    task.report(0, 1, text)
    options = onnxruntime.RunOptions()
    answer = _Answer()
    try:
        session.run_async(None, feeds, answer, None, options)
    except Exception:  # it refuses before it begins, with an exception of no particular type
        return list(session.run(None, feeds))
    try:
        while not answer.ready.wait(TICK):
            task.report(0, 1, text)
    except BaseException:
        options.terminate = True
        answer.ready.wait()  # the arrays that it reads must outlive it
        raise
    return answer.outputs()


class _Answer:
    """What ONNX Runtime calls when it is done."""

    def __init__(self) -> None:
        self.ready = Event()
        self._found: list[NDArray[Any]] = []
        self._error = ""

    def __call__(self, found: list[NDArray[Any]], _: object, error: str) -> None:
        self._found, self._error = found, error
        self.ready.set()

    def outputs(self) -> list[NDArray[Any]]:
        if self._error:
            raise RuntimeError(self._error)
        return self._found
