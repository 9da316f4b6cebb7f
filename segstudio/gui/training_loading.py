"""Loading what a training needs without holding up the window."""

import gc
from types import TracebackType
from typing import Self

USUAL = gc.get_threshold()

NEVER = 2**31 - 1
"""Young objects that must have been looked through before all others are, too."""


class Loading:
    """While one is entered, Python does not look through all objects of the program for garbage.

    Torch and what its first step needs are hundreds of thousands of objects, all here to stay.
    Python would look through all of them whenever there are a quarter more than the last time:
    some times while they are loaded, and once more in the first minute of training. Each time
    holds up the window for a tenth of a second or more. Garbage that is young is found as ever.
    """

    def __enter__(self) -> Self:
        gc.set_threshold(*USUAL[:2], NEVER)
        self._open = True
        return self

    def loaded(self) -> None:
        """Take all that is there for here to stay; look through what comes later as usual.

        Once in a program's life: in later trainings too little is new to be noticed.
        """
        if self._open and not gc.get_freeze_count():
            gc.freeze()
        self._end()

    def _end(self) -> None:
        self._open = False
        gc.set_threshold(*USUAL)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self._end()
