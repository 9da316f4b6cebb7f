"""Projects of rendered pictures with all their masks, and terms that take a moment."""

import cv2
import numpy as np
import pytest
import torch

from segstudio.domain.card import Card, CardClass
from segstudio.domain.classes import parse_class
from segstudio.domain.records import Split
from segstudio.domain.task import Quiet
from segstudio.inference.model import Model
from segstudio.learning.export import export
from segstudio.learning.networks.network import networks
from segstudio.learning.trained import Trained
from segstudio.store.project import Project
from segstudio.workflows.add import plan_add
from segstudio.workflows.selection.annotator import Annotator
from segstudio.workflows.selection.arms import terms_of
from segstudio.workflows.selection.material import Material
from segstudio.workflows.shelf import Shelf

COLOURS = np.array([[60, 60, 60], [200, 80, 60], [60, 90, 210]], np.uint8)


def draw(folder, name, seed, open_strip):
    """Write a picture of 64 × 48 pixels and its mask; of some a strip is not in the reference."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((48, 64), np.uint8)
    top, left = (int(v) for v in rng.integers(2, 20, 2))
    mask[top : top + 18, left : left + 20] = 1
    mask[30:, 40:] = 2
    pixels = np.clip(COLOURS[mask] + rng.normal(0, 8, (48, 64, 3)), 0, 255).astype(np.uint8)
    if open_strip:
        mask[:, 48:] = 255
    for place, image in (("pictures", pixels[:, :, ::-1]), ("masks", mask)):
        (folder / place).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / place / f"{name}.png"), image)


def drawn(folder):
    """Make a project of ten pictures to choose from and two to measure on."""
    for n in range(12):
        draw(folder, f"p{n:02}", n, n % 5 == 4)
    classes = [parse_class(name, id) for id, name in enumerate(("ground", "box", "corner"))]
    made = Project.create(folder / "drawn", classes)
    pictures = sorted((folder / "pictures").iterdir())
    for chosen, split in ((pictures[:10], Split.POOL), (pictures[10:], Split.VAL)):
        made.apply(plan_add(made, chosen, Quiet(), split, folder / "masks").edit)
    return made


@pytest.fixture(scope="session")
def pictured(tmp_path_factory):
    made = drawn(tmp_path_factory.mktemp("selection"))
    yield made
    made.close()


@pytest.fixture
def mine(tmp_path):
    """A project of one's own, in ``tmp_path``."""
    made = drawn(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def material(pictured):
    shelf = Shelf()
    yield Material.of(pictured, shelf, Quiet())
    shelf.close()


@pytest.fixture(scope="session")
def values():
    return {
        "rounds": 3, "budget": 4, "side": 16, "held": 1, "steps": 2, "crop": 32, "batch": 2,
        "network": "scale_cnn_s", "base": 4, "augment": ("none",),
    }  # fmt: skip


@pytest.fixture(scope="session")
def terms(values):
    return terms_of(values)


@pytest.fixture(scope="session")
def untrained(material, tmp_path_factory):
    """A network as it was drawn, for the classes of the pictures."""
    torch.manual_seed(0)
    network = networks["fast_scnn"](width=0.25)
    labels = tuple(CardClass.of(label) for label in material.classes)
    card = Card(labels, "fast_scnn", {"network": {"width": 0.25}}, stride=network.stride)
    state = network.build(3, len(labels)).state_dict()
    folder = tmp_path_factory.mktemp("untrained") / "model"
    export(Trained(card, state, 0, 0, 0.0), folder)
    return Model.open(folder, 1)


@pytest.fixture
def person(material):
    return Annotator(material.references)
