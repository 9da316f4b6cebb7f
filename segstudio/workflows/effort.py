"""How much of a project is labelled, and how long that took."""

import time
from collections.abc import Sequence
from typing import Any

from segstudio.domain.history import Entry
from segstudio.domain.records import RunRecord, Split
from segstudio.store.reading import Reading

PAUSE = 120.0
"""Seconds between two changes beyond which a person was away."""

ALONE = 15.0
"""Seconds that a change counts before which a person was away."""

EFFORT = "labelled"
"""The metric of a run that holds what its training learned from."""


def effort_of(project: Reading) -> dict[str, Any]:
    """Return what is labelled now to be learned from, under the keys of `EFFORT`.

    ``pixels`` and ``pictures`` are labelled; ``minutes`` were spent on all labels so far, ``until``
    this time.
    """
    until = time.time()
    pixels = project.labelled_pixels()
    learned = [i for i in project.images() if i.split in (Split.POOL, Split.TRAIN)]
    counts = [pixels[image.id] for image in learned if pixels.get(image.id)]
    minutes = minutes_spent(project)
    return {"pixels": sum(counts), "pictures": len(counts), "minutes": minutes, "until": until}


def looked_at(run: RunRecord) -> float:
    """Return when a run has looked at the labels; one that was resumed did so long after it began.

    Runs of older versions do not say it.
    """
    return float((run.metrics.get(EFFORT) or {}).get("until", run.started))


def minutes_spent(project: Reading) -> float:
    """Return the minutes of work on labels; those of forgotten edits are known from the runs."""
    known = [
        (looked_at(run), run.metrics[EFFORT]) for run in project.runs() if EFFORT in run.metrics
    ]
    since, effort = max(known, key=lambda each: each[0], default=(0.0, {"minutes": 0.0}))
    before = float(effort["minutes"])
    entries, done = project.history()
    return before + minutes_of([e for e in entries[:done] if e.images and e.time > since])


def minutes_of(entries: Sequence[Entry]) -> float:
    """Return how long a person worked on edits, oldest first, without pauses."""
    seconds, last = 0.0, float("-inf")
    for entry in entries:
        gap = entry.time - last
        seconds += gap if 0 <= gap <= PAUSE else ALONE
        last = entry.time
    return seconds / 60
