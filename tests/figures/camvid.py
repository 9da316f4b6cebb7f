"""What does the default preset reach on 40 real street pictures?

The protocol: every 9th name of CamVid's ``train.txt`` from the first, 40 pictures, class 11 left
out, preset default, seed 0, measured at full size on the 101 pictures of ``val.txt``; beside it
the simple methods under the same protocol. Goals: mIoU at least 0.45, and 5 points above the
random forest.

Three figures of the network are printed. *Last* are the weights after the last step: no picture
measured on had a say in them. *Kept* is the bundle, whose weights were chosen among the
evaluations by those same 101 pictures, as in every project with a split val. With ``--alone`` a
second project holds the 40 only; the program then holds back every fifth of them to choose by.

With ``--whole`` the one question is what all 367 pictures of ``train.txt`` give: preset long from
scratch, every fifth of them held back to choose by, measured on the 101 from outside. Goal: 0.65
with at most 6 million parameters.

    python tests/figures/camvid.py [--folder DIR] [--steps N] [--alone] [--twice] [--whole]
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from command import segstudio

from segstudio.cli.console import figure, table
from segstudio.workflows.runs import lines_of

CLASSES = (
    "sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian",
    "bicyclist",
)  # fmt: skip
EVERY, LEARNED = 9, 40
GOAL, ABOVE_FOREST = 0.45, 0.05
WHOLE_GOAL, MOST_PARAMETERS = 0.65, 6_000_000


class CamVid:
    """The pictures of the protocol and the commands that it takes."""

    def __init__(self, data: Path, folder: Path, steps: int | None) -> None:
        self.data, self.folder = data / "camvid", folder
        self.steps = [] if steps is None else ["--steps", steps]
        self.learned = self.pictures("train.txt")[::EVERY][:LEARNED]
        self.judged = self.pictures("val.txt")
        self.masks = ("--masks", self.data / "masks", "--ignore", 11)

    def pictures(self, names: str) -> list[Path]:
        return [
            self.data / "images" / f"{name}.jpg"
            for name in (self.data / names).read_text(encoding="utf-8").split()
        ]

    def project(self, name: str, judged: bool, learned: Sequence[Path] = ()) -> Path:
        """Make a project of the 40, with the 101 as its split val where they are ``judged``."""
        root = self.folder / f"{name}.segstudio"
        segstudio("new", root, *(f"--class={name}" for name in CLASSES))
        segstudio("add", root, *(learned or self.learned), *self.masks, "--split", "train")
        if judged:
            segstudio("add", root, *self.judged, *self.masks, "--split", "val")
        return root

    def train(self, root: Path, preset: str = "default") -> dict[str, Any]:
        return segstudio("train", root, "--preset", preset, "--seed", 0, *self.steps)


def curve(root: Path, run: int) -> list[dict[str, Any]]:
    """Return the lines of a run's log without the times."""
    lines = lines_of(root / "runs" / str(run) / "log.jsonl")
    return [{key: value for key, value in line.items() if key != "seconds"} for line in lines]


def network(camvid: CamVid, root: Path) -> tuple[dict[str, float], float]:
    """Train and print the figures; return the IoUs of the last weights and their mean."""
    learned = camvid.train(root)
    kept = segstudio("evaluate", f"{root}:", root, "--split", "val")
    last = curve(root, learned["run"])[-1]
    print(
        f"{learned['network']}, {learned['parameters']:,} parameters: {learned['steps']} steps "
        f"in {learned['seconds']:.0f} s, evaluated in {kept['seconds']:.0f} s"
    )
    print(f"  last weights: mIoU {figure(last['miou'])} (measured while training)")
    print(f"  kept weights: mIoU {figure(kept['miou'])} (chosen by the pictures measured on)")
    return last["iou"], last["miou"]


def baselines(root: Path) -> list[dict[str, Any]]:
    """Measure the simple methods and print their figures."""
    rows: list[dict[str, Any]] = segstudio("study", "baselines", root)["rows"]
    for row in rows:
        print(f"  {row['method']}: mIoU {figure(row['miou'])} in {row['seconds']:.0f} s")
    return rows


def alone(camvid: CamVid) -> None:
    """Train where nothing but the 40 is known; measure on the 101 from outside."""
    root = camvid.project("alone", judged=False)
    learned = camvid.train(root)
    found = segstudio("evaluate", f"{root}:", *camvid.judged, *camvid.masks)
    print(
        f"the 40 alone, every fifth of them held back: {learned['steps']} steps in "
        f"{learned['seconds']:.0f} s: mIoU {figure(found['miou'])} on the {found['images']}"
    )


def whole(camvid: CamVid) -> bool:
    """Train on all of train, measure on val from outside; tell whether the goal is reached."""
    root = camvid.project("whole", judged=False, learned=camvid.pictures("train.txt"))
    learned = camvid.train(root, "long")
    found = segstudio("evaluate", f"{root}:", *camvid.judged, *camvid.masks)
    print(
        f"{learned['network']}, {learned['parameters']:,} parameters: {learned['steps']} steps in "
        f"{learned['seconds']:.0f} s: mIoU {figure(found['miou'])} on the {found['images']}, "
        f"{figure(learned['miou'])} on those held back"
    )
    print(table([{"class": name, "IoU": figure(found["iou"][name])} for name in CLASSES]))
    right = found["miou"] >= WHOLE_GOAL and learned["parameters"] <= MOST_PARAMETERS
    print(f"goal ({WHOLE_GOAL}): {'reached' if right else 'NOT REACHED'}")
    return bool(right)


def twice(camvid: CamVid, root: Path) -> bool:
    """Train once more with the same seed; tell whether losses and figures are the same."""
    first, second = (curve(root, run) for run in (1, camvid.train(root)["run"]))
    same = first == second
    print(f"second run with the same seed: the curve of {len(first)} lines is", end=" ")
    print("the same" if same else "ANOTHER")
    return same


def by_class(iou: dict[str, float], rows: Sequence[dict[str, Any]]) -> str:
    return table(
        [
            {"class": name, "network": figure(iou[name])}
            | {row["method"]: figure(row["iou"][name]) for row in rows}
            for name in CLASSES
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("figures-camvid"))
    parser.add_argument("--steps", type=int, help="for a quick try")
    parser.add_argument("--alone", action="store_true", help="also without the judged pictures")
    parser.add_argument("--twice", action="store_true", help="also compare a second run")
    parser.add_argument("--whole", action="store_true", help="only: all of train, preset long")
    arguments = parser.parse_args()
    camvid = CamVid(Path(os.environ["SEGSTUDIO_DATA"]), arguments.folder, arguments.steps)
    if arguments.whole:
        return 0 if whole(camvid) else 1
    root = camvid.project("camvid", judged=True)
    iou, miou = network(camvid, root)
    rows = baselines(root)
    print(by_class(iou, rows))
    forest = next(row["miou"] for row in rows if row["method"] == "forest")
    right = miou >= GOAL and miou - forest >= ABOVE_FOREST
    print(f"goals (0.45, and {forest + ABOVE_FOREST:.3f}): {'reached' if right else 'NOT REACHED'}")
    if arguments.alone:
        alone(camvid)
    if arguments.twice:
        right = twice(camvid, root) and right
    return 0 if right else 1


if __name__ == "__main__":
    raise SystemExit(main())
