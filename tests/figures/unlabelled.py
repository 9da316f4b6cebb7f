"""Does a teacher help where few pictures are labelled? CamVid, 12 with labels and 100 without.

    SEGSTUDIO_DATA=… python tests/figures/unlabelled.py [--folder DIR] [--steps N] [--seeds N]

The pictures are drawn evenly from the train part; val is only what is measured on, from outside,
so that nothing was chosen by it. Each seed trains twice with the same steps: from labels alone,
and with as many crops without labels as with, whatever else is as by default.
"""

import argparse
import os
import sys
from pathlib import Path
from statistics import mean, stdev

from camvid import CLASSES, CamVid
from command import segstudio

LABELLED, UNLABELLED = 12, 100
ARMS = {"labels alone": 0, "with a teacher": 1}


def project(camvid: CamVid) -> Path:
    """Make a project of pictures with labels and more without."""
    pictures = camvid.pictures("train.txt")
    learned = pictures[:: len(pictures) // LABELLED][:LABELLED]
    rest = [picture for picture in pictures if picture not in learned]
    root = camvid.folder / "unlabelled.segstudio"
    segstudio("new", root, *(f"--class={name}" for name in CLASSES))
    segstudio("add", root, *learned, *camvid.masks, "--split", "train")
    segstudio("add", root, *rest[:: len(rest) // UNLABELLED][:UNLABELLED])
    return root


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("figures-unlabelled"))
    parser.add_argument("--network", default="fast_scnn")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", action="append", default=[], help="for both, as in segstudio")
    arguments = parser.parse_args()
    camvid = CamVid(Path(os.environ["SEGSTUDIO_DATA"]), arguments.folder, arguments.steps)
    root = project(camvid)
    same = ["--network", arguments.network, "--steps", arguments.steps]
    same += [word for text in arguments.set for word in ("--set", text)]
    found: dict[str, list[float]] = {name: [] for name in ARMS}
    for seed in range(arguments.seeds):
        for name, crops in ARMS.items():
            run = segstudio("train", root, *same, "--seed", seed, "--set", f"unlabelled={crops}")
            judged = segstudio("evaluate", f"{root}:", *camvid.judged, *camvid.masks)
            found[name].append(judged["miou"])
            print(
                f"seed {seed}, {name}: mIoU {judged['miou']:.3f} on the {judged['images']}, "
                f"trained in {run['seconds']:.0f} s",
                flush=True,
            )
    for name, values in found.items():
        spread = f" ± {stdev(values):.3f}" if len(values) > 1 else ""
        print(f"{name}: mIoU {mean(values):.3f}{spread} over {len(values)} seeds")
    gains = [b - a for a, b in zip(*found.values(), strict=True)]
    print(f"the teacher's gain: {', '.join(f'{gain:+.3f}' for gain in gains)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
