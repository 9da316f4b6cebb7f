"""Focal loss (Lin et al. 2017), as both U-Net studies use it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.losses.loss import IGNORED, losses

if TYPE_CHECKING:
    from torch import Tensor


@losses.add
@dataclass(frozen=True)
class Focal:
    """−α (1 − p)^γ log p: pixels that are already right count little.

    α is the class weight; γ = 0 gives cross-entropy.
    """

    title: ClassVar[str] = "Focal loss"

    gamma: float = field(default=2.0, metadata={"label": "Gamma", "range": (0, 5), "step": 0.5})

    def __call__(self, logits: "Tensor", targets: "Tensor", weights: "Tensor") -> "Tensor":
        from torch.nn import functional as F

        labelled = targets != IGNORED
        places = targets.masked_fill(~labelled, 0)
        log_p = F.log_softmax(logits, 1).gather(1, places[:, None])[:, 0]
        # 1 − p by expm1, so that the gradient of the power stays finite where p is almost 1.
        missing = -log_p.expm1()
        each = -weights[places] * missing.clamp(min=1e-6) ** self.gamma * log_p
        return (each * labelled).sum() / labelled.sum().clamp(min=1)
