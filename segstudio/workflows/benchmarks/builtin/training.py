"""What a training spends beside its network: drawing crops, and all the rest of a step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segstudio.domain.card import InputSpec
from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.task import Quiet, Task
from segstudio.learning.augment import Augmentation, augmenters
from segstudio.learning.crops import Crops
from segstudio.learning.dataset import Cache, Example, channel_table, survey
from segstudio.learning.settings import TrainSettings
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed
from segstudio.workflows.benchmarks.pictures import photograph

PICTURES, SIDE, CROPS = 12, 256, 16
CLASSES = 8
LEAST = 150
"""Crops a second that one core must draw."""

NETWORKS = "fast_scnn", "ddrnet23_slim"
BLOCKS = 6


@benchmarks.add
@dataclass(frozen=True)
class Training:
    """Crops of 256² drawn by one thread, and a step beside the bare forward and backward."""

    title: ClassVar[str] = "Training"

    def measure(self, task: Task) -> Iterator[Row]:
        from segstudio.learning.pace import paces

        examples = _examples()
        usual = TrainSettings(batch=4).augmentation
        every = Augmentation(tuple(augmenters[name]() for name in augmenters))
        for text, chosen in (("usual changes", usual), ("all changes", every)):
            yield _drawing(examples, text, chosen, task)
        classes = [LabelClass(n, str(n), default_colour(n)) for n in range(CLASSES)]
        for network in NETWORKS:
            settings = TrainSettings(network=network, batch=4, steps=1000)
            found = list(paces(examples, classes, settings, BLOCKS, task))
            row = Row(f"training step ÷ bare forward and backward, {network}", "×", 1.1)
            row.samples = [step / bare for step, bare in found]
            yield row
            step = Row(f"training step, 4 crops of {SIDE}², {network}", "s")
            step.samples = [seconds for seconds, _ in found]
            bare = float(np.median([seconds for _, seconds in found]))
            step.compared_with = Comparison("bare forward and backward", bare)
            yield step


def _drawing(examples: list[Example], text: str, chosen: Augmentation, task: Task) -> Row:
    ids = range(CLASSES)
    found = survey(examples, ids, 0, Quiet())
    crops = Crops(Cache(examples), found, channel_table(ids), InputSpec(), chosen, SIDE, 0)
    row = Row(f"a crop of {SIDE}² for training, {text} ({LEAST} a second: 6.67 ms)", "ms")
    row.goal = 1000 / LEAST
    taken = timed(lambda: crops.batch(0, CROPS), task, "Drawing crops")
    row.samples = [seconds * 1000 / CROPS for seconds in taken]
    return row


def _examples() -> list[Example]:
    """Return parts of a photograph, labelled by their brightness."""
    import cv2

    whole = photograph(2160, 3840)
    found = []
    for number in range(PICTURES):
        row, column = divmod(number, 4)
        pixels = np.ascontiguousarray(whole[row * 720 :, column * 960 :][:720, :960])
        greys = cv2.blur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (9, 9))
        found.append(Example(f"{number}.png", pixels, greys // (256 // CLASSES)))
    return found
