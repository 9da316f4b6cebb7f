"""The study of selection as a person makes it, on tiny pictures."""

import json
from pathlib import Path
from typing import Any

import pytest

SETTINGS = ("crop=32", "batch=2", "side=16", "held=0", "network=scale_cnn_s", "base=4",
            "augment=none")  # fmt: skip
TINY = ("--seeds", 2, "--rounds", 2, "--budget", 4, "--steps", 2, "--device", "cpu",
        *(word for setting in SETTINGS for word in ("--set", setting)))  # fmt: skip
ARMS = ("--arms", "random,class_random,recommended")


@pytest.fixture
def labelled(cli: Any, shapes: Path) -> Path:
    """A project of four pictures to choose from and two to measure on, all with masks."""
    root = shapes / "shapes.segstudio"
    assert cli("new", root, "--class", "ground", "--class", "box", "--class", "disc") == 0
    pictures = sorted((shapes / "pictures").iterdir())
    for split, some in (("pool", pictures[:4]), ("val", pictures[4:])):
        assert cli("add", root, *some, "--masks", shapes / "masks", "--split", split) == 0
    return root


def test_two_shards_make_one_page(cli: Any, labelled: Path, tmp_path: Path) -> None:
    place = tmp_path / "out" / "page"
    first = cli.json("study", "selection", labelled, *TINY, *ARMS, "-o", place, "--shard", "1/2")
    assert first["page"] is None
    assert {row["seeds"] for row in first["rows"]} == {1}
    assert not place.with_suffix(".html").exists()
    cli.json("study", "selection", labelled, *TINY, *ARMS, "-o", place, "--shard", "2/2")
    found = cli.json("study", "selection", labelled, *TINY, *ARMS, "-o", place)
    rows = {row["arm"]: row for row in found["rows"]}
    assert list(rows) == ["random", "class_random", "recommended"]
    assert all(row["seeds"] == 2 and 0 <= row["area"] <= 1 for row in rows.values())
    assert rows["random"]["time_ratio"] == 1
    assert rows["recommended"]["labelled"] == pytest.approx(8 * 16 * 16 / (4 * 64 * 96))
    assert [(v["against"], v["pairs"]) for v in found["verdicts"]] == [
        ("random", 2), ("class_random", 2),
    ]  # fmt: skip
    assert all(v["p"] >= 0.5 for v in found["verdicts"])  # two pairs prove nothing
    # The shards had made it all: nothing was trained for the page.
    lines = [path for path in place.parent.iterdir() if path.suffix == ".jsonl"]
    assert sorted(path.name for path in lines) == ["page.1-of-2.jsonl", "page.2-of-2.jsonl"]
    for path in lines:
        each = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert sorted((one["arm"], one["round"]) for one in each) == [
            ("class_random", 2), ("first", 1), ("random", 2), ("recommended", 2),
        ]  # fmt: skip
    text = place.with_suffix(".html").read_text(encoding="utf-8")
    assert text.count("<svg") == 2
    assert "Not finished" not in text
    assert str(labelled.parent) not in text
    assert text.count("\nshapes\t") == 3 * 2 * 2
    again = cli.json(
        "study", "selection", labelled, *TINY, *ARMS, "-o", place, "--seeds", 1, "--tuned", "shapes"
    )
    assert {v["verdict"] for v in again["verdicts"]} == {"tuned on"}
    assert "tuned on" in place.with_suffix(".html").read_text(encoding="utf-8")


def test_all_arms_can_begin_from_the_weights_of_a_model(
    cli: Any, labelled: Path, tmp_path: Path
) -> None:
    weights = ("--weights", f"{labelled}:1")
    study = ("study", "selection", labelled, *TINY, "--seeds", 1, "--arms", "random")
    assert cli(*study, *weights) == 2
    assert "run 1 of shapes.segstudio has no model" in cli.err
    words = (word for setting in SETTINGS[:2] for word in ("--set", setting))
    cli.json("train", labelled, *words, "--network", "scale_cnn_s", "--set", "base=4", "--steps", 2)
    place = tmp_path / "page.html"
    before = cli.json(*study, "-o", place)
    found = cli.json(*study, "-o", place, *weights)
    assert before["rows"][0]["area"] != found["rows"][0]["area"]
    text = place.read_text(encoding="utf-8")
    assert "--weights shapes.segstudio:1" in text
    assert "not from random ones" in text


def test_what_makes_no_sense_is_refused(cli: Any, labelled: Path) -> None:
    study = ("study", "selection", labelled)
    assert cli(*study, "--shard", "3/2") == 2
    assert "no shard" in cli.err
    assert cli(*study, "--arms", "best") == 2
    assert "there is no arm called 'best'" in cli.err
    assert cli(*study, "--tuned", "other") == 2
    assert "no project is called 'other'" in cli.err
    assert cli(*study, "--arms", "judged,other:all") == 2
    assert "no project is called 'other'" in cli.err
    assert "for --arms: " in cli.err
    assert cli("study", "selection", labelled, labelled) == 2
    assert f"two projects are called {labelled.stem!r}" in cli.err
    assert cli(*study, "--set", "evaluations=3") == 2
    assert cli(*study, "--full") == 2
    assert cli("study", "baselines", labelled, labelled) == 2
    assert "takes one project" in cli.err
    assert cli("study", "baselines", labelled, "--shard", "1/2") == 2
    assert cli(*study, "--split", "test") == 2
    assert "no picture of the split test" in cli.err
    assert not (labelled / "studies").exists() or not any((labelled / "studies").iterdir())
