"""How much of the machine training may take."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


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
