"""Which classical method is best on real pictures, and does the pixel forest win?

Every method of the program on four sets: cells, facades, satellite pictures and streets. The
protocol is that of ``segstudio study methods`` with seed 0: 5 pictures of the set's ``train.txt``
at random; pixel classifiers see 200 random pixels of each class of them; methods without strokes
are fitted to the same 5 together and get the best class for each of their regions there; methods
that need strokes on the picture itself get 200 random pixels of each class of each picture that
they are measured on, and stand apart. All are measured at full size on all of ``val.txt``.

Goal: the pixel forest is better than every method without strokes on each of the four.

Nothing is chosen by the pictures of val. For choosing settings there is ``--tune``: it takes the
pictures of ``train.txt`` alone, learns from one half of them and measures on the other.

    python tests/figures/classical.py [--folder DIR] [--set NAME]… [--most N] [--seed N]
                                      [--method NAME]… [--tune]
"""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command import segstudio

from segstudio.cli.console import figure, table
from segstudio.methods.segmenter import segmenters
from segstudio.settings import build
from segstudio.workflows.study_candidates import told_settings

FOREST = "pixel_forest"


@dataclass(frozen=True)
class Set:
    """A set of pictures: its classes in the order of their ids, and an id that is left out."""

    classes: tuple[str, ...]
    suffix: str = ".png"
    ignore: int | None = None


SETS = {
    "nuclei_dsb2018": Set(("background", "nucleus")),
    "facade_street": Set(
        (
            "background", "balcony", "car", "facade", "fence", "infrastructure", "shop", "street",
            "traffic", "vegetation", "window",
        ),
        ".jpg",
    ),
    "sentinel2_india": Set(("undefined", "builtup", "vegetation", "water"), ignore=0),
    "camvid": Set(
        (
            "sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car",
            "pedestrian", "bicyclist",
        ),
        ".jpg", 11,
    ),
}  # fmt: skip


def parts(folder: Path, tune: bool) -> dict[str, list[str]]:
    """Return the names of the pictures of a set by their split."""
    names = {
        split: (folder / f"{split}.txt").read_text(encoding="utf-8").split()
        for split in ("train", "val")
    }
    train = names["train"]
    return {"train": train[::2], "val": train[1::2]} if tune else names


def project(name: str, data: Path, folder: Path, tune: bool) -> Path:
    """Make a project of a set, with its own splits or for choosing settings."""
    found, root = SETS[name], folder / f"{name}{'-tune' if tune else ''}.segstudio"
    if root.exists():
        return root
    segstudio("new", root, *(f"--class={name}" for name in found.classes))
    masks: list[object] = ["--masks", data / name / "masks"]
    if found.ignore is not None:
        masks += ["--ignore", found.ignore]
    for split, stems in parts(data / name, tune).items():
        pictures = [data / name / "images" / f"{stem}{found.suffix}" for stem in stems]
        segstudio("add", root, *pictures, *masks, "--split", split)
    return root


def named(row: dict[str, Any]) -> str:
    """Return a method with those of its settings that are not the defaults."""
    changed = told_settings(build(segmenters[row["method"]], row["settings"]))
    return " ".join([row["method"], *(f"{key}={value}" for key, value in changed.items())])


def show(name: str, found: dict[str, Any]) -> bool:
    """Print the tables of a set; tell whether the forest is better than all without strokes."""
    print(
        f"\n{name}: {found['images']} pictures of val, learned from {len(found['learned'])} of "
        f"train ({', '.join(found['learned'])}); the study took {found['seconds']:.0f} s"
    )
    groups = (
        ("none", "without strokes: fitted to the same pictures, classes from their masks"),
        ("project", f"{found['pixels']} pixels of each class of these pictures"),
        ("picture", f"{found['pixels']} pixels of each class of each measured picture itself"),
    )
    for seeds, title in groups:
        rows = [row for row in found["rows"] if row["seeds"] == seeds]
        print(f"\n{title}\n{figures([row for row in rows if row['miou'] is not None])}")
        for row in rows:
            if row["reason"]:
                refused = f"{row['refused']} pictures refused: " if row["refused"] else ""
                print(f"{named(row)}: {refused}{row['reason']}")
    return judged(found["rows"])


def figures(rows: Sequence[dict[str, Any]]) -> str:
    return table(
        [
            {
                "method": named(row),
                "mIoU": figure(row["miou"]),
                "s/Mpx": f"{row['seconds_per_megapixel']:.3f}",
                **{name: figure(value) for name, value in row["iou"].items()},
            }
            for row in rows
        ]
    )


def judged(rows: Sequence[dict[str, Any]]) -> bool:
    """Say how far the forest is from the best without strokes."""
    forest = [row["miou"] for row in rows if row["method"] == FOREST and row["miou"] is not None]
    others = [row for row in rows if row["seeds"] == "none" and row["miou"] is not None]
    if not forest or not others:
        print("\nthere is nothing to compare the forest with, or no forest")
        return False
    best = max(others, key=lambda row: row["miou"])
    better: bool = max(forest) > best["miou"]
    print(
        f"\ngoal: {FOREST} {figure(max(forest))}, best without strokes {figure(best['miou'])} "
        f"({named(best)}): {'reached' if better else 'NOT REACHED'}"
    )
    return better


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("figures-classical"))
    parser.add_argument("--set", action="append", choices=list(SETS), help="only this one")
    parser.add_argument("--most", type=int, help="pictures measured on, for a quick try")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--method", action="append", help="only this one")
    parser.add_argument("--tune", action="store_true", help="without the pictures of val")
    arguments = parser.parse_args()
    data, folder = Path(os.environ["SEGSTUDIO_DATA"]), arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    words: list[object] = ["--seed", arguments.seed]
    words += [] if arguments.most is None else ["--most", arguments.most]
    words += [word for method in arguments.method or () for word in ("--method", method)]
    right = True
    for name in arguments.set or SETS:
        root = project(name, data, folder, arguments.tune)
        found = segstudio("study", "methods", root, *words)
        root.with_suffix(".json").write_text(json.dumps(found, indent=1), encoding="utf-8")
        right = show(name, found) and right
    return 0 if right else 1


if __name__ == "__main__":
    raise SystemExit(main())
