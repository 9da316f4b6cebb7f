"""Hearing in the main thread of what other threads have done."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)

Call = Callable[["Future[Any]"], object]


class Answers(QObject):
    """Hands finished futures to calls in the main thread, one after another.

    Never while one asks, even where the answer is there at once.
    """

    _came = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._came.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def when_done(self, future: "Future[Any]", call: Call) -> None:
        """Call with the future once it is done."""

        def tell(done: "Future[Any]") -> None:
            try:
                self._came.emit(call, done)
            except RuntimeError:
                log.debug("an answer came after its window was gone")

        future.add_done_callback(tell)

    def _answer(self, call: Call, done: "Future[Any]") -> None:
        call(done)
