import json

import numpy as np
import pytest

from segstudio.domain.tiles import Layer
from segstudio.store.project import Project


def names(values):
    return [(row["id"], row["name"]) for row in values["classes"]]


def test_a_project_from_a_template_and_more(cli, tmp_path):
    values = cli.json("new", tmp_path / "p", "--classes", "cells", "--class", "bubble")
    assert names(values)[0] == (0, "background")
    assert names(values)[-1] == (5, "bubble")
    assert len({row["colour"] for row in values["classes"]}) == 6


def test_a_project_from_a_file(cli, tmp_path):
    legend = tmp_path / "legend.csv"
    legend.write_text("id,name,colour\n7,wall,#112233\n2,sign,#445566\n")
    values = cli.json("new", tmp_path / "p", "--classes", legend)
    assert values["classes"] == [
        {"id": 7, "name": "wall", "colour": "#112233"},
        {"id": 2, "name": "sign", "colour": "#445566"},
    ]


@pytest.mark.parametrize(
    "words",
    [("--classes", "moon"), ("--classes", "cells", "--class", "Nucleus"),
     ("--class", "a:#010203", "--class", "b:#010203"),
     ("--class", "a:#0072B2", "--classes", "cells")],
)  # fmt: skip
def test_wrong_classes_make_no_project(cli, tmp_path, words):
    assert cli("new", tmp_path / "p", *words) == 2
    assert cli.err.startswith("error: ")
    assert not (tmp_path / "p.segstudio").exists()


def test_showing_changes_nothing(cli, project):
    values = cli.json("classes", project)
    assert names(values) == [(0, "ground"), (1, "box"), (2, "disc")]
    assert values["classes"][1]["pixels"] > 0
    assert cli("classes", project) == 0
    assert "box" in cli.out


def mask_of(project, image=1):
    found = Project.open(project, write=False)
    record = found.image(image)
    ids = found.layers(record)[Layer.MASK].read(record.box)
    found.close()
    return ids


def test_merging_and_deleting(cli, project):
    before = mask_of(project)
    values = cli.json("classes", project, "--merge", "box:disc")
    assert names(values) == [(0, "ground"), (2, "disc")]
    merged = np.where(before == 1, 2, before)
    assert np.array_equal(mask_of(project), merged)
    assert names(cli.json("classes", project, "--delete", "GROUND")) == [(2, "disc")]
    assert np.array_equal(mask_of(project), np.where(merged == 0, 255, merged))
    mirror = project / "masks"
    assert any(mirror.iterdir())


def test_renaming_also_where_names_hold_colons(cli, project):
    values = cli.json("classes", project, "--rename", "box:a:b", "--rename", "2:circle")
    assert names(values) == [(0, "ground"), (1, "a:b"), (2, "circle")]
    assert names(cli.json("classes", project, "--rename", "a:b:crate"))[1] == (1, "crate")


def test_saving_and_loading(cli, project, tmp_path):
    cli.json("classes", project, "--save", tmp_path / "mine.json")
    written = json.loads((tmp_path / "mine.json").read_text())
    assert written["classes"][2] == {"id": 2, "name": "disc", "colour": "#3D8BFD"}
    written["classes"][2]["colour"] = "#010203"
    written["classes"].append({"id": 0, "name": "tree"})
    written["classes"][0]["id"] = 9
    (tmp_path / "mine.json").write_text(json.dumps(written))
    values = cli.json("classes", project, "--load", tmp_path / "mine.json")
    assert names(values) == [(0, "ground"), (1, "box"), (2, "disc"), (3, "tree")]
    assert values["classes"][2]["colour"] == "#010203"
    assert len(cli.json("classes", project, "--load", "land_cover")["classes"]) == 12


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--merge", "box"), "not of the form A:B"),
        (("--merge", "box:tree"), "no class 'tree'"),
        (("--merge", "box:box"), "into itself"),
        (("--delete", "tree"), "no class 'tree'"),
        (("--rename", "box:Disc"), "two classes are called 'disc'"),
        (("--rename", "box:"), "not a name"),
        (("--load", "moon"), "no template and no file"),
        (("--merge", "box:disc", "--delete", "box"), "no class 'box'"),
        (("--rename", "box:crate", "--delete", "tree"), "no class 'tree'"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(cli, project, words, said):
    before, mask = cli.json("classes", project), mask_of(project)
    assert cli("classes", project, *words) == 2
    assert said in cli.err
    assert cli.json("classes", project) == before
    assert np.array_equal(mask_of(project), mask)
