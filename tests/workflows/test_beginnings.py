"""Weights to begin from: those that come with the program, and those of a run before."""

import shutil
from dataclasses import replace

import pytest

from segstudio.workflows import beginnings
from segstudio.workflows.beginnings import choice_again, settings_of_run, shipped
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


def test_a_run_can_be_taken_again_with_its_settings(trained):
    choice = choice_again(trained, trained.runs()[0])
    assert choice.training.steps == 4
    assert choice.network["width"] == 0.25
    assert choice.weights is None


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ("models/facade_fast_scnn", "facade_fast_scnn"),
        ("runs/1/model", "run 1"),
        ("../street.pth", "../street.pth"),
        ("street.pth", "./street.pth"),
        ("../models/street", "../models/street"),
    ],
)
def test_a_run_writes_down_what_it_began_from(trained, place, written):
    here = trained.run_folder(1).parents[1]
    shipped_ones = beginnings.models_folder()
    weights = shipped_ones / "facade_fast_scnn" if place.startswith("models") else here / place
    settings = settings_of_run(trained, replace(choose("quick"), weights=weights, careful=True))
    assert settings["weights"] == written
    run = trained.new_run("train", "fast_scnn", settings)
    again = choice_again(trained, run)
    assert again.weights.resolve() == weights.resolve()
    assert not again.careful


@pytest.mark.parametrize("text", [None, "", "model", "street.pth", "run x", "facade"])
def test_a_name_alone_as_older_versions_wrote_it_is_left_out(trained, text):
    run = trained.new_run("train", "fast_scnn", choose("quick").to_json() | {"weights": text})
    assert choice_again(trained, run).weights is None


def test_a_project_that_was_moved_finds_its_own_weights(trained, tmp_path):
    from segstudio.store.project import Project

    weights = trained.run_folder(1) / "model"
    settings = settings_of_run(trained, replace(choose("quick"), weights=weights))
    trained.new_run("train", "fast_scnn", settings)
    trained.close()
    moved = tmp_path / "elsewhere"
    shutil.move(trained.root, moved)
    project = Project.open(moved)
    assert choice_again(project, project.runs()[0]).weights == moved / "runs" / "1" / "model"
    project.close()


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
