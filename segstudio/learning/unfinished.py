"""What stops a training before its end."""

from collections.abc import Sequence

from segstudio.errors import UserError
from segstudio.learning.trained import Trained


class Unfinished(UserError):
    """A training that had to stop; ``trained`` are its best weights until then, if there are."""

    def __init__(self, cause: UserError, trained: Trained | None) -> None:
        super().__init__(cause.message, cause.hint)
        self.trained = trained


def no_number(step: int, names: Sequence[str], learning_rate: float) -> UserError:
    """Return what is to be said where a loss is no number; ``names`` are those of the pictures."""
    return UserError(
        f"the loss is no longer a number after {step} steps, at crops of "
        f"{', '.join(dict.fromkeys(names))}",
        f"lower the learning rate, now {learning_rate:g}; look for extreme "
        "values in these pictures",
    )
