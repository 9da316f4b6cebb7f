"""What can go wrong in words that a person can act on.

UserError           the input is wrong; nothing was written
Failure             one item of many could not be done; the others were
"""

from dataclasses import dataclass


class UserError(Exception):
    """A mistake that the user can mend: one sentence, and a hint how."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class Failure:
    """An item that was left out, and why."""

    path: str
    reason: str
