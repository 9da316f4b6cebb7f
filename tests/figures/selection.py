"""Does the recommended order of labelling beat class-aware random? Five sets of pictures.

Settings are chosen on CamVid alone; the others judge: Sentinel-2 cut to tiles of 256 (undefined
ground is left out, the dark numbers are stretched), facades cut to tiles of 512 and halved, cells,
and rendered satellite pictures. Learned from are the pictures of ``train.txt``, measured on those
of ``val.txt``. The judged arms are made on all sets, every arm on CamVid.

    python tests/figures/selection.py [--folder DIR] [--shard I/N] [--device cpu] [--seeds 10]
                                      [--rounds 5] [--steps N] [--only SET] [--set FIELD=VALUE]
                                      [--weights MODEL]

All begin from the weights of the model that comes with the program, which has learned from rendered
facades alone. Shards on one machine want OMP_NUM_THREADS=1. Without --shard what is missing is
made, and the page is written: after all shards that takes a moment.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from camvid import CLASSES as STREET
from command import segstudio
from numpy.typing import NDArray
from PIL import Image

from segstudio.cli.console import table
from segstudio.domain.classes import UNLABELLED
from segstudio.scenes.scene import scenes
from segstudio.workflows.sample import render

ARMS = "judged,full,camvid:all"
TUNED = "camvid"
WEIGHTS = "facade_fast_scnn"

LAND = ("builtup", "vegetation", "water")
CELLS = ("background", "nucleus")
FACADE = (
    "background", "balcony-fence", "car", "facade", "fence", "non-building", "shop", "street",
    "traffic", "vegetation", "window",
)  # fmt: skip
RENDERED = 40
"""Satellite pictures to choose from; a quarter as many are measured on."""

Array = NDArray[np.uint8]

Found = tuple[dict[str, list[Path]], Path]
"""The pictures of each split, and the folder of their masks."""


class Sets:
    """Makes the projects, each once."""

    def __init__(self, data: Path, folder: Path) -> None:
        self.data, self.folder = data, folder

    def camvid(self) -> Path:
        masks = self.data / "camvid" / "masks"
        return self._project("camvid", STREET, lambda: (self._files("camvid", ".jpg"), masks), 11)

    def nuclei(self) -> Path:
        name = "nuclei_dsb2018"
        masks = self.data / name / "masks"
        return self._project("nuclei", CELLS, lambda: (self._files(name, ".png"), masks))

    def sentinel2(self) -> Path:
        cut = Cut(256, 1, stretched=True, undefined=True)
        return self._project("sentinel2", LAND, lambda: self._cut("sentinel2_india", ".png", cut))

    def facades(self) -> Path:
        cut = Cut(512, 2)
        return self._project("facades", FACADE, lambda: self._cut("facade_street", ".jpg", cut))

    def satellite(self) -> Path:
        names = [label.name for label in scenes["satellite"].classes]
        return self._project("satellite", names, self._rendered)

    def _rendered(self) -> Found:
        place, count = self.folder / "satellite", RENDERED + RENDERED // 4
        files = [render(scenes["satellite"], 0, index, place) for index in range(count)]
        split = {"train": files[:RENDERED], "val": files[RENDERED:]}
        return split, place / "reference"

    def _files(self, name: str, suffix: str) -> dict[str, list[Path]]:
        return {
            split: [
                self.data / name / "images" / f"{stem}{suffix}"
                for stem in (self.data / name / f"{split}.txt").read_text("utf-8").split()
            ]
            for split in ("train", "val")
        }

    def _cut(self, source: str, suffix: str, cut: "Cut") -> Found:
        """Cut pictures and masks into tiles, and write them beside the projects."""
        place = self.folder / source
        for kind in ("pictures", "masks"):
            (place / kind).mkdir(parents=True, exist_ok=True)
        found: dict[str, list[Path]] = {}
        for split, pictures in self._files(source, suffix).items():
            found[split] = []
            for path in pictures:
                mask = self.data / source / "masks" / f"{path.stem}.png"
                for name, pixels, ids in cut.tiles(path, mask):
                    Image.fromarray(pixels).save(place / "pictures" / name)
                    Image.fromarray(ids).save(place / "masks" / name)
                    found[split].append(place / "pictures" / name)
        return found, place / "masks"

    def _project(
        self,
        name: str,
        classes: Sequence[str],
        find: Callable[[], Found],
        ignore: int | None = None,
    ) -> Path:
        root = self.folder / f"{name}.segstudio"
        if root.exists():
            return root
        files, masks = find()
        segstudio("new", root, *(f"--class={label}" for label in classes))
        more = () if ignore is None else ("--ignore", ignore)
        for split in ("train", "val"):
            segstudio("add", root, *files[split], "--masks", masks, *more, "--split", split)
        return root


@dataclass(frozen=True)
class Cut:
    """How pictures become tiles of ``side``, which are made smaller by ``by``.

    ``stretched`` makes dark pictures light; ``undefined`` says that 0 is no class: the others
    count from 0 then, and tiles that hold less than a tenth of them are left out.
    """

    side: int
    by: int
    stretched: bool = False
    undefined: bool = False

    def tiles(self, path: Path, mask: Path) -> Iterator[tuple[str, Array, Array]]:
        """Yield the whole tiles of a picture: name, pixels and class ids."""
        pixels = np.asarray(Image.open(path).convert("RGB"))
        ids = np.asarray(Image.open(mask))
        if self.stretched:
            low, high = np.percentile(pixels, [1, 99])
            pixels = np.clip((pixels - low) / (high - low) * 255, 0, 255).astype(np.uint8)
        if self.undefined:
            ids = np.where(ids == 0, UNLABELLED, ids - 1).astype(np.uint8)
        small = (self.side // self.by, self.side // self.by)
        for top in range(0, ids.shape[0] - self.side + 1, self.side):
            for left in range(0, ids.shape[1] - self.side + 1, self.side):
                part = np.s_[top : top + self.side, left : left + self.side]
                if self.undefined and (ids[part] != UNLABELLED).mean() < 0.1:
                    continue
                piece = Image.fromarray(pixels[part]).resize(small, Image.Resampling.BOX)
                labels = Image.fromarray(ids[part]).resize(small, Image.Resampling.NEAREST)
                yield f"{path.stem}-{top}-{left}.png", np.asarray(piece), np.asarray(labels)


def study(roots: Sequence[Path], arguments: argparse.Namespace) -> Any:
    page = arguments.folder / "selection.html"
    words: list[object] = ["study", "selection", *roots, "--arms", arguments.arms, "-o", page]
    words += ["--device", arguments.device, "--seeds", arguments.seeds]
    for name in ("rounds", "steps", "weights", "shard"):
        value = getattr(arguments, name)
        words += [] if value is None else [f"--{name}", value]
    for setting in arguments.settings:
        words += ["--set", setting]
    words += ["--tuned", TUNED] if TUNED in {root.stem for root in roots} else []
    return segstudio(*words)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("figures-selection"))
    parser.add_argument("--shard", metavar="I/N")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--only", action="append", metavar="SET", help="repeatable")
    parser.add_argument("--weights", default=WEIGHTS)
    parser.add_argument("--set", dest="settings", action="append", default=[])
    parser.add_argument("--arms", default=ARMS)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    sets = Sets(Path(os.environ["SEGSTUDIO_DATA"]), arguments.folder)
    names = arguments.only or ["camvid", "sentinel2", "facades", "nuclei", "satellite"]
    roots = [getattr(sets, name)() for name in names]
    found = study(roots, arguments)
    print(table([{k: row[k] for k in ("set", "arm", "seeds", "area", "miou", "worst",
                                      "iou_variance", "labelled", "of_full", "time_ratio")}
                 for row in found["rows"]]))  # fmt: skip
    print(table([{name: value for name, value in v.items()} for v in found["verdicts"]]))
    for wanted, reached in found["goals"].items():
        print(f"{wanted}: {reached}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
