"""Opening a large photograph, beside what decoding alone takes."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from segstudio.domain.task import Task
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed
from segstudio.workflows.benchmarks.pictures import HEIGHT, WIDTH, photograph


@benchmarks.add
@dataclass(frozen=True)
class Pictures:
    """A 4000 × 3000 JPEG: a reduced view, and all of its pixels."""

    title: ClassVar[str] = "Opening pictures"

    def measure(self, task: Task) -> Iterator[Row]:
        import cv2

        from segstudio.store.pictures import open_picture, preview

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "photograph.jpg"
            cv2.imwrite(str(path), photograph()[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
            size = f"{WIDTH} × {HEIGHT} JPEG"
            first = Row(f"reduced view of a {size}", "s", 0.15)
            first.samples = timed(lambda: preview(path, 1600), task, "Reduced view")
            yield first
            whole = Row(f"decode a {size}", "s")
            whole.samples = timed(lambda: open_picture(path).close(), task, "Decoding")
            plain = float(np.median(timed(lambda: cv2.imread(str(path)), task, "OpenCV")))
            whole.compared_with = Comparison("cv2.imread", plain)
            yield whole
