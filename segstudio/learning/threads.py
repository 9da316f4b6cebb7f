"""How much of the machine training may take."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from segstudio.processors import all_but_one

DRAWING = 8
"""Threads that draw crops for a GPU, at most."""


@contextmanager
def lent(threads: int | None) -> Iterator[None]:
    """Let torch use so many threads meanwhile; None leaves it as it is."""
    before = torch.get_num_threads()
    if threads is not None:
        torch.set_num_threads(max(1, threads))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def drawing_threads(device: torch.device) -> int:
    """Return how many threads draw crops: on a processor they would only be in its way."""
    return 1 if device.type == "cpu" else min(DRAWING, all_but_one())
