"""Thresholds on 12 million pixels, beside OpenCV and scikit-image."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from segstudio.domain.task import Quiet, Task
from segstudio.methods.run import segment
from segstudio.methods.samples import ArrayPicture, Samples
from segstudio.methods.segmenter import Segmenter
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed
from segstudio.workflows.benchmarks.pictures import HEIGHT, WIDTH, photograph

SIZE = f"{WIDTH} × {HEIGHT}"


@dataclass(frozen=True)
class Beside:
    """What a segmenter is held against: the same on plain arrays by another library."""

    name: str
    segmenter: Segmenter
    library: str
    plain: Callable[[], object]
    goal: float | None = None
    runs: int = 3


@benchmarks.add
@dataclass(frozen=True)
class Thresholding:
    """Each method fitted and applied through the tiling engine to the colours of a picture.

    The other libraries are given its greys where they work on greys.
    """

    title: ClassVar[str] = "Thresholds"

    def measure(self, task: Task) -> Iterator[Row]:
        picture = ArrayPicture(photograph())
        for beside in [*_of_opencv(picture.pixels), *_of_scikit_image(picture.pixels)]:
            row = Row(f"{beside.name}, {SIZE}", "s", beside.goal)
            row.samples = timed(_through(beside.segmenter, picture), task, beside.name)
            others = timed(beside.plain, task, beside.library, beside.runs)
            row.compared_with = Comparison(beside.library, float(np.median(others)))
            yield row
        yield _slider(picture, task)


def _through(segmenter: Segmenter, picture: ArrayPicture) -> Callable[[], None]:
    """Return what fits a segmenter to a picture and labels all of it."""

    def do() -> None:
        state = segmenter.fit(Samples([picture]), Quiet())
        for _ in segment(segmenter, state, picture, Quiet()):
            pass

    return do


def _of_opencv(pixels: Any) -> list[Beside]:
    import cv2

    from segstudio.methods.builtin.adaptive import Adaptive
    from segstudio.methods.builtin.colour_range import ColourRange
    from segstudio.methods.builtin.otsu import Otsu
    from segstudio.methods.builtin.triangle import Triangle

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)

    def found(how: int) -> Callable[[], object]:
        return lambda: cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | how)

    def local() -> object:
        how = (cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY)
        return cv2.adaptiveThreshold(grey, 255, *how, 51, 5)

    def ranged() -> object:
        hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
        return cv2.inRange(hsv, (30, 38, 0), (90, 255, 255))

    return [
        Beside("Otsu", Otsu(), "cv2.threshold", found(cv2.THRESH_OTSU), 0.05),
        Beside("triangle", Triangle(), "cv2.threshold", found(cv2.THRESH_TRIANGLE)),
        Beside("adaptive mean of 51", Adaptive("mean", 51, 5.0), "cv2.adaptiveThreshold", local),
        Beside("colour range in HSV", ColourRange(), "cv2.inRange of 8 bits", ranged),
    ]


def _of_scikit_image(pixels: Any) -> list[Beside]:
    import cv2
    from skimage import filters

    from segstudio.methods.builtin.adaptive import Adaptive
    from segstudio.methods.builtin.hysteresis import Hysteresis
    from segstudio.methods.builtin.li import Li
    from segstudio.methods.builtin.multi_otsu import MultiOtsu
    from segstudio.methods.builtin.otsu import Otsu
    from segstudio.methods.builtin.yen import Yen

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)

    def beside(name: str, segmenter: Segmenter, other: str, goal: float | None = None) -> Beside:
        find = getattr(filters, other)
        return Beside(name, segmenter, f"skimage {other}", lambda: grey > find(grey), goal, runs=1)

    def several() -> object:
        return np.digitize(grey, filters.threshold_multiotsu(grey, 5))

    def joined() -> object:
        return filters.apply_hysteresis_threshold(grey, 100, 180)

    return [
        beside("Otsu, again", Otsu(), "threshold_otsu", 0.05),
        Beside("multi-Otsu, 4 thresholds", MultiOtsu(5), "skimage threshold_multiotsu", several,
               0.2, runs=1),
        beside("Li", Li(), "threshold_li"),
        beside("Yen", Yen(), "threshold_yen"),
        Beside("Sauvola of 51", Adaptive("sauvola", 51), "skimage threshold_sauvola",
               lambda: grey > filters.threshold_sauvola(grey, 51), runs=1),
        Beside("hysteresis", Hysteresis(100.0, 180.0), "skimage apply_hysteresis_threshold",
               joined, runs=1),
    ]  # fmt: skip


def _slider(picture: ArrayPicture, task: Task) -> Row:
    """Measure from a new value of a threshold to the regions that are shown."""
    import cv2

    from segstudio.methods.builtin.threshold import Threshold
    from segstudio.store.pictures import open_picture
    from segstudio.workflows.preview import Previewer

    row = Row(f"preview of a slider move, threshold, {SIZE}", "s", 0.05)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.jpg"
        cv2.imwrite(str(path), picture.pixels[:, :, ::-1])
        opened = open_picture(path)
        previewer, values = Previewer(opened), count(60)
        row.samples = timed(
            lambda: previewer.regions(Threshold((float(next(values)),)), Quiet()), task, "Sliding"
        )
        opened.close()
    return row
