"""Regions first with the most doubtful tenth of pixels: large sure ground does not hide it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.regions import RegionTable
from segstudio.workflows.strategies.by_number import ByNumber
from segstudio.workflows.strategies.strategy import strategies


@strategies.add
@dataclass(frozen=True)
class TopDecile(ByNumber):
    """Orders by the mean of the highest tenth of a region's entropies."""

    title: ClassVar[str] = "Most doubtful tenth"

    def number(self, table: RegionTable) -> NDArray[np.float32]:
        return table.top
