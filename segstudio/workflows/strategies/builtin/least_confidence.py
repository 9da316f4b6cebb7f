"""Regions first whose likeliest class is not very likely."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.regions import RegionTable
from segstudio.workflows.strategies.by_number import ByNumber
from segstudio.workflows.strategies.strategy import strategies


@strategies.add
@dataclass(frozen=True)
class LeastConfidence(ByNumber):
    """Orders by the mean of 1 − p1, the highest probability of a pixel."""

    title: ClassVar[str] = "Least confidence"

    def number(self, table: RegionTable) -> NDArray[np.float32]:
        return table.confidence
