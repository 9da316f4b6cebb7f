"""Thresholds given by hand."""

import math
from dataclasses import dataclass, field
from typing import ClassVar

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.methods.channels import check_channel
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.methods.thresholding import Thresholding, Thresholds


@segmenters.add
@dataclass(frozen=True)
class Threshold(Thresholding):
    """Cuts the greys at thresholds given by hand: N of them make N + 1 regions."""

    title: ClassVar[str] = "Threshold"
    learns: ClassVar[bool] = False

    thresholds: tuple[float, ...] = field(
        default=(128.0,),
        metadata={"label": "Thresholds", "help": "grey values, in the picture's own units"},
    )

    def fit(self, samples: Samples, task: Task) -> Thresholds:
        check_channel(self.channel)
        if not self.thresholds or not all(map(math.isfinite, self.thresholds)):
            raise UserError("there is no threshold", "give one or several, such as 90,170")
        if len(self.thresholds) >= UNLABELLED:
            raise UserError("there are too many thresholds", f"give at most {UNLABELLED - 1}")
        return Thresholds(tuple(sorted(set(self.thresholds))), self.channel)
