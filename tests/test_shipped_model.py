"""The model that comes with the program: whole, small, at home nowhere, and as good as it says."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segstudio.cli.main import run
from segstudio.domain.metrics import Confusion
from segstudio.resources import models_folder
from segstudio.scenes.scene import scenes
from segstudio.workflows.sample import render

NAME = "facade_fast_scnn"
FRESH_SEED, FRESH = 1, 6
"""Pictures that are neither among those learned from nor among those of its card."""

LEAST = 0.55
"""Measured on them: 0.61."""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with freshly rendered ``pictures/`` and their exact ``reference/``."""
    folder = tmp_path_factory.mktemp("fresh")
    for index in range(FRESH):
        render(scenes["facade"], FRESH_SEED, index, folder)
    return folder


def test_it_predicts_pictures_that_nobody_has_seen(fresh: Path, tmp_path: Path) -> None:
    assert run(["predict", NAME, str(fresh / "pictures"), "-o", str(tmp_path)]) == 0
    confusion = Confusion(tuple(label.id for label in scenes["facade"].classes))
    for path in sorted((fresh / "reference").glob("*.png")):
        with Image.open(path) as reference, Image.open(tmp_path / path.name) as predicted:
            confusion.add(np.asarray(reference), np.asarray(predicted))
    assert confusion.counts.sum() == FRESH * 480 * 640
    assert (confusion.miou or 0) > LEAST


def test_its_card_names_the_classes_of_the_scene() -> None:
    card = json.loads((models_folder() / NAME / "card.json").read_text(encoding="utf-8"))
    named = [(c["id"], c["name"], tuple(c["colour"])) for c in card["classes"]]
    assert named == [(c.id, c.name, c.colour) for c in scenes["facade"].classes]
    assert card["network"] == "fast_scnn"
    assert card["metrics"]["miou"] > LEAST
    assert card["largest_difference"] < 1e-3


def test_it_is_small_and_names_no_place() -> None:
    files = {path.name: path for path in (models_folder() / NAME).iterdir()}
    assert set(files) == {"model.onnx", "weights.safetensors", "card.json"}
    assert files["model.onnx"].stat().st_size < 6_000_000
    assert sum(path.stat().st_size for path in files.values()) < 10_000_000
    for path in files.values():
        content = path.read_bytes()
        for place in (b"/home/", b"/tmp/", b"/root/", b"/Users/", b"\\Users\\"):
            assert place not in content, f"{path.name} names {place!r}"
