"""Which networks of others open, what they have to be told, and do they give sensible masks?

Prints a line for each ``.onnx`` file of the folder ``onnx_models``: what it takes and gives, what
its file says, what had to be said, and what came of it on the one portrait that scikit-image
brings. Those that find people are then compared with what most of them take for the person: no
mask was drawn by hand for it. Nothing is written beside the files.

    python tests/figures/foreign.py [--sheet FILE.png]
"""

import argparse
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from skimage.data import astronaut

from segstudio.cli.console import table
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.inference.facts import Unsaid
from segstudio.inference.model import Model
from segstudio.inference.predict import predict

PEOPLE: dict[str, dict[str, Any]] = {
    "selfie_segmentation": {"scale": "unit"},
    "mediapipe": {"scale": "unit"},
    "prisma_nchw": {"scale": "unit"},
    "deeplab_nchw": {"scale": "signed"},
    "SINet_Softmax": {
        "scale": "raw",
        "order": "bgr",
        "mean": (102.890434, 111.25247, 126.91212),
        "std": (62.93292 * 255, 62.82138 * 255, 66.355705 * 255),
    },
}
"""What the folder's README and the publishers say of the networks that find people."""

PEOPLE["SINet_Softmax_simple"] = PEOPLE["SINet_Softmax"]

BARE = ("dummy_segmentation_models__dummy_model",)
"""Those of which no step of the graph tells what the numbers are, though a person may know."""

OTHERS = {"scale": "unit", "view": "tiles"}
"""What is said of all others where it lacks; classes are numbered."""


def said_of(file: Path, missing: tuple[str, ...], channels: int | None) -> dict[str, Any]:
    """Return what to say of a file whose card lacks some facts."""
    if file.stem in PEOPLE:
        return {"classes": ("background", "person")} | PEOPLE[file.stem]
    said = {"classes": tuple(f"class {n}" for n in range(channels or 2))} | OTHERS
    if file.stem in BARE:
        said["form"] = "logits"
    return {name: said[name] for name in (*missing, "view") if name in said}


def row_of(file: Path, masks: dict[str, Any]) -> dict[str, str]:
    row = {"file": file.stem, "said by the file": "all", "told": "", "outcome": ""}
    said: dict[str, Any] = {}
    try:
        Model.open(file, 1)
    except Unsaid as error:
        said = said_of(file, error.missing, error.channels)
        row["said by the file"] = "all but " + ", ".join(error.missing)
        row["told"] = ", ".join(name for name in said)
    except UserError as error:
        return row | {"said by the file": "–", "told": "–", "outcome": error.message}
    try:
        model = Model.open(file, 1, said=said)
    except UserError as error:
        return row | {"outcome": error.message}
    return row | {"outcome": outcome(model, file.stem, masks)}


def outcome(model: Model, name: str, masks: dict[str, Any]) -> str:
    """Predict the portrait; say how the model sees it and what it finds."""
    pixels = astronaut()[..., : model.card.input.bands]
    height, width = pixels.shape[:2]
    ids, doubt = np.zeros((height, width), np.uint8), np.zeros((height, width), np.float32)
    began = time.perf_counter()

    def read(box: Any) -> Tile:
        return Tile(pixels[box.slices], box)

    for box, found, unsure in predict(model, height, width, read, Quiet(), model.doubts):
        ids[box.slices] = found
        if unsure is not None:
            doubt[box.slices] = unsure
    seconds = time.perf_counter() - began
    card = model.card
    seen = "whole" if model.whole else f"windows of {card.tile + 2 * card.halo}"
    text = f"{card.input.layout}, {card.output.form}, {seen}: "
    if name in PEOPLE:
        masks[name] = ids
        text += f"person {np.mean(ids == 1):.0%}, "
    return f"{text}{len(card.classes)} classes, doubt {doubt.mean():.2f}, {seconds:.2f} s"


def sheet(masks: dict[str, Any], path: Path) -> None:
    import cv2

    tiles = [astronaut()[:, :, ::-1].copy() for _ in masks]
    for tile, ids in zip(tiles, masks.values(), strict=True):
        tile[ids == 1] = tile[ids == 1] // 2 + np.array([0, 0, 127], np.uint8)
    cv2.imwrite(str(path), cv2.resize(np.hstack(tiles), None, fx=0.5, fy=0.5))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sheet", type=Path, help="draw the masks of the portrait there")
    arguments = parser.parse_args()
    masks: dict[str, Any] = {}
    folder = Path(os.environ["SEGSTUDIO_DATA"], "onnx_models")
    print(table([row_of(file, masks) for file in sorted(folder.rglob("*.onnx"))]))
    agreed = sum(m == 1 for m in masks.values()) * 2 > len(masks)
    for name, ids in masks.items():
        both = np.sum((ids == 1) & agreed) / np.sum((ids == 1) | agreed)
        print(f"{name}: IoU {both:.2f} with what most of them take for the person")
    if arguments.sheet:
        sheet(masks, arguments.sheet)
    return 0 if len(masks) == len(PEOPLE) else 1


if __name__ == "__main__":
    raise SystemExit(main())
