"""How the program's computing shares the processors with all else."""

import os


def spin_briefly() -> None:
    """Let OpenMP's idle threads give up the processor soon. To be called before torch is loaded.

    By default they spin for some milliseconds, which makes training several times slower
    where other programs want the processors too. Not spinning at all costs a third of the
    speed on an idle machine; this many turns cost nothing there (measured on two cores).
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
