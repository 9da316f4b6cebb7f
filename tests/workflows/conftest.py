"""Tiny pictures of coloured shapes with their masks, and a project of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from segstudio.domain.classes import parse_class
from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, Split
from segstudio.domain.task import Quiet
from segstudio.store.project import Project
from segstudio.workflows.add import plan_add

COLOURS = np.array([[60, 60, 60], [200, 80, 60], [60, 90, 210]], np.uint8)


def draw(folder: Path, name: str, seed: int, masks: Path | None = None) -> Path:
    """Write a picture of 96 × 64 pixels with a red box and a blue disc, and its mask."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((64, 96), np.uint8)
    left, top = (int(v) for v in rng.integers(4, 30, 2))
    cv2.rectangle(mask, (left, top), (left + 24, top + 18), 1, -1)
    cv2.circle(mask, (70, top + 14), 12, 2, -1)
    pixels = np.clip(COLOURS[mask] + rng.normal(0, 8, (64, 96, 3)), 0, 255).astype(np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    cv2.imwrite(str(path), pixels[:, :, ::-1])
    if masks is not None:
        masks.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(masks / f"{path.stem}.png"), mask)
    return path


TINY = {"width": 0.25, "crop": 64, "batch": 2, "evaluations": 2, "steps": 4}
"""Settings of a training that takes a moment and learns nothing."""


def write_shapes(folder: Path) -> None:
    for n in range(1, 7):
        draw(folder / "pictures", f"p{n}.png", n, folder / "masks" if n <= 4 else None)


def make_project(folder: Path) -> Project:
    classes = [parse_class(name, id) for id, name in enumerate(("ground", "box", "disc"))]
    made = Project.create(folder / "shapes", classes)
    pictures, masks = folder / "pictures", folder / "masks"
    made.apply(plan_add(made, [pictures / "p4.png"], Quiet(), Split.VAL, masks).edit)
    made.apply(plan_add(made, [pictures], Quiet(), Split.POOL, masks).edit)
    return made


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """A folder with ``pictures/`` p1…p6 and ``masks/`` of the first four."""
    write_shapes(tmp_path)
    return tmp_path


@pytest.fixture
def project(shapes: Path) -> Iterator[Project]:
    """A project of the six pictures; four are labelled, p4 is val."""
    made = make_project(shapes)
    yield made
    made.close()


@pytest.fixture(scope="session")
def trained_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ``shapes``, with the project and one run in it; copied before it is changed."""
    from segstudio.workflows.choice import choose
    from segstudio.workflows.train import train

    folder = tmp_path_factory.mktemp("trained")
    write_shapes(folder)
    made = make_project(folder)
    train(made, choose("quick", None, TINY), Quiet())
    made.close()
    return folder


@pytest.fixture
def trained(trained_folder: Path, tmp_path: Path) -> Iterator[Project]:
    """A project whose model in use is that of run 1; its pictures lie beside it."""
    folder = tmp_path / "copy"
    shutil.copytree(trained_folder, folder)
    made = Project.open(folder / "shapes.segstudio")
    yield made
    made.close()


@pytest.fixture
def asked(trained: Project) -> tuple[Project, int, int]:
    """The queue has asked for both halves of p5 and one of p6, not all of them by lot."""
    left, right = Box(0, 0, 64, 48), Box(0, 48, 64, 96)
    id = {image.name: image.id for image in trained.images()}
    items = [QueueItem(id["p5.png"], 0.5, "recommended", left, by_lot=True),
             QueueItem(id["p5.png"], 0.5, "recommended", right),
             QueueItem(id["p6.png"], 0.5, "recommended", right, by_lot=True)]  # fmt: skip
    trained.set_queue(items).result()
    return trained, id["p5.png"], id["p6.png"]


@pytest.fixture
def tiny() -> dict[str, object]:
    return dict(TINY)
