"""How much of the machine training may take."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from segstudio.processors import all_but_one

NICENESS = 10
"""Added to the thread's niceness when it gives way to the window."""

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


def give_way() -> None:
    """Lower the priority of the calling thread, for good, so that the window stays smooth.

    Threads that it starts later, OpenMP's among them, inherit it. An ordinary user cannot raise
    it again: call this only in a thread that ends with its job. Does nothing where the system
    knows no priority of single threads.
    """
    if not sys.platform.startswith("linux"):
        return
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    # For the scheduler a batch thread is never urgent: it does not preempt what wakes up.
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
