import numpy as np
import pytest
from PIL import Image


def mirrored(project, name):
    with Image.open(project / "masks" / f"{name}.png") as mask:
        return np.asarray(mask)


def test_cleans_up_all_or_those_that_are_named(cli, project):
    before = mirrored(project, "p2")
    step = ("--step", "erode:radius=2,classes=1")
    assert cli.json("clean", project, "p1", *step) == {"images": 1, "changed": 1}
    assert (mirrored(project, "p2") == before).all()
    assert cli.json("clean", project, *step) == {"images": 6, "changed": 4}
    assert (mirrored(project, "p2") == 1).sum() < (before == 1).sum()


def test_steps_follow_one_another(cli, project):
    steps = ("--step", "erode:radius=2,classes=1", "--step", "fill_rest:class_id=2")
    assert cli.json("clean", project, "p1", *steps)["changed"] == 1
    assert 255 not in mirrored(project, "p1")
    assert cli.json("clean", project, "p1", "--step", "fill_rest")["changed"] == 0


def test_people_are_told_how_many_changed(cli, project):
    assert cli("clean", project, "--step", "erode") == 0
    assert cli.out == "cleaned up 6 pictures: 4 changed\n"


@pytest.mark.parametrize(
    "words",
    [
        ["shapes.segstudio"],
        ["shapes.segstudio", "--step", "bogus"],
        ["shapes.segstudio", "--step", "smooth:radius=0"],
        ["shapes.segstudio", "--step", "fill_rest:class_id=9"],
        ["shapes.segstudio", "p99", "--step", "smooth"],
        ["nowhere", "--step", "smooth"],
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_done(cli, project, shapes, monkeypatch, words):
    monkeypatch.chdir(shapes)
    before = mirrored(project, "p1")
    assert cli("clean", *words) == 2
    assert "hint: " in cli.err
    assert (mirrored(project, "p1") == before).all()
