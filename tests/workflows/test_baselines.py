from typing import Any

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Cancelled, Quiet
from segstudio.workflows.baselines import Labelled, baselines

IDS = (1, 5)
OTHER = 9


def scene(seed: int) -> Any:
    """A light disc (5) on dark ground (1); another class at one edge, nothing at another."""
    random = np.random.default_rng(seed)
    rows, columns = np.indices((48, 64))
    y, x = random.integers(15, 30, 2)
    disc = (rows - y) ** 2 + (columns - x) ** 2 < 100
    pixels = np.where(disc, 200, 50)[..., None] + random.normal(0, 8, (48, 64, 3))
    mask = np.where(disc, 5, 1).astype(np.uint8)
    mask[:, 60:] = OTHER
    mask[:4] = UNLABELLED
    return pixels.astype(np.uint8), mask


def labelled(*seeds: int) -> list[Labelled]:
    scenes = {seed: scene(seed) for seed in seeds}
    return [
        Labelled(lambda s=seed: scenes[s][0], lambda s=seed: scenes[s][1])  # type: ignore[misc]
        for seed in seeds
    ]


def test_all_three_find_what_is_easy() -> None:
    found = baselines(labelled(0, 1, 2), labelled(3, 4), IDS, Quiet())
    assert set(found) == {"forest", "kmeans", "multi_otsu"}
    pixels = sum(int(np.isin(scene(seed)[1], IDS).sum()) for seed in (3, 4))
    for one in found.values():
        confusion = one.confusion
        assert confusion.ids == IDS
        assert confusion.counts.sum() == pixels
        assert (confusion.miou or 0) > 0.97
        assert 0 < one.seconds < 60


def test_the_same_seed_gives_the_same() -> None:
    one, two = (baselines(labelled(0, 1), labelled(3), IDS, Quiet(), 7) for _ in range(2))
    for name in one:
        assert (one[name].confusion.counts == two[name].confusion.counts).all()


class Watching:
    """Collects how far the work is, and stops it at a share."""

    def __init__(self, stop: float = 2) -> None:
        self.stop, self.shares = stop, [0.0]

    def report(self, done: int, total: int, text: str) -> None:
        self.shares.append(done / total)
        if self.shares[-1] >= self.stop:
            raise Cancelled


def test_progress_covers_the_whole() -> None:
    task = Watching()
    baselines(labelled(0, 1), labelled(3), IDS, task)
    assert task.shares[-1] == 1
    assert max(np.diff(task.shares)) < 0.3
