"""Models that come with the program, to begin from."""

import shutil

import pytest

from segstudio.workflows import beginnings
from segstudio.workflows.beginnings import shipped
from segstudio.workflows.choice import choose


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of what comes with the program, to be damaged."""
    made = tmp_path / "models"
    shutil.copytree(beginnings.models_folder(), made)
    monkeypatch.setattr(beginnings, "models_folder", lambda: made)
    return made


def test_the_model_of_facades_suits_the_network_that_it_is():
    (found,) = shipped()
    assert found.name == "facade_fast_scnn"
    assert found.suits(choose("quick"))
    assert found.suits(choose("quick", None, {"dropout": 0.5}))
    assert not found.suits(choose("quick", None, {"width": 0.5}))
    assert not found.suits(choose("default"))


@pytest.mark.parametrize("damage", ["card", "weights", "folder"])
def test_what_is_damaged_is_left_out(folder, damage):
    model = folder / "facade_fast_scnn"
    if damage == "card":
        (model / "card.json").write_text("{}", encoding="utf-8")
    elif damage == "weights":
        (model / "weights.safetensors").unlink()
    else:
        shutil.rmtree(model)
        (folder / "README").write_text("nothing here", encoding="utf-8")
    assert shipped() == []
