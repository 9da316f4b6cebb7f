"""Running a fitted segmenter over a picture of any size."""

from collections.abc import Iterator
from typing import Any

from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import core, windows
from segstudio.methods.samples import Picture
from segstudio.methods.segmenter import Segmenter

WHOLE = 4096
"""Side of the largest piece that is given to a segmenter that wants the whole picture."""


def segment(
    segmenter: Segmenter, state: Any, picture: Picture, task: Task, size: int = 1024
) -> Iterator[tuple[Box, Ids]]:
    """Yield the region numbers of one window after the other; together they cover the picture.

    Windows without a valid pixel are passed over: they are all 255. The result does not depend
    on ``size``, unless a segmenter that wants the whole picture gets one too large for that.
    Cancelling ``task`` stops it between two windows.
    """
    side = max(size, WHOLE) if segmenter.whole else size
    plan = windows(picture.height, picture.width, side, segmenter.halo)
    text = f"Segmenting by {segmenter.title}"
    for done, window in enumerate(plan):
        task.report(done, len(plan), text)
        tile = picture.read(window.read)
        if tile.any_valid:
            ids = segmenter.apply(tile, state, Part(task, done, len(plan), text))
            yield window.core, core(window, ids)
    task.report(len(plan), len(plan), text)
