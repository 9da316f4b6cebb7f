"""The contract of DESIGN.md: keys, exit codes and the names of written files."""

import json

import cv2
import numpy as np
import pytest

from segstudio.cli.commands import demo

TINY = [
    "--preset", "quick", "--steps", "3", "--set", "width=0.25", "--set", "crop=64",
    "--set", "batch=2", "--set", "evaluations=1",
]  # fmt: skip


def test_new(cli, tmp_path):
    values = cli.json("new", tmp_path / "p", "--class", "a", "--class", "b:#FF0000")
    assert values["project"] == str(tmp_path / "p.segstudio")
    assert values["classes"] == [
        {"id": 0, "name": "a", "colour": "#666666"},
        {"id": 1, "name": "b", "colour": "#FF0000"},
    ]
    assert cli("new", tmp_path / "p.segstudio") == 2
    assert cli("new", tmp_path / "q", "--class", "a", "--class", "A") == 2
    assert not (tmp_path / "q.segstudio").exists()


def test_add(cli, project, shapes):
    broken = shapes / "pictures" / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n")
    cv2.imwrite(str(shapes / "masks" / "p5.png"), np.zeros((3, 3), np.uint8))
    values = cli.json("add", project, shapes / "pictures", "--masks", shapes / "masks", code=3)
    assert (values["added"], values["masks"]) == (0, 1)
    assert [set(failure) for failure in values["failed"]] == [{"path", "reason"}] * 2
    assert cli("add", project, shapes / "nothing") == 2


def test_list(cli, project):
    of_program = "methods", "networks", "losses", "strategies", "formats", "tools", "augmentations"
    for what in of_program:
        assert cli.json("list", what)["rows"]
    rows = cli.json("list", "classes", project)["rows"]
    assert [(row["name"], row["colour"]) for row in rows][2] == ("disc", "#3D8BFD")
    assert sum(row["pixels"] for row in rows) == 4 * 64 * 96
    images = cli.json("list", "images", project / "masks")["rows"]
    assert [row["split"] for row in images].count("val") == 1
    assert cli.json("list", "runs", project)["rows"] == []


def test_segment_proposes_and_accepts(cli, project, shapes):
    words = ("segment", project, "--method", "kmeans", "--set", "clusters=3")
    values = cli.json(*words)
    assert values["images"] == values["written"] == 2
    assert values["failed"] == []
    assert values["seconds"] > 0
    states = {row["name"]: row["state"] for row in cli.json("list", "images", project)["rows"]}
    assert (states["p5.png"], states["p1.png"]) == ("proposed", "reviewed")
    picture = shapes / "pictures" / "p5.png"
    assert cli("segment", project, picture, "--method", "otsu", "--map", "1=none", "--accept") == 0
    mirrored = cv2.imread(str(project / "masks" / "p5.png"), cv2.IMREAD_UNCHANGED)
    assert mirrored.shape[:2] == (64, 96)
    assert not (project / "masks" / "p6.png").exists()


def test_segment_writes_files(cli, shapes, tmp_path):
    out = tmp_path / "out"
    values = cli.json(
        "segment", shapes / "pictures", "--method", "threshold", "--set", "thresholds=90,170",
        "-o", out,
    )  # fmt: skip
    assert values["written"] == 6
    assert sorted(path.name for path in out.iterdir()) == [f"p{n}.png" for n in range(1, 7)]
    from PIL import Image

    with Image.open(out / "p1.png") as written:
        assert written.mode == "P"
        assert set(np.unique(np.asarray(written))) <= {0, 1, 2}


def test_a_folder_of_pictures_beside_a_project_of_its_name(cli, project, shapes, tmp_path):
    (shapes / "pictures").rename(shapes / "shapes")
    output = tmp_path / "out"
    assert cli.json("segment", shapes / "shapes", "--method", "otsu", "-o", output)["images"] == 6
    (shapes / "shapes").rename(shapes / "pictures")
    values = cli.json("segment", shapes / "shapes", "--method", "otsu", "-o", tmp_path / "two")
    assert values["images"] == 2


@pytest.mark.parametrize(
    "words",
    [
        ["pictures", "--method", "otsu"],  # no project, no folder for masks
        ["missing", "--method", "otsu", "-o", "out"],
        ["pictures", "--method", "otsu", "-o", "out", "--accept"],
        ["pictures", "--method", "kmeans", "--set", "clusters=99", "-o", "out"],
        ["pictures", "--method", "kmeans", "--set", "bogus=1", "-o", "out"],
        ["shapes.segstudio", "p99", "--method", "otsu"],
        ["shapes.segstudio", "--method", "otsu", "--map", "0=sky"],
    ],
)
def test_segment_refuses(cli, project, shapes, monkeypatch, words):
    monkeypatch.chdir(shapes)
    assert cli("segment", *words) == 2
    assert "hint: " in cli.err
    assert not (shapes / "out").exists()


