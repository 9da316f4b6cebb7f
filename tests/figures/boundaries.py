"""How near do the regions' borders come to those that people drew (BSDS500)?

Several people cut each of the pictures into regions. Of every way to cut one, over the values of
the setting that says how fine:

* F of the boundaries. Pixels of borders are matched one to one within 0.0075 of the picture's
  diagonal, the nearest pairs first (the benchmark's own program: at least cost in all).
  Precision is the share of the method's that match anyone's, recall the share of all the
  people's that are matched. Counts are summed over pictures.
* Covering: the IoU of each person's regions with the best of the method's, weighed by area, mean
  over people and pictures.

ODS takes the one value of the setting that is best for all pictures together, OIS the best for
each picture. Thresholds and clusters are cut into their connected parts. *People* are each held
against the others. The figures are for reading: no setting was chosen by them.

Source: P. Arbeláez and others, Contour detection and hierarchical image segmentation, 2011.

    python tests/figures/boundaries.py [--pictures N] [--methods NAME …]
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.cli.console import figure, table
from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.methods.regional import Regional
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.settings import build

Rgb = NDArray[np.uint8]
Labels = NDArray[np.int32]
Cut = Callable[[Rgb, float], Labels]

TOLERANCE = 0.0075
SCALES: dict[str, tuple[str, tuple[float, ...]]] = {
    "slic": ("size", (10, 14, 20, 28, 40, 57, 80, 113)),
    "felzenszwalb": ("scale", (50, 100, 200, 300, 500, 800, 1300, 2000)),
    "watershed": ("depth", (0.5, 1, 1.5, 2, 3, 4, 6, 8)),
    "edges": ("share", (50, 60, 70, 80, 85, 90, 94, 97)),
    "merging": ("count", (5, 10, 20, 40, 80, 160, 320)),
    "kmeans": ("clusters", (2, 3, 4, 6, 8, 12)),
    "multi_otsu": ("classes", (2, 3, 4, 5, 6, 8)),
}
SQUARES = (14, 20, 28, 40, 57, 80, 113, 160)
REFERENCE = (1000, 500, 250, 125, 60, 30, 15)
"""Sides of squares, which know nothing of the picture; segments asked of scikit-image's SLIC."""


@dataclass
class Score:
    """What one cut of one picture came to."""

    precise: float
    drawn: float
    recalled: float
    wanted: float
    covering: float

    def __add__(self, other: "Score") -> "Score":
        return Score(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )

    @property
    def f(self) -> float:
        precision = self.precise / max(self.drawn, 1)
        recall = self.recalled / max(self.wanted, 1)
        return 2 * precision * recall / max(precision + recall, 1e-9)


@dataclass
class Figures:
    """The scores of one method: of each value of its setting, picture by picture."""

    name: str
    setting: str
    scores: dict[float, list[Score]] = field(default_factory=dict)
    seconds: float = 0.0

    def row(self, usual: float | None) -> dict[str, Any]:
        whole = {value: _sum(scores) for value, scores in self.scores.items()}
        pictures = len(next(iter(self.scores.values())))
        sharp = max(whole, key=lambda value: whole[value].f)
        covering = max(whole, key=lambda value: whole[value].covering)
        by_picture = list(zip(*self.scores.values(), strict=True))
        found = {
            "method": self.name,
            "F ODS": figure(whole[sharp].f),
            "F OIS": figure(_sum([max(s, key=lambda one: one.f) for s in by_picture]).f),
            "covering ODS": figure(whole[covering].covering / pictures),
            "covering OIS": figure(
                sum(max(one.covering for one in s) for s in by_picture) / pictures
            ),
            "at": f"{self.setting} {sharp:g} / {covering:g}" if self.setting else "–",
            "F, covering as it comes": "–",
            "s a picture": f"{self.seconds / pictures / len(whole):.3f}",
        }
        if usual in whole:
            own = whole[usual]
            found["F, covering as it comes"] = f"{figure(own.f)} {figure(own.covering / pictures)}"
        return found


def _sum(scores: list[Score]) -> Score:
    total = Score(0, 0, 0, 0, 0)
    for score in scores:
        total += score
    return total


def border(labels: Labels) -> NDArray[np.bool_]:
    """Return lines of one pixel where regions meet."""
    from skimage.morphology import skeletonize

    lines = np.zeros(labels.shape, bool)
    lines[:, :-1] |= labels[:, 1:] != labels[:, :-1]
    lines[:-1] |= labels[1:] != labels[:-1]
    lines[:-1, :-1] |= labels[1:, 1:] != labels[:-1, :-1]
    return np.asarray(skeletonize(lines))


