"""How well masks agree with a reference: one confusion matrix, and what follows from it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED


class Confusion:
    """Counts of pixels by reference class (rows) and predicted class (columns).

    The last column counts predictions outside the known classes (255 among them), which are
    wrong. Pixels whose reference is unlabelled, or a class not among ``ids``, are left out.
    """

    def __init__(self, ids: tuple[int, ...]) -> None:
        self.ids = ids
        self.counts: NDArray[np.int64] = np.zeros((len(ids), len(ids) + 1), np.int64)
        self._place = np.full(256, len(ids), np.intp)
        self._place[list(ids)] = np.arange(len(ids))

    def add(self, reference: NDArray[np.uint8], predicted: NDArray[np.uint8]) -> None:
        """Count two masks of equal shape."""
        if reference.shape != predicted.shape:
            raise ValueError(f"masks differ in shape: {reference.shape} and {predicted.shape}")
        pairs = np.bincount(
            reference.ravel().astype(np.uint16) * 256 + predicted.ravel(), minlength=65536
        )
        self.add_pairs(pairs.reshape(256, 256))

    def add_pairs(self, pairs: NDArray[np.int64]) -> None:
        """Add counts of pixels by their id in the reference (rows) and as predicted."""
        rows = pairs[list(self.ids)]
        for value in np.flatnonzero(rows.any(0)):
            self.counts[:, self._place[value]] += rows[:, value]

    def __add__(self, other: "Confusion") -> "Confusion":
        total = Confusion(self.ids)
        total.counts = self.counts + other.counts
        return total

    @property
    def iou(self) -> list[float | None]:
        """Intersection over union of each class; None for one absent from the reference."""
        square = self.counts[:, : len(self.ids)]
        hit = square.diagonal()
        union = self.counts.sum(1) + square.sum(0) - hit
        present = self.counts.sum(1) > 0
        return [
            float(h / u) if there else None for h, u, there in zip(hit, union, present, strict=True)
        ]

    @property
    def miou(self) -> float | None:
        """Mean IoU over the classes present in the reference; None without any."""
        known = [value for value in self.iou if value is not None]
        return float(np.mean(known)) if known else None

    @property
    def pixel_accuracy(self) -> float | None:
        total = self.counts.sum()
        return float(self.counts.diagonal().sum() / total) if total else None

    @property
    def iou_variance(self) -> float | None:
        """Population variance of the 0…1 IoUs (S1 reports it in per cent squared)."""
        known = [value for value in self.iou if value is not None]
        return float(np.var(known)) if known else None

    def summary(self, names: Mapping[int, str]) -> dict[str, Any]:
        """Return the figures under the keys of ``evaluate --json``."""
        return {
            "miou": self.miou,
            "pixel_accuracy": self.pixel_accuracy,
            "iou": {names[i]: v for i, v in zip(self.ids, self.iou, strict=True)},
            "iou_variance": self.iou_variance,
            "confusion": self.counts.tolist(),
        }


def entropy(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each pixel's entropy divided by log C, 0…1.

    ``probabilities`` is C × H × W; H(p) = −Σ p log p (S1), with 0 log 0 = 0.
    """
    safe = np.maximum(probabilities, 1e-12)
    total = -(probabilities * np.log(safe)).sum(0)
    shares: NDArray[np.float32] = np.clip(total / np.log(max(len(probabilities), 2)), 0, 1)
    return shares.astype(np.float32, copy=False)


def valid_reference(reference: NDArray[np.uint8]) -> bool:
    """Tell whether any pixel of a mask is labelled."""
    return bool((reference != UNLABELLED).any())
