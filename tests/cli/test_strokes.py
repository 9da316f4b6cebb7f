"""Segmenting by strokes from the command line: of each picture, or of all of them."""

import numpy as np
import pytest
from PIL import Image

from segstudio.domain.draft import Draft
from segstudio.domain.geometry import Box
from segstudio.store.project import Project


def mask_of(project, name):
    with Image.open(project / "masks" / f"{name}.png") as mask:
        return np.asarray(mask)


def paint(root, name, *places):
    """Paint little squares of classes, as a person does."""
    project = Project.open(root)
    image = next(image for image in project.images() if image.name == f"{name}.png")
    draft = Draft(image.id, project.layers(image))
    for top, left, id in places:
        box = Box(top, left, top + 4, left + 4)
        draft.paint(box, np.ones(box.shape, bool), id)
    project.apply(draft.finish("Brush"))
    project.close()


def truth_of(shapes, name):
    """Return the classes of a picture's pixels by their colours."""
    with Image.open(shapes / "pictures" / f"{name}.png") as picture:
        pixels = np.asarray(picture).astype(int)
    colours = np.array([[60, 60, 60], [200, 80, 60], [60, 90, 210]])
    return np.argmin([((pixels - colour) ** 2).sum(2) for colour in colours], 0)


@pytest.mark.parametrize("method", ["watershed_strokes", "graph_cut", "random_walker"])
def test_strokes_on_a_picture_become_its_mask_and_others_are_left_out(cli, project, shapes, method):
    truth = truth_of(shapes, "p5")
    places = [(2, 2, 0)]
    for id in (1, 2):
        rows, columns = np.nonzero(truth == id)
        places.append((int(np.median(rows)) - 2, int(np.median(columns)) - 2, id))
    paint(project, "p5", *places)
    values = cli.json("segment", project, "--method", method, "--accept", code=3)
    assert (values["images"], values["written"]) == (1, 1)
    (left_out,) = values["failed"]
    assert left_out["path"].endswith("p6.png")
    assert left_out["reason"] == "there is no stroke on this picture"
    assert (mask_of(project, "p5") == truth).mean() > 0.97


def test_strokes_of_all_pictures_teach_one_that_has_none(cli, project, shapes):
    words = ("--method", "pixel_forest", "--accept")
    assert cli.json("segment", project, "p6", *words)["written"] == 1
    assert (mask_of(project, "p6") == truth_of(shapes, "p6")).mean() > 0.97


def test_without_a_project_there_are_no_strokes(cli, shapes, tmp_path):
    for method in ("random_walker", "pixel_forest"):
        words = ("segment", shapes / "pictures", "--method", method, "-o", tmp_path / "out")
        assert cli(*words) == 2
        assert "learns from strokes that are painted in a project" in cli.err
        assert not (tmp_path / "out").exists()


def test_a_project_without_any_stroke_is_told_so(cli, shapes):
    assert cli("new", shapes / "bare", "--class", "a", "--class", "b") == 0
    assert cli("add", shapes / "bare", shapes / "pictures") == 0
    assert cli("segment", shapes / "bare", "--method", "pixel_forest") == 2
    assert "stroke" in cli.err
    values = cli.json("segment", shapes / "bare", "--method", "graph_cut", code=3)
    assert (values["written"], len(values["failed"])) == (0, 6)