def matched(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which pixels of ``one`` have a partner in ``other``, the nearest pairs first."""
    from scipy.spatial import cKDTree

    mine, theirs = np.argwhere(one), np.argwhere(other)
    hits = np.zeros(one.shape, bool)
    if not len(mine) or not len(theirs):
        return hits
    radius = TOLERANCE * float(np.hypot(*one.shape))
    near = cKDTree(mine).sparse_distance_matrix(cKDTree(theirs), radius, output_type="ndarray")
    near = near[np.argsort(near["v"], kind="stable")]
    taken, given = np.zeros(len(mine), bool), np.zeros(len(theirs), bool)
    while len(near):
        # Each pixel's nearest comes first; pairs that are so for both stand.
        first = np.zeros((2, len(near)), bool)
        for row, ends in zip(first, ("i", "j"), strict=True):
            row[np.unique(near[ends], return_index=True)[1]] = True
        pairs = near[first.all(0)]
        taken[pairs["i"]], given[pairs["j"]] = True, True
        near = near[~taken[near["i"]] & ~given[near["j"]]]
    hits[tuple(mine[taken].T)] = True
    return hits


def covered(wanted: Labels, found: Labels) -> float:
    """Return how well the regions of ``found`` cover those of ``wanted``."""
    count = int(found.max()) + 1
    both = np.bincount((wanted * count + found).ravel(), minlength=(wanted.max() + 1) * count)
    both = both.reshape(-1, count)
    mine, theirs = both.sum(1), both.sum(0)
    best = (both / np.maximum(mine[:, None] + theirs - both, 1)).max(1)
    return float((mine * best).sum() / mine.sum())


def judged(labels: Labels, people: list[Labels], lines: list[NDArray[np.bool_]]) -> Score:
    """Hold a cut against those of several people; ``lines`` are their borders."""
    drawn = border(labels)
    anyone = np.zeros(drawn.shape, bool)
    recalled = 0
    for line in lines:
        hits = matched(drawn, line)
        anyone |= hits
        recalled += int(hits.sum())
    wanted = sum(int(line.sum()) for line in lines)
    covering = float(np.mean([covered(person, labels) for person in people]))
    return Score(int(anyone.sum()), int(drawn.sum()), recalled, wanted, covering)


def cut_of(name: str) -> Cut:
    """Return how a method of the program cuts a picture, given the value of its setting."""
    setting = SCALES[name][0]

    def cut(rgb: Rgb, value: float) -> Labels:
        kind = type(getattr(segmenters[name](), setting))
        segmenter = build(segmenters[name], {setting: kind(value)})
        if isinstance(segmenter, Regional):
            return segmenter.segments(rgb, Quiet())
        state = segmenter.fit(Samples.of(rgb), Quiet())
        return parts(segmenter.apply(Tile(rgb, Box(0, 0, *rgb.shape[:2])), state))

    return cut


def parts(ids: NDArray[Any]) -> Labels:
    """Return the connected parts of regions."""
    from skimage.measure import label

    return np.asarray(label(ids, background=-1, connectivity=1), np.int32) - 1


def squares(rgb: Rgb, side: float) -> Labels:
    row, column = (np.arange(length) // int(side) for length in rgb.shape[:2])
    return parts(np.asarray(row[:, None] * 10_000 + column))


def reference(rgb: Rgb, segments: float) -> Labels:
    from skimage.segmentation import slic

    return np.asarray(slic(rgb, n_segments=int(segments), start_label=0), np.int32)


def pictures(data: Path, most: int | None) -> Iterator[tuple[Rgb, list[Labels]]]:
    """Yield the pictures, each with the cuts of several people."""
    from PIL import Image

    for name in (data / "val.txt").read_text(encoding="utf-8").split()[:most]:
        with Image.open(data / "images" / f"{name}.jpg") as image:
            rgb = np.asarray(image.convert("RGB"))
        files = sorted((data / "masks").glob(f"{name}_*.png"))
        people = []
        for file in files:
            with Image.open(file) as image:
                ids = np.unique(np.asarray(image), return_inverse=True)[1]
            people.append(ids.reshape(rgb.shape[:2]).astype(np.int32))
        yield rgb, people


def among_people(people: list[Labels], lines: list[NDArray[np.bool_]]) -> Score:
    """Hold each person against the others."""
    scores = [
        judged(
            one,
            [p for p in people if p is not one],
            [line for n, line in enumerate(lines) if n != i],
        )
        for i, one in enumerate(people)
    ]
    total = _sum(scores)
    total.covering /= len(scores)
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, help="only the first so many")
    parser.add_argument("--methods", nargs="*", default=list(SCALES))
    arguments = parser.parse_args()
    methods: list[tuple[Figures, Cut, tuple[float, ...]]] = [
        (Figures(segmenters[name].title, SCALES[name][0]), cut_of(name), SCALES[name][1])
        for name in arguments.methods
    ]
    methods.append((Figures("scikit-image SLIC", "n_segments"), reference, REFERENCE))
    methods.append((Figures("squares", "side"), squares, SQUARES))
    human = Figures("people", "")
    data = Path(os.environ["SEGSTUDIO_DATA"]) / "bsds500"
    for done, (rgb, people) in enumerate(pictures(data, arguments.pictures)):
        lines = [border(person) for person in people]
        human.scores.setdefault(0, []).append(among_people(people, lines))
        for figures, cut, values in methods:
            for value in values:
                began = time.perf_counter()
                labels = cut(rgb, value)
                figures.seconds += time.perf_counter() - began
                figures.scores.setdefault(value, []).append(judged(labels, people, lines))
        print(f"\r{done + 1} pictures", end="", file=sys.stderr, flush=True)
    usual = {
        segmenters[name].title: getattr(segmenters[name](), SCALES[name][0])
        for name in arguments.methods
    }
    rows = [figures.row(usual.get(figures.name)) for figures, _, _ in methods]
    print(file=sys.stderr)
    print(table([*rows, human.row(None)]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
