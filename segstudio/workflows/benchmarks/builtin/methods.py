"""Segmenters on 12 million pixels, beside the plain libraries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segstudio.domain.task import Quiet, Task
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed
from segstudio.workflows.benchmarks.pictures import HEIGHT, WIDTH, photograph


@benchmarks.add
@dataclass(frozen=True)
class Methods:
    """k-means, fitted and applied through the tiling engine, on a 4000 × 3000 picture."""

    title: ClassVar[str] = "Segmenters"

    def measure(self, task: Task) -> Iterator[Row]:
        import cv2

        from segstudio.methods.builtin.kmeans import KMeans
        from segstudio.methods.run import segment
        from segstudio.methods.samples import ArrayPicture, Samples
        from segstudio.methods.segmenter import Segmenter

        picture = ArrayPicture(photograph())
        size = f"{WIDTH} × {HEIGHT}"

        def whole(segmenter: Segmenter) -> None:
            state = segmenter.fit(Samples([picture]), Quiet())
            for _ in segment(segmenter, state, picture, Quiet()):
                pass

        def plain_kmeans() -> None:
            points = picture.pixels.reshape(-1, 3).astype(np.float32)
            stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
            cv2.kmeans(points, 6, None, stop, 1, cv2.KMEANS_PP_CENTERS)

        kmeans = Row(f"k-means, k = 6, {size}", "s", 0.5)
        kmeans.samples = timed(lambda: whole(KMeans(6)), task, "k-means")
        slow = timed(plain_kmeans, task, "k-means of OpenCV", runs=1)
        kmeans.compared_with = Comparison("cv2.kmeans", slow[0])
        yield kmeans
