"""What the losses that compare regions have in common: labelled pixels in rows."""

from typing import TYPE_CHECKING

from segstudio.learning.losses.loss import IGNORED

if TYPE_CHECKING:
    from torch import Tensor


def labelled_rows(logits: "Tensor", targets: "Tensor") -> tuple["Tensor", "Tensor"]:
    """Return probabilities P × C and class numbers P of the labelled pixels of a batch."""
    from torch.nn import functional as F

    labelled = targets != IGNORED
    rows = logits.movedim(1, -1)[labelled]
    return F.softmax(rows.float(), 1), targets[labelled]


def mean_of_present(each: "Tensor", truth: "Tensor") -> "Tensor":
    """Return the mean of one number a class over the classes that are there.

    ``truth`` is P × C. Classes count alike: weights that make up for rare ones, as losses of
    single pixels need them, would make up twice.
    """
    present = truth.any(0)
    return (each * present).sum() / present.sum().clamp(min=1)
