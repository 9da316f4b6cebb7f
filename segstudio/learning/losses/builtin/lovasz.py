"""Lovász-softmax (Berman et al. 2018): IoU itself, made smooth."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.losses.loss import losses
from segstudio.learning.losses.regions import labelled_rows, mean_of_present

if TYPE_CHECKING:
    from torch import Tensor


@losses.add
@dataclass(frozen=True)
class Lovasz:
    """The Lovász extension of 1 − IoU over a batch, the mean over the classes that it has."""

    title: ClassVar[str] = "Lovász-softmax"

    def __call__(self, logits: "Tensor", targets: "Tensor", weights: "Tensor") -> "Tensor":
        from torch.nn import functional as F

        p, places = labelled_rows(logits, targets)
        truth = F.one_hot(places, logits.shape[1]).to(p.dtype)
        errors, order = (truth - p).abs().sort(0, descending=True)
        each = (errors * _steps(truth.gather(0, order))).sum(0)
        return mean_of_present(each, truth)


def _steps(truth: "Tensor") -> "Tensor":
    """Return by how much 1 − IoU grows with each further wrong pixel, worst first (their Alg. 1).

    ``truth`` is P × C, each column sorted by the errors of its class.
    """
    total = truth.sum(0)
    left = total - truth.cumsum(0)
    union = total + (1 - truth).cumsum(0)
    lost = 1 - left / union.clamp(min=1)
    return lost.diff(dim=0, prepend=lost.new_zeros(1, lost.shape[1]))
