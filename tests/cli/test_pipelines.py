import numpy as np
import pytest
from PIL import Image

NEAT = ("--method", "kmeans", "--set", "clusters=3", "--clean", "remove_specks:smaller_than=30")


def colours(path):
    with Image.open(path) as mask:
        return sorted(np.asarray(mask).ravel().tolist())


def test_a_pipeline_is_saved_used_shown_and_deleted(cli, project):
    saved = cli.json("segment", project, "p5", *NEAT, "--map", "0=disc", "--save-as", "Neat")
    assert (saved["images"], saved["written"]) == (1, 1)
    (row,) = cli.json("list", "pipelines", project)["rows"]
    assert (row["name"], row["method"], row["cleanups"]) == ("Neat", "kmeans", ["remove_specks"])
    assert (row["settings"]["clusters"], row["places"]) == (3, {"0": 2})
    assert cli.json("segment", project, "p6", "--pipeline", "neat", "--accept")["written"] == 1
    assert set(colours(project / "masks" / "p6.png")) <= {1, 2}
    assert cli.json("pipelines", project)["pipelines"] == [row]
    assert cli("pipelines", project, "--delete", "nest") == 2
    assert "hint: did you mean Neat?" in cli.err
    assert cli.json("pipelines", project, "--delete", "neat")["pipelines"] == []


def test_files_are_cleaned_up_too(cli, shapes, tmp_path):
    kmeans = ("segment", shapes / "pictures" / "p1.png", "--method", "kmeans")
    assert cli(*kmeans, "-o", tmp_path / "raw") == 0
    assert cli(*kmeans, "-o", tmp_path / "full", "--clean", "remove_specks:smaller_than=200") == 0
    raw, full = (colours(tmp_path / name / "p1.png") for name in ("raw", "full"))
    assert len(raw) == len(full)
    assert raw != full


def test_regions_learned_together(cli, project):
    assert cli.json("segment", project, "--method", "kmeans", "--together")["written"] == 2


@pytest.mark.parametrize(
    "words",
    [
        ["shapes.segstudio"],
        ["shapes.segstudio", "--method", "otsu", "--pipeline", "Neat"],
        ["shapes.segstudio", "--pipeline", "Neat"],
        ["shapes.segstudio", "--pipeline", "Neat", "--clean", "smooth"],
        ["shapes.segstudio", "--method", "otsu", "--clean", "smoth"],
        ["shapes.segstudio", "--method", "otsu", "--clean", "fill_rest:class_id=9"],
        ["shapes.segstudio", "--method", "otsu", "--save-as", " "],
        ["pictures", "--method", "otsu", "-o", "out", "--save-as", "Neat"],
        ["pictures", "--method", "otsu", "-o", "out", "--together"],
        ["pictures", "--pipeline", "Neat", "-o", "out"],
    ],
)
def test_what_makes_no_sense_is_refused(cli, project, shapes, monkeypatch, words):
    monkeypatch.chdir(shapes)
    assert cli("segment", *words) == 2
    assert "hint: " in cli.err
    assert not (shapes / "out").exists()
    assert cli.json("list", "pipelines", project)["rows"] == []


def test_methods_say_what_they_learn_from(cli):
    rows = {row["name"]: row for row in cli.json("list", "methods")["rows"]}
    assert (rows["kmeans"]["family"], rows["kmeans"]["seeds"]) == ("Clusters", "none")