def test_the_whole_way_from_labels_to_a_measured_model(cli, project, shapes, tmp_path):
    trained = cli.json("train", project, *TINY, "--seed", "1")
    assert trained["run"] == 1
    assert trained["network"] == "fast_scnn"
    assert (trained["steps"], trained["indicative"]) == (3, False)
    assert trained["parameters"] > 1000
    assert trained["seconds"] > 0
    assert 0 <= trained["miou"] <= 1
    settings = json.loads((project / "runs" / "1" / "settings.json").read_text())
    assert settings["training"]["seed"] == 1
    assert settings["network"]["width"] == 0.25

    predicted = cli.json("predict", f"{project}:", project)
    assert predicted["written"] == 2
    out = tmp_path / "out"
    files = cli.json("predict", trained["bundle"], shapes / "pictures", "-o", out, "--entropy")
    assert (files["images"], files["written"]) == (6, 12)
    assert (out / "p1.png").is_file()
    assert (out / "p1.entropy.tif").is_file()

    measured = cli.json("evaluate", f"{project}:1", project)
    assert measured["images"] == 1
    assert list(measured["iou"]) == ["ground", "box", "disc"]
    assert np.array(measured["confusion"]).sum() == 64 * 96
    assert {"miou", "pixel_accuracy", "iou_variance", "seconds"} <= set(measured)
    folder = cli.json("evaluate", f"{project}:1", shapes / "pictures", "--masks", shapes / "masks")
    assert folder["images"] == 6

    ranked = cli.json("rank", project, "--budget", "1")
    assert (ranked["strategy"], ranked["notes"]) == ("recommended", [])
    (first,) = ranked["items"]
    assert {"image", "score", "box", "reason", "predicted", "by_lot"} <= set(first)
    assert first["box"] is None
    assert first["reason"]
    assert first["predicted"] in ("ground", "box", "disc")
    halves = cli.json("rank", project, "--strategy", "margin", "--set", "side=32")["items"]
    assert {tuple(item["box"]) for item in halves} >= {(0, 0, 32, 32), (32, 64, 64, 96)}
    assert cli.json("rank", project, "--strategy", "random")["items"][0]["score"] <= 1

    (row,) = cli.json("list", "runs", project)["rows"]
    assert (row["status"], row["in_use"]) == ("done", True)
    compared = cli.json("study", "baselines", project)["rows"]
    assert {row["method"] for row in compared} == {"forest", "kmeans", "multi_otsu"}


def test_without_a_model_it_ranks_by_look_and_says_so(cli, project):
    ranked = cli.json("rank", project, "--strategy", "margin")
    assert ranked["strategy"] == "recommended"
    assert "no model yet" in ranked["notes"][0]
    assert len(ranked["items"]) == 2
    assert cli("rank", project) == 0
    assert "note: " in cli.out


def test_export(cli, project, tmp_path):
    values = cli.json("export", project, "--format", "masks", "-o", tmp_path / "out")
    assert values == {"format": "masks", "images": 4, "failed": [], "changed": 0}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "legend.csv", "p1.png", "p2.png", "p3.png", "p4.png",
    ]  # fmt: skip
    assert cli("export", project, "--format", "coco2", "-o", tmp_path / "no") == 2
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["evaluate", "nothing", "shapes.segstudio"],
        ["evaluate", "shapes.segstudio:", "shapes.segstudio"],
        ["evaluate", "shapes.segstudio:9", "shapes.segstudio"],
        ["predict", "shapes.segstudio:", "shapes.segstudio"],
        ["rank", "shapes.segstudio", "--strategy", "bogus"],
        ["rank", "shapes.segstudio", "--set", "bogus=1"],
        ["train", "shapes.segstudio", "--network", "bogus"],
        ["train", "shapes.segstudio", "--preset", "bogus"],
        ["train", "shapes.segstudio", "--resume", "3"],
        ["train", "shapes.segstudio", "--resume", "3", "--steps", "5"],
        ["export", "missing", "--format", "masks", "-o", "out"],
        ["study", "baselines", "missing"],
    ],
)
def test_what_cannot_be_done_is_said(cli, project, shapes, monkeypatch, words):
    monkeypatch.chdir(shapes)
    assert cli(*words) == 2
    assert cli.err.startswith("error: ")
    assert not (shapes / "out").exists()


def test_a_project_that_is_open_elsewhere_is_refused(cli, project, shapes):
    from segstudio.store.project import Project

    holder = Project.open(project)
    try:
        assert cli("segment", project, "--method", "otsu") == 2
        assert "open in another" in cli.err
        assert cli("list", "images", project) == 0
    finally:
        holder.close()


def test_a_disk_that_refuses_ends_the_command(cli, project, monkeypatch):
    import sqlite3

    from segstudio.store import edits

    def full(*args):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(edits, "commit", full)
    assert cli("segment", project, "--method", "otsu") == 2
    assert "disk is full" in cli.err


def test_bench(cli, monkeypatch):
    from segstudio.workflows import bench as module
    from segstudio.workflows.benchmarks.benchmark import Row

    monkeypatch.setattr(module, "bench", lambda name, task: iter([Row(name, "s", 1.0, "p95", [2])]))
    (row,) = cli.json("bench", "methods")["rows"]
    keys = {"name", "median", "p95", "unit", "goal", "compared_with", "ratio"}
    assert keys <= set(row)
    assert (row["median"], row["goal"], row["ratio"]) == (2, 1, None)
    assert "opening" in cli.json("bench", "--names")["names"]
    monkeypatch.undo()
    assert cli("bench", "bogus") == 2


def test_doctor(cli):
    code = cli("doctor", "--json")
    assert code in (0, 3)
    rows = json.loads(cli.out)["rows"]
    assert {"name", "verdict", "found", "advice"} == set(rows[0])


def test_demo_needs_a_window_only_where_there_is_one(monkeypatch):
    monkeypatch.setattr(demo.sys, "platform", "linux")
    for name in demo.DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    assert demo.without_display()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not demo.without_display()
    monkeypatch.setattr(demo.sys, "platform", "darwin")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert not demo.without_display()


def test_demo_refuses_before_it_makes_anything(cli, tmp_path):
    assert cli("demo", tmp_path / "d", "--scene", "moon", "--no-window") == 2
    assert cli("demo", tmp_path / "d", "--images", "2", "--no-window") == 2
    assert list(tmp_path.iterdir()) == []
