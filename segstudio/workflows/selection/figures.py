"""What a study of selection says: areas under curves, and which differences are no chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median, stdev
from typing import Any

from segstudio.domain.paired import LEVEL, area, holm, penalties, sign_flip
from segstudio.workflows.selection.arms import BASE, CONTROL, FULL, OURS, Arm, Terms
from segstudio.workflows.selection.lines import Reached
from segstudio.workflows.selection.rounds import Bench

Curves = Mapping[int, Sequence[Reached]]
"""The rounds of an arm, by seed."""

NEARLY = 0.95
"""Of the mIoU of all labels: what more labels could still bring is little."""


@dataclass(frozen=True)
class SetFigures:
    """What the arms reach on one set of pictures.

    ``runs`` holds for each arm the seeds of which all rounds are there. With ``tuned`` the
    settings were chosen on this set, so that it proves nothing. ``pixels`` are those of all
    pictures, ``held`` those of them that are labelled before anything begins, ``first`` those of
    a round.
    """

    name: str
    tuned: bool
    terms: Terms
    arms: Sequence[Arm]
    runs: Mapping[str, Curves]
    pictures: int
    judged: int
    pixels: int
    held: float
    first: float

    @classmethod
    def of(cls, bench: Bench, seeds: Sequence[int], tuned: bool) -> "SetFigures":
        """Gather what is there of a set."""
        runs: dict[str, dict[int, list[Reached]]] = {}
        for arm in bench.arms:
            for seed in seeds:
                rounds = [bench.reached(arm, seed, n) for n in range(1, bench.last(arm) + 1)]
                known = [one for one in rounds if one is not None]
                if len(known) == len(rounds):
                    runs.setdefault(arm.name, {})[seed] = known
        material, terms = bench.material, bench.terms
        held = bench.held * material.pixels / len(material.pool)
        return cls(
            material.name, tuned, terms, bench.arms, runs, len(material.pool),
            len(material.judged), material.pixels, held,
            terms.budget * material.mean_area(terms.side),
        )  # fmt: skip

    def areas(self, arm: str) -> dict[int, float]:
        """Return the mean mIoU between the first and the last round's budget, by seed."""
        last = min(self.first * self.terms.rounds, float(self.pixels))
        return {
            seed: area([r.pixels for r in rounds], [r.miou or 0.0 for r in rounds],
                       min(self.first, last), last)
            for seed, rounds in self.runs.get(arm, {}).items()
        }  # fmt: skip

    def ends(self, arm: str, of: Callable[[Reached], float | None]) -> dict[int, float]:
        """Return a figure of the last round, by seed."""
        found = {seed: of(rounds[-1]) for seed, rounds in self.runs.get(arm, {}).items()}
        return {seed: value for seed, value in found.items() if value is not None}

    def seconds(self, arm: str) -> dict[int, float]:
        """Return the time of all rounds, by seed."""
        return {
            seed: sum(one.training + one.looking for one in rounds)
            for seed, rounds in self.runs.get(arm, {}).items()
        }

    @cached_property
    def full(self) -> float | None:
        """The mIoU that all labels reach."""
        return _mean(self.ends(FULL, _miou))

    def enough(self, arm: str) -> float | None:
        """Return the share of labelled pixels from which an arm reaches nearly all labels' mIoU.

        It is that of the first round whose mean over the seeds does; None where none does.
        """
        rounds = zip(*self.runs.get(arm, {}).values(), strict=True)
        for found in rounds:
            miou = mean(one.miou or 0.0 for one in found)
            if self.full and miou >= NEARLY * self.full:
                labelled = float(mean(one.pixels for one in found))
                return (labelled + self.held) / self.pixels
        return None

    def row(self, arm: Arm) -> dict[str, Any]:
        """Return what an arm reaches, as ``study --json`` has it."""
        name = arm.name
        areas, final = self.areas(name), _mean(self.ends(name, _miou))
        ratios = _paired(self.seconds(name), self.seconds(BASE), lambda own, base: own / base)
        return {
            "set": self.name,
            "arm": name,
            "title": arm.title,
            "seeds": len(areas),
            "area": None if name == FULL else _mean(areas),
            "spread": stdev(areas.values()) if len(areas) > 1 and name != FULL else None,
            "miou": final,
            "worst": _mean(self.ends(name, lambda one: one.worst)),
            "iou_variance": _mean(self.ends(name, lambda one: one.variance)),
            "regions": _mean(self.ends(name, lambda one: one.regions)),
            "labelled": _mean(self.ends(name, lambda one: (one.pixels + self.held) / self.pixels)),
            "of_full": final / self.full if final is not None and self.full else None,
            "enough": self.enough(name) if name != FULL else None,
            "seconds": median(seconds) if (seconds := self.seconds(name).values()) else None,
            "time_ratio": median(ratios) if ratios and name != FULL else None,
        }


