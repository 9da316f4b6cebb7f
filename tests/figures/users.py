"""How many clicks and strokes does it take to get an object, with each tool?

Simulated people work on objects of real references: the 12 objects of ``grabcut_scribbles``, a
nucleus of each picture of ``nuclei_dsb2018``, windows and shops of ``facade_street``. Each puts
the next click or stroke into the middle of the largest error (see ``users_person.py``; where the
tool shows that it would make things worse, of the next one) and goes on until nothing is wrong,
or 20 times. Printed are the mean IoU after 1, 3, 5 and 10
interactions, and the mean number of interactions to an IoU of 0.85, where those who never get
there count as 20. The tools' settings are the usual ones and were never tuned on these pictures.

    python tests/figures/users.py [--data grabcut|nuclei|facade] [--limit N] [--tool NAME]
        [--models DIR [--preset quick|default|long]]

Network-assisted correction begins with what a model proposes. It is trained by the program on the
training pictures of the same set (preset quick, seed 0) in a project under ``--models``, if it is
not there yet; without that option the tool is left out. Of ``grabcut`` there is nothing to learn
from.
"""

import argparse
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from users_cases import SETS
from users_hands import HANDS
from users_models import CLASSES, trained
from users_person import Case, errors_of

from segstudio.cli.console import table
from segstudio.inference.model import Model

GOAL, MOST = 0.85, 20
SHOWN = (1, 3, 5, 10)
NETWORK = "network-assisted"


@dataclass(frozen=True)
class Worked:
    """One person's way to one object: the IoU before anything and after each interaction."""

    ious: tuple[float, ...]
    seconds: float

    def after(self, interactions: int) -> float:
        """Return the IoU after so many; nothing changes after the last."""
        return self.ious[min(interactions, len(self.ious) - 1)]

    @property
    def needed(self) -> int:
        """How many interactions it took to reach the goal, `MOST` where it was not reached."""
        return next((n for n, iou in enumerate(self.ious) if iou >= GOAL), MOST)


def work(tool: str, case: Case) -> Worked:
    """Let a person work on an object until it is right, far enough, or too long."""
    began = time.perf_counter()
    hand = HANDS[tool](case)
    found = hand.start()
    ious = [case.iou(found)]
    while len(ious) <= MOST and (ious[-1] < GOAL or len(ious) <= SHOWN[-1]):
        errors = errors_of(case, found)
        if not errors:
            break
        found = hand.act(found, errors)
        ious.append(case.iou(found))
    return Worked(tuple(ious), time.perf_counter() - began)


def row(data: str, tool: str, worked: Sequence[Worked]) -> dict[str, str]:
    """Return a line of the table: means over the objects."""
    interactions = sum(len(one.ious) - 1 for one in worked)
    seconds = sum(one.seconds for one in worked) / max(interactions, 1)
    means = {n: float(np.mean([one.after(n) for one in worked])) for n in (0, *SHOWN)}
    return {
        "data": data,
        "tool": tool,
        "before": f"{means[0]:.2f}" if means[0] else "",
        **{f"{n}": f"{means[n]:.3f}" for n in SHOWN},
        f"to {GOAL:g}": f"{np.mean([one.needed for one in worked]):.1f}",
        "reached": f"{sum(max(one.ious) >= GOAL for one in worked)} of {len(worked)}",
        "s each": f"{seconds:.2f}",
    }


def rows(data: str, tools: Iterable[str], limit: int, bundle: Path | None) -> list[dict[str, str]]:
    """Work on the objects of one set with each tool; say on the way how it goes."""
    model = None if bundle is None else Model.open(bundle, threads=2)
    cases = list(SETS[data](limit, model))
    found = []
    for tool in tools:
        if tool == NETWORK and model is None:
            continue
        found.append(row(data, tool, [work(tool, case) for case in cases]))
        print("  ".join(found[-1].values()), flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=tuple(SETS), action="append")
    parser.add_argument("--tool", choices=tuple(HANDS), action="append")
    parser.add_argument("--limit", type=int, default=12, help="objects of each set at most")
    parser.add_argument("--models", type=Path, metavar="DIR", help="where models are, or go")
    parser.add_argument("--preset", default="quick", help="how models are trained")
    asked = parser.parse_args()
    began, found = time.monotonic(), []
    for data in asked.data or SETS:
        learns = asked.models is not None and data in CLASSES
        bundle = trained(data, asked.models, asked.preset) if learns else None
        found += rows(data, asked.tool or HANDS, asked.limit, bundle)
    print(f"\n{table(found)}\nin {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
