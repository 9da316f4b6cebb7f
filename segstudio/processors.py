"""How the program's computing shares the processors with all else."""

import os


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
