"""Comparing logits with labels at some of the pixels.

Networks give logits at 1/8 of the picture's size. Enlarging them to every pixel only for the
loss takes as long as the network itself, and tells it little more than every fourth pixel does.
So each step looks at the pixels of a grid with a random phase: on average at all of them.
"""

from collections.abc import Callable

import torch
from torch import Tensor

STEP = 2
"""Rows and columns from one compared pixel to the next."""

AUXILIARY = 0.4
"""Weight of the auxiliary heads' losses, as both papers have it."""

Judge = Callable[[Tensor, Tensor, Tensor], Tensor]
"""A loss of logits, targets, and one factor a class."""


def judged(outputs: tuple[Tensor, ...], targets: Tensor, judge: Judge, weights: Tensor) -> Tensor:
    """Return the loss of a network's heads on a random grid, the main head first."""
    heads, labels = compared(tuple(head.float() for head in outputs), targets, drawn_phase())
    main, *auxiliary = (judge(logits, labels, weights) for logits in heads)
    return main + AUXILIARY * sum(auxiliary)


def drawn_phase() -> tuple[int, int]:
    """Draw the first row and column of a grid."""
    return int(torch.randint(STEP, ())), int(torch.randint(STEP, ()))


def compared(
    outputs: tuple[Tensor, ...], targets: Tensor, phase: tuple[int, int]
) -> tuple[list[Tensor], Tensor]:
    """Return each head's logits, and the targets, at the pixels of the grid.

    Heads are N × C × h × w of any size that covers the picture, targets N × H × W; ``phase``
    is the grid's first row and column.
    """
    rows = torch.arange(phase[0], targets.shape[1], STEP, device=targets.device)
    columns = torch.arange(phase[1], targets.shape[2], STEP, device=targets.device)
    # The loss of each head would copy them by itself, and again on its way back.
    chosen = targets[:, phase[0] :: STEP, phase[1] :: STEP].contiguous()
    size = (targets.shape[1], targets.shape[2])
    return [_at(logits, rows, columns, size) for logits in outputs], chosen


def _at(logits: Tensor, rows: Tensor, columns: Tensor, size: tuple[int, int]) -> Tensor:
    """Interpolate logits at pixels of a picture of ``size``, as bilinear resizing would."""
    if logits.shape[2:] == size:
        return logits[:, :, rows][..., columns]
    across = _weights(columns, size[1], logits.shape[3], logits.dtype)
    down = _weights(rows, size[0], logits.shape[2], logits.dtype)
    return torch.matmul(torch.matmul(down, logits), across.transpose(0, 1))


def _weights(places: Tensor, length: int, cells: int, dtype: torch.dtype) -> Tensor:
    """Return what share each of the cells along a side has in each of the places."""
    centre = ((places + 0.5) * cells / length - 0.5).clamp(0, cells - 1)
    distance = (centre[:, None] - torch.arange(cells, device=places.device)).abs()
    return (1 - distance).clamp(min=0).to(dtype)
