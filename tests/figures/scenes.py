"""Are the sample scenes hard for colours and learnable for a network, without being trivial?

Of each scene 100 pictures are learned from and 40 others measured on. k-means with the best
assignment of clusters to classes must stay at least 20 points of mIoU below fast_scnn, and that
below 0.95. The network is measured as it is after its last step: no picture of the 40 had a say.

    python tests/figures/scenes.py [facade] [satellite] [--folder DIR] [--steps N] [--ship DIR]
"""

import argparse
import shutil
from pathlib import Path

from command import segstudio

from segstudio.domain.classes import hex_of
from segstudio.domain.task import Quiet
from segstudio.scenes.scene import scenes
from segstudio.store.project import Project
from segstudio.workflows.baselines import clusters
from segstudio.workflows.compare import labelled
from segstudio.workflows.models import in_use
from segstudio.workflows.sample import render

LEARNED, HELD = 100, 40
CLUSTERS = (4, 6, 8, 12, 16, 20)
TRAINING = (
    "learning_rate=0.004", "batch=4", "crop=256", "zoom=1.5", "colour=0.2", "evaluations=1",
)  # fmt: skip
"""All that matters, so that other defaults do not change the figures."""

OWN = {"satellite": ("turn=true",)}
"""Pictures from above have no up."""

ABOVE_COLOURS, TOO_EASY = 0.20, 0.95


def project_of(scene: str, folder: Path) -> Path:
    """Render the pictures and put them into a project; keep one that is there."""
    root = folder / f"{scene}.segstudio"
    if root.exists():
        return root
    for index in range(LEARNED + HELD):
        render(scenes[scene], 0, index, folder / scene / ("train" if index < LEARNED else "val"))
    classes = [f"--class={label.name}:{hex_of(label.colour)}" for label in scenes[scene].classes]
    segstudio("new", root, *classes)
    for split in ("train", "val"):
        place = folder / scene / split
        masks = ("--masks", place / "reference", "--split", split)
        segstudio("add", root, place / "pictures", *masks)
    return root


def best_clusters(root: Path) -> tuple[int, float]:
    """Return the number of clusters with the highest mIoU on the pictures held back."""
    from segstudio.methods.builtin.kmeans import KMeans

    project = Project.open(root, write=False)
    try:
        with labelled(project) as (learned, held):
            ids = tuple(label.id for label in project.classes())
            found = {
                number: clusters(KMeans(number, "lab"), learned, held, ids, Quiet()).miou or 0.0
                for number in CLUSTERS
            }
    finally:
        project.close()
    print("  k-means by clusters:", ", ".join(f"{k}: {value:.3f}" for k, value in found.items()))
    return max(found.items(), key=lambda item: item[1])


def measure(scene: str, folder: Path, steps: int) -> bool:
    """Print the figures of one scene; tell whether they are as they must be."""
    root = project_of(scene, folder)
    settings = [f"--set={setting}" for setting in (*TRAINING, *OWN.get(scene, ()))]
    network = ("--network", "fast_scnn", "--steps", steps, "--seed", 0)
    learned = segstudio("train", root, *network, *settings)
    measured = segstudio("evaluate", f"{root}:", root, "--split", "val")
    print(f"{scene}: {LEARNED} pictures learned from, {HELD} others measured on")
    print(f"  fast_scnn, {steps} steps in {learned['seconds']:.0f} s: mIoU {measured['miou']:.3f}")
    for name, value in measured["iou"].items():
        print(f"    {name:<16} {value:.3f}")
    number, colours = best_clusters(root)
    miou = float(measured["miou"])
    apart, hard = miou - colours >= ABOVE_COLOURS, miou < TOO_EASY
    print(f"  best k-means ({number}) {colours:.3f}, {miou - colours:.3f} below the network")
    print(f"  20 points apart: {'yes' if apart else 'NO'}; below 0.95: {'yes' if hard else 'NO'}")
    return apart and hard


def ship(scene: str, folder: Path, models: Path) -> None:
    """Copy the bundle that was measured last to where the program looks for models."""
    project = Project.open(folder / f"{scene}.segstudio", write=False)
    try:
        bundle = in_use(project).path
    finally:
        project.close()
    target = models / f"{scene}_fast_scnn"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in bundle.iterdir():
        shutil.copyfile(file, target / file.name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenes", nargs="*", default=["facade", "satellite"])
    parser.add_argument("--folder", type=Path, default=Path("figures-scenes"))
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--ship", type=Path, metavar="DIR", help="copy the bundles there")
    arguments = parser.parse_args()
    right = [measure(name, arguments.folder, arguments.steps) for name in arguments.scenes]
    if arguments.ship is not None:
        for name in arguments.scenes:
            ship(name, arguments.folder, arguments.ship)
    return 0 if all(right) else 1


if __name__ == "__main__":
    raise SystemExit(main())