@dataclass(frozen=True)
class Verdict:
    """How ours does against another arm on one set: difference of the areas, seed by seed.

    ``p`` is exact; ``corrected`` (Holm) where the set is judged, among the judged sets.
    """

    set: str
    tuned: bool
    other: str
    each: Sequence[float]
    p: float
    corrected: float | None = None

    @property
    def difference(self) -> float:
        return mean(self.each)

    @property
    def said(self) -> str:
        """Say what it means."""
        if self.corrected is None or self.corrected >= LEVEL:
            return "tuned on" if self.tuned else "no difference shown"
        return "better" if self.difference > 0 else "worse"

    def to_json(self) -> dict[str, Any]:
        return {
            "set": self.set, "against": self.other, "pairs": len(self.each),
            "difference": self.difference, "p": self.p, "corrected": self.corrected,
            "verdict": self.said,
        }  # fmt: skip


def verdicts(sets: Sequence[SetFigures], other: str, ours: str = OURS) -> list[Verdict]:
    """Compare ours with another arm on every set that has both."""
    found: list[Verdict] = []
    for one in sets:
        each = _paired(one.areas(ours), one.areas(other), lambda own, base: own - base)
        if each:
            found.append(Verdict(one.name, one.tuned, other, each, sign_flip(each)))
    corrected = holm({one.set: one.p for one in found if not one.tuned})
    return [
        Verdict(v.set, v.tuned, v.other, v.each, v.p, corrected.get(v.set) if not v.tuned else None)
        for v in found
    ]


def penalised(sets: Sequence[SetFigures], arms: Sequence[str]) -> list[list[float]]:
    """Return the pairwise penalties of the judged sets, the shared first round left out."""
    tables = [
        {
            name: {s: [r.miou or 0.0 for r in rounds[1:]] for s, rounds in one.runs[name].items()}
            for name in arms
            if name in one.runs
        }
        for one in sets
        if not one.tuned
    ]
    found: list[list[float]] = penalties(tables, arms).tolist()
    return found


def goals(sets: Sequence[SetFigures]) -> list[tuple[str, str]]:
    """Return what was to be reached, and what was, in words."""
    judged = [one for one in sets if not one.tuned]
    told = verdicts(sets, CONTROL)
    better = [v.set for v in told if v.said == "better"]
    worse = [v.set for v in told if v.said == "worse"]
    rows = [(one, one.row(arm)) for one in judged for arm in one.arms if arm.name == OURS]
    whole = [_whole(row) for _, row in rows if row["of_full"] is not None]
    calmer = [
        one.name
        for one in judged
        if (own := _mean(one.ends(OURS, _variance))) is not None
        and (base := _mean(one.ends(BASE, _variance))) is not None
        and own < base
    ]
    times = [f"{one.name} {row['time_ratio']:.2f}" for one, row in rows if row["time_ratio"]]
    return [
        (
            "better than class-aware random in area, corrected p < 0.05",
            f"{_listed(better)}; significantly worse: {_listed(worse)}",
        ),
        ("95 % of the mIoU of all labels, with at most 25 % labelled", _listed(whole)),
        ("variance over classes below random's", f"{_listed(calmer)} of {len(judged)} judged sets"),
        ("time beside random's (at most 1.3)", _listed(times)),
    ]


def _whole(row: Mapping[str, Any]) -> str:
    """Say with how much labelled a set comes close to all labels, or how close at the end."""
    if row["enough"] is not None:
        return f"{row['set']} with {row['enough']:.1%}"
    return f"{row['set']} not ({row['of_full']:.0%} with {row['labelled']:.1%})"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _miou(one: Reached) -> float | None:
    return one.miou


def _variance(one: Reached) -> float | None:
    return one.variance


def _paired(
    own: Mapping[int, float], base: Mapping[int, float], make: Callable[[float, float], float]
) -> list[float]:
    """Return something of the pairs that both have."""
    return [make(own[seed], base[seed]) for seed in sorted(set(own) & set(base))]


def _mean(values: Mapping[int, float]) -> float | None:
    return mean(values.values()) if values else None
