"""How the program's computing shares the processors with all else."""

import os
import sys
import threading

NICENESS = 10
"""Added to a thread's niceness when it gives way to the window."""


def spin_briefly() -> None:
    """Let OpenMP's idle threads give up the processor soon. To be called before torch is loaded.

    By default they spin for some milliseconds, which makes training several times slower
    where other programs want the processors too. Not spinning at all costs a third of the
    speed on an idle machine; this many turns cost nothing there (measured on two cores).
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")


def all_but_one() -> int:
    """Return how many processors computing may take while a person works: one is theirs."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (own or 1) - 1)


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
