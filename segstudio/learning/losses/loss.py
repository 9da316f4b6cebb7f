"""The one thing that every loss can do: judge logits against class numbers."""

from collections.abc import Sequence
from dataclasses import Field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from segstudio.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor

IGNORED = 255
"""Target value of pixels without a label, which no loss may count."""


class Loss(Protocol):
    """A frozen dataclass of settings that turns logits and targets into one number.

    Logits are N × C × H × W, targets N × H × W with channel numbers or `IGNORED`, weights one
    factor a channel. Without any labelled pixel the loss is zero, not NaN.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    title: ClassVar[str]

    def __call__(self, logits: "Tensor", targets: "Tensor", weights: "Tensor") -> "Tensor": ...


losses: Registry[type[Loss]] = Registry("segstudio.learning.losses.builtin", "loss")


def class_weights(counts: Sequence[int] | NDArray[np.int64], balance: float) -> NDArray[np.float32]:
    """Return one weight a class, from its number of labelled pixels.

    Weights are frequency to the power of −``balance`` (0 none, 1 all classes count alike),
    scaled so that a labelled pixel weighs 1 on average; a class without pixels weighs 1.
    """
    share = np.asarray(counts, np.float64)
    share = share / max(share.sum(), 1)
    present = share > 0
    weights = np.ones(len(share))
    weights[present] = share[present] ** -balance
    weights[present] /= (weights * share).sum() or 1
    return weights.astype(np.float32)
