"""Cross-entropy of the hardest pixels only (Shrivastava et al. 2016)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.losses.loss import IGNORED, losses

if TYPE_CHECKING:
    from torch import Tensor


@losses.add
@dataclass(frozen=True)
class HardPixels:
    """Cross-entropy averaged over the pixels that the network is least sure of.

    Counted is where the right class has a probability below ``sure``, and at least the share
    ``least`` of the labelled pixels of a batch.
    """

    title: ClassVar[str] = "Hardest pixels (OHEM)"

    sure: float = field(default=0.7, metadata={"label": "Sure above", "range": (0.05, 1)})
    least: float = field(
        default=1 / 16, metadata={"label": "At least this share", "range": (0.001, 1)}
    )

    def __call__(self, logits: "Tensor", targets: "Tensor", weights: "Tensor") -> "Tensor":
        import torch
        from torch.nn import functional as F

        labelled = targets != IGNORED
        plain = F.cross_entropy(logits, targets, ignore_index=IGNORED, reduction="none")[labelled]
        if not plain.numel():
            return (logits * 0).sum()
        hard = plain.detach()
        kept = max(1, round(self.least * hard.numel()))
        border = torch.kthvalue(hard, hard.numel() - kept + 1).values
        border = border.clamp(max=-torch.log(torch.tensor(self.sure, device=hard.device)))
        return (plain * weights[targets[labelled]])[hard >= border].mean()
