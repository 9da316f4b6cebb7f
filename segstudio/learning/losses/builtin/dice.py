"""Dice loss (Milletari et al. 2016), class by class."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.losses.loss import losses
from segstudio.learning.losses.regions import labelled_rows, mean_of_present

if TYPE_CHECKING:
    from torch import Tensor


@losses.add
@dataclass(frozen=True)
class Dice:
    """1 − 2 Σpt / (Σp² + Σt²), the mean over the classes that a batch has.

    It judges regions, not pixels: a class counts alike whether it is large or small.
    """

    title: ClassVar[str] = "Dice loss"

    smooth: float = field(
        default=1.0,
        metadata={
            "label": "Smoothing of the ratio",
            "range": (0.001, 1000),
            "help": "Pixels added above and below: keeps tiny regions from jumping",
        },
    )

    def __call__(self, logits: "Tensor", targets: "Tensor", weights: "Tensor") -> "Tensor":
        from torch.nn import functional as F

        p, places = labelled_rows(logits, targets)
        truth = F.one_hot(places, logits.shape[1]).to(p.dtype)
        overlap = (p * truth).sum(0)
        sizes = (p * p).sum(0) + truth.sum(0)
        each = 1 - (2 * overlap + self.smooth) / (sizes + self.smooth)
        return mean_of_present(each, truth)
