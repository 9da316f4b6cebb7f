"""Running a fitted segmenter over a picture of any size."""

from collections.abc import Iterator
from typing import Any

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import core, run, windows
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
    work = run(
        plan,
        picture.read,
        lambda tile: segmenter.apply(tile, state),
        task,
        f"Segmenting by {segmenter.title}",
    )
    for window, _, ids in work:
        yield window.core, core(window, ids)
