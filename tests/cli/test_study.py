import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from segstudio.cli.main import run


def draw(folder: Path, split: str, number: int) -> None:
    """Write pictures of a light square (1) on dark ground (0), some of it unlabelled."""
    rng = np.random.default_rng(number)
    mask = np.zeros((48, 64), np.uint8)
    top, left = rng.integers(4, 24, 2)
    mask[top : top + 20, left : left + 20] = 1
    pixels = np.where(mask[..., None] == 1, 210, 40) + rng.normal(0, 6, (48, 64, 3))
    mask[:, :2] = 11
    for kind, array in (("pictures", pixels.clip(0, 255).astype(np.uint8)), ("masks", mask)):
        path = folder / split / kind / f"{split}-{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(array).save(path)


@pytest.fixture
def squares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A project with three pictures of train and two of val."""
    root = tmp_path / "squares.segstudio"
    run(["new", str(root), "--class", "ground", "--class", "square"])
    for split, numbers in (("train", (1, 2, 3)), ("val", (4, 5))):
        for number in numbers:
            draw(tmp_path, split, number)
        place = tmp_path / split
        words = ["add", root, place / "pictures", "--masks", place / "masks", "--ignore", "11"]
        assert run([*map(str, words), "--split", split]) == 0
    capsys.readouterr()
    return root


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def test_baselines_are_measured_on_val(squares: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "baselines", str(squares), "--json"]) == 0
    found = answer(capsys)
    assert (found["study"], found["split"], found["images"]) == ("baselines", "val", 2)
    assert [row["method"] for row in found["rows"]] == ["forest", "kmeans", "multi_otsu"]
    for row in found["rows"]:
        assert row["miou"] > 0.95, row["method"]
        assert row["pixel_accuracy"] > 0.95, row["method"]
        assert set(row["iou"]) == {"ground", "square"}
    taken = [row["seconds"] for row in found["rows"]]
    assert min(taken) >= 0
    assert 0 < sum(taken) <= found["seconds"] + 0.01


def test_another_split_can_be_measured_on(
    squares: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["study", "baselines", str(squares), "--split", "test"]) == 2
    said = capsys.readouterr().err
    assert "error: the comparison needs labelled pictures" in said
    assert "train and test" in said


def test_people_get_tables(squares: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "baselines", str(squares)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "learned from train and pool, measured on 2 pictures of val"
    assert lines[1].split() == ["method", "mIoU", "accuracy", "seconds"]
    assert [line.split()[0] for line in lines[2:5]] == ["forest", "kmeans", "multi_otsu"]
    assert lines[-3].split() == ["class", "forest", "kmeans", "multi_otsu"]
    assert lines[-1].split()[0] == "square"


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three methods be all there are: the others have tests of their own."""
    from segstudio.methods.segmenter import segmenters

    chosen = ["kmeans", "otsu", "valley"]
    monkeypatch.setattr(type(segmenters), "__iter__", lambda self: iter(chosen))


@pytest.mark.usefixtures("three")
def test_methods_are_compared(squares: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--images", "2", "--pixels", "50", "--most", "1"]
    assert run(["study", "methods", str(squares), *words, "--json"]) == 0
    found = answer(capsys)
    assert (found["study"], found["split"], found["images"]) == ("methods", "val", 1)
    assert len(found["learned"]) == 2
    assert found["pixels"] == 50
    assert {row["method"] for row in found["rows"]} == {"kmeans", "otsu", "valley"}
    reached = [row["miou"] for row in found["rows"]]
    assert reached == sorted(reached, reverse=True)
    for row in found["rows"]:
        assert row["seeds"] == "none"
        assert set(row["iou"]) == {"ground", "square"}
        if row["method"] == "kmeans":
            assert row["settings"]["clusters"] >= 2
            assert row["miou"] > 0.95
            assert 0 < row["seconds_per_megapixel"] < 1000


@pytest.mark.usefixtures("three")
def test_people_see_the_best_first_and_what_failed(
    squares: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from segstudio.errors import UserError
    from segstudio.methods.builtin.valley import Valley

    def refuse(self: Any, samples: Any, task: Any) -> None:
        raise UserError("there is no valley here")

    monkeypatch.setattr(Valley, "fit", refuse)
    assert run(["study", "methods", str(squares)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "learned from 3 pictures and 200 pixels of each class, measured on 2 pictures of val"
    )
    assert lines[2].split() == ["method", "learned", "from", "mIoU", "accuracy", "s/Mpx"]
    place = lines.index("IoU by class")
    assert lines[place + 1].split() == ["method", "ground", "square"]
    assert any(line.startswith("kmeans clusters=2 ") for line in lines[3:place])
    assert lines[-1] == "valley: there is no valley here"


def test_only_some_methods_are_measured(squares: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["study", "methods", str(squares), "--json", "--method", "yen", "--method", "otsu"]
    assert run(words) == 0
    assert {row["method"] for row in answer(capsys)["rows"]} == {"yen", "otsu"}
    assert run(["study", "methods", str(squares), "--method", "otzu"]) == 2
    assert "did you mean otsu?" in capsys.readouterr().err


def test_options_of_another_study_are_refused(
    squares: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["study", "baselines", str(squares), "--pixels", "5"]) == 2
    assert "does not take --pixels" in capsys.readouterr().err


def test_an_unknown_study_is_refused(squares: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "phases", str(squares)]) == 2
    assert "baselines" in capsys.readouterr().err
