"""A linear support vector machine that learns from strokes."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segstudio.methods.linear import Loss, squared_hinge
from segstudio.methods.segmenter import segmenters
from segstudio.methods.weighing import Weighing


@segmenters.add
@dataclass(frozen=True)
class PixelSvm(Weighing):
    """Learns from strokes the widest gap between each class and the others (linear SVM).

    Its probabilities are not calibrated: they come from the distances to the gaps.
    """

    title: ClassVar[str] = "Linear SVM"
    loss: ClassVar[Loss] = squared_hinge
    sharpness: ClassVar[np.float32] = np.float32(2)
