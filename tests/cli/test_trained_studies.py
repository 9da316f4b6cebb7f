"""The studies that train networks, as a person makes them, on tiny pictures."""

import json
from pathlib import Path
from typing import Any

import pytest

TINY = (
    "--steps",
    2,
    "--seeds",
    1,
    "--set",
    "crop=32",
    "--set",
    "evaluations=1",
    "--set",
    "batch=2",
)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let U-Nets have 4 channels: what is tested is no matter of width."""
    from segstudio.workflows import study_arms

    monkeypatch.setattr(study_arms, "LIGHT", 4)
    monkeypatch.setattr(study_arms, "LIGHT_WIDTH", 0.125)


def rows_of(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["arm"]: row for row in found["rows"]}


@pytest.mark.usefixtures("narrow")
def test_six_u_nets_at_equal_steps_and_equal_work(cli: Any, project: Path) -> None:
    found = cli.json("study", "scaling", project, *TINY, "--steps", 4)
    rows = rows_of(found)
    names = ["unet_baseline", "unet_w", "unet_d", "unet_r", "unet_wdr", "unet_awdr"]
    assert list(rows) == names + [f"{name}_equal_macs" for name in names[1:]]
    assert {rows[name]["steps"] for name in names} == {4}
    work = rows["unet_baseline"]["macs"] * 4
    for name in names[1:]:
        row = rows[f"{name}_equal_macs"]
        assert row["macs"] == rows[name]["macs"]
        assert abs(row["steps"] * row["macs"] - work) <= row["macs"] / 2 or row["steps"] == 1
    assert rows["unet_awdr"]["printed"]["accuracy, %"] == "84.8"
    assert rows["unet_baseline"]["difference"] is None
    assert all(row["bytes"] > 0 and 0 <= row["miou"] <= 1 for row in rows.values())
    text = Path(found["page"]).read_text(encoding="utf-8")
    assert Path(found["page"]) == project / "studies" / "scaling.html"
    assert "as printed in the paper" in text
    assert "4 channels in their first stage and not 64" in text
    assert text.count("<svg") == 3
    assert not list((project / "runs").glob("*"))


def test_three_scales_write_where_they_are_told(cli: Any, project: Path, tmp_path: Path) -> None:
    place = tmp_path / "pages" / "mine"
    found = cli.json("study", "scale", project, *TINY, "-o", place)
    rows = rows_of(found)
    assert list(rows) == ["scale_cnn_s", "scale_cnn_m", "scale_cnn_l"]
    assert found["page"] == f"{place}.html"
    kept = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
    assert len(kept["runs"]) == 3
    assert {run["device"] for run in kept["runs"].values()} == {"cpu"}
    assert kept["rows"] == json.loads(json.dumps(found["rows"]))
    assert sorted(path.name for path in place.parent.iterdir()) == ["mine.html", "mine.json"]


@pytest.mark.usefixtures("narrow")
def test_each_augmentation_is_left_out(cli: Any, project: Path) -> None:
    found = cli.json("study", "augmentation", project, *TINY, "--split", "val")
    rows = rows_of(found)
    assert list(rows) == [
        "all", "without_rot90", "without_noise", "without_hsv", "none", "efficientunet_b0",
        "unet_wide",
    ]  # fmt: skip
    assert rows["efficientunet_b0"]["printed"] == {"mIoU, %": "44.6", "training, h": "2.5"}
    assert rows["unet_wide"]["macs"] > 3 * rows["all"]["macs"]
    assert cli("study", "augmentation", project, "--set", "augment=none") == 2
    assert "the study decides on augment itself" in cli.err


@pytest.mark.usefixtures("narrow")
def test_a_backbone_begins_from_a_run_of_ones_own(cli: Any, project: Path) -> None:
    assert cli("study", "backbone", project) == 2
    assert "needs weights of ResNet-50" in cli.err
    train = ("--network", "unet_resnet50", "--set", "width=0.125", "--set", "crop=32")
    cli.json("train", project, *train, "--set", "batch=2", "--steps", 1)
    found = cli.json("study", "backbone", project, *TINY, "--weights", f"{project}:1")
    rows = rows_of(found)
    assert list(rows) == ["plain", "frozen", "free", "from_nothing"]
    assert rows["frozen"]["trained"] < rows["free"]["trained"] == rows["free"]["parameters"]
    assert rows["frozen"]["bytes"] < rows["free"]["bytes"]
    text = Path(found["page"]).read_text(encoding="utf-8")
    assert f"run 1 of the project {project.name}, of one&#x27;s own" in text
    assert "the weights fill 100% of" in text
    assert str(project.parent) not in text


def test_options_are_refused_where_they_mean_nothing(cli: Any, project: Path) -> None:
    assert cli("study", "scale", project, "--weights", "x.pth") == 2
    assert "the study scale does not take --weights" in cli.err
    assert cli("study", "methods", project, "-o", "x.html") == 2
    assert "the study methods does not take -o" in cli.err
    assert cli("study", "scale", project, "--split", "pool") == 2
    assert "a network learns from the split pool" in cli.err
    assert cli("study", "scale", project, "--split", "test") == 2
    assert "no picture of the split test is labelled" in cli.err
    assert cli("study", "scale", project, "--set", "stepz=3") == 2
    assert "there is no setting called 'stepz'" in cli.err


def test_people_see_a_table_and_where_the_page_is(cli: Any, project: Path) -> None:
    assert cli("study", "scale", project, *TINY) == 0
    lines = cli.out.splitlines()
    assert lines[0] == "learned from 3 pictures, measured on 1 picture of val; 1 seed"
    assert lines[1].split()[:2] == ["arm", "mIoU"]
    assert [line.split()[0] for line in lines[2:5]] == ["scale_cnn_s", "scale_cnn_m", "scale_cnn_l"]
    assert lines[2].endswith("parameters, 3 classes 181,027; accuracy lowest")
    assert lines[-1] == str(project / "studies" / "scale.html")
