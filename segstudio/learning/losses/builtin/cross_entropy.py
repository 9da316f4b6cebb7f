"""Cross-entropy, the loss of all presets."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.losses.loss import IGNORED, losses

if TYPE_CHECKING:
    from torch import Tensor


@losses.add
@dataclass(frozen=True)
class CrossEntropy:
    """−log p of the right class, averaged over the labelled pixels."""

    title: ClassVar[str] = "Cross-entropy"

    smoothing: float = field(
        default=0.0,
        metadata={
            "label": "Label smoothing",
            "range": (0, 0.5),
            "help": "The share of a label that is spread over all classes; for noisy labels",
        },
    )

    def __call__(self, logits: "Tensor", targets: "Tensor", weights: "Tensor") -> "Tensor":
        from torch.nn import functional as F

        total = F.cross_entropy(
            logits,
            targets,
            weights,
            ignore_index=IGNORED,
            reduction="sum",
            label_smoothing=self.smoothing,
        )
        return total / (targets != IGNORED).sum().clamp(min=1)
