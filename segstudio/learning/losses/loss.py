"""The one thing that every loss can do: judge logits against class numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from segstudio.errors import UserError
from segstudio.registry import Registry
from segstudio.settings import build, settings_of

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


@dataclass(frozen=True)
class Sum:
    """Several losses added up, each as it is."""

    parts: tuple[Loss, ...]

    def __call__(self, logits: "Tensor", targets: "Tensor", weights: "Tensor") -> "Tensor":
        total = self.parts[0](logits, targets, weights)
        for part in self.parts[1:]:
            total = total + part(logits, targets, weights)
        return total


def loss_kinds(formula: str) -> list[type[Loss]]:
    """Return the parts of a formula such as ``cross_entropy+dice``; `UserError` for no such."""
    return [losses[name.strip()] for name in formula.split("+")]


def build_loss(formula: str, values: Mapping[str, Any]) -> Sum:
    """Make the loss of a formula such as ``cross_entropy+dice``.

    ``values`` are settings by name; each goes to every part that has it. Raises `UserError` for
    a part or a setting that does not exist, and for a value that does not fit.
    """
    kinds = loss_kinds(formula)
    known = [{setting.name for setting in settings_of(kind)} for kind in kinds]
    for name in values:
        if not any(name in names for names in known):
            there = ", ".join(sorted(set().union(*known))) or "none"
            raise UserError(
                f"the loss {formula} has no setting called {name!r}", f"there are: {there}"
            )
    return Sum(
        tuple(
            build(kind, {name: value for name, value in values.items() if name in names})
            for kind, names in zip(kinds, known, strict=True)
        )
    )


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


def given_weights(values: Sequence[float], names: Sequence[str]) -> NDArray[np.float32]:
    """Return weights that a person has given, one a class; raise `UserError` for another number."""
    if len(values) != len(names):
        raise UserError(
            f"class_weights has {len(values)} numbers for {len(names)} classes",
            f"give one for each of: {', '.join(names)}",
        )
    return np.asarray(values, np.float32)
