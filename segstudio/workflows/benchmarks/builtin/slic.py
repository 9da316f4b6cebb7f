"""Superpixels and regions of 12 million pixels, beside scikit-image."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segstudio.domain.task import Quiet, Task
from segstudio.domain.tiling import Pixels
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed
from segstudio.workflows.benchmarks.pictures import HEIGHT, WIDTH, photograph

SUPERPIXELS = 2000
VIEW = (1080, 1920)
REDUCED = 4
"""In how many parts of a side scikit-image's are compared: the whole takes it 18 s."""

RUNS = 3
OTHERS = ("felzenszwalb", "watershed", "edges", "merging")


@benchmarks.add
@dataclass(frozen=True)
class Slic:
    """SLIC on a picture, a screen and a reduction; the other ways to cut regions on a picture."""

    title: ClassVar[str] = "Superpixels and regions"

    def measure(self, task: Task) -> Iterator[Row]:
        picture = photograph()
        yield _superpixels(picture, SUPERPIXELS, 4.0, task)
        view = np.ascontiguousarray(picture[: VIEW[0], 800 : 800 + VIEW[1]])
        yield _superpixels(view, SUPERPIXELS, 1.0, task)
        yield _compared(picture, task)
        for name in OTHERS:
            yield _regions(name, picture, task)


def _title(name: str, pixels: Pixels) -> str:
    return f"{name}, {pixels.shape[1]} × {pixels.shape[0]}"


def _superpixels(pixels: Pixels, number: int, goal: float | None, task: Task) -> Row:
    """Measure the cut alone, as the tool and the method both have it."""
    from segstudio.methods.builtin.slic import Slic as Segmenter

    row = Row(_title(f"SLIC, {number} superpixels", pixels), "s", goal)
    size = round((pixels.shape[0] * pixels.shape[1] / number) ** 0.5)
    row.samples = timed(lambda: Segmenter(size).segments(pixels, Quiet()), task, "SLIC", RUNS)
    return row


def _compared(picture: Pixels, task: Task) -> Row:
    import cv2
    from skimage.segmentation import slic

    size = (WIDTH // REDUCED, HEIGHT // REDUCED)
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    row = _superpixels(small, SUPERPIXELS, None, task)
    text = "SLIC of scikit-image"
    plain = timed(lambda: slic(small, n_segments=SUPERPIXELS, start_label=0), task, text, RUNS)
    row.compared_with = Comparison("skimage.segmentation.slic", float(np.median(plain)))
    return row


def _regions(name: str, picture: Pixels, task: Task) -> Row:
    """Measure fitting and labelling the whole picture."""
    from segstudio.methods.run import segment
    from segstudio.methods.samples import ArrayPicture, Samples
    from segstudio.methods.segmenter import segmenters

    segmenter, whole = segmenters[name](), ArrayPicture(picture)

    def label() -> None:
        state = segmenter.fit(Samples([whole]), Quiet())
        for _ in segment(segmenter, state, whole, Quiet()):
            pass

    row = Row(_title(segmenter.title, picture), "s")
    row.samples = timed(label, task, segmenter.title, RUNS)
    return row
