import json
import tomllib
from collections import Counter

import pytest

QUICK = ["--preset", "quick", "--set", "width=0.25", "--set", "crop=64", "--set", "batch=2"]


@pytest.fixture
def trained(cli, project):
    assert cli("train", project, *QUICK, "--steps", "2", "--set", "evaluations=1") == 0
    return project


def test_a_run_is_kept_repeated_from_a_file_and_deleted(cli, trained, tmp_path):
    file = tmp_path / "first.toml"
    values = cli.json(
        "runs", trained, "--note", "1: too few steps ", "--tags", "1:first,small",
        "--save", f"1:{file}",
    )  # fmt: skip
    (run,) = values["runs"]
    assert (run["note"], run["tags"], run["in_use"]) == ("too few steps", ["first", "small"], True)
    assert run["settings"]["steps"] == 2
    assert run["seconds_an_image"] > 0
    assert tomllib.loads(file.read_text())["network"]["width"] == 0.25
    assert cli("train", trained, "--settings", file, "--steps", "3") == 0
    runs = cli.json("runs", trained, "--use", "1")["runs"]
    assert [(run["id"], run["in_use"]) for run in runs] == [(2, False), (1, True)]
    assert runs[0]["settings"] == run["settings"] | {"steps": 3}
    assert cli("runs", trained, "--delete", "1") == 0
    assert "too few steps" not in cli.out
    assert [run["in_use"] for run in cli.json("runs", trained)["runs"]] == [True]
    assert not (trained / "runs" / "1").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--delete", "1", "--note", "9:x"], "has no run 9"),
        (["--note", "a note"], "names no run"),
        (["--use", "7"], "has no run 7"),
    ],
)
def test_what_is_wrong_changes_nothing(cli, trained, words, said):
    before = cli.json("runs", trained)
    assert cli("runs", trained, *words) == 2
    assert said in cli.err
    assert cli.json("runs", trained) == before


def test_a_settings_file_goes_with_no_resumed_run(cli, trained, tmp_path):
    assert cli("train", trained, "--resume", "1", "--settings", tmp_path / "x.toml") == 2
    assert "keeps its settings" in cli.err


def test_an_evaluation_says_how_sure_it_is_and_names_the_worst(cli, trained, shapes):
    values = cli.json("evaluate", f"{trained}:", shapes / "pictures", "--masks", shapes / "masks")
    low, high = values["interval"]
    assert 0 <= low <= values["miou"] <= high <= 1
    mious = [each["miou"] for each in values["worst"]]
    assert len(mious) > 2
    assert mious == sorted(mious)
    assert values["worst"][0]["path"].startswith(str(shapes))
    assert cli("evaluate", f"{trained}:", shapes / "pictures", "--masks", shapes / "masks") == 0
    assert "95 % interval" in cli.out


def test_pictures_are_set_aside(cli, project):
    values = cli.json("split", project, "--val", "0.5", "--test", "0.2", "--seed", "3")
    rows = cli.json("list", "images", project)["rows"]
    counts = Counter(row["split"] for row in rows)
    assert values == {"images": 6, "pool": 2, "train": 0, "val": 3, "test": 1}
    assert counts == {"pool": 2, "val": 3, "test": 1}
    assert cli("split", project, "--by", "folder") == 2
    assert "only 1 group by folder" in cli.err
    assert cli("split", project, "--val", "2") == 2
    assert json.loads(json.dumps(rows)) == cli.json("list", "images", project)["rows"]
