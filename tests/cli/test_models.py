"""Models of others on the command line: said once, then used as one's own."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

SAID = ("--classes", "ground,box", "--scale", "unit", "--form", "logits")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A network that takes a pixel for a box where red is above 130 of 255, one channel."""
    weights = {
        "w": np.array([60.0, 0, 0], np.float32).reshape(1, 3, 1, 1),
        "b": np.array([-60 * 130 / 255], np.float32),
    }
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w", "b"], ["y"])], "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 1, "h", "w"])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    file = tmp_path / "red.onnx"
    onnx.save(model, file)
    return file


def test_a_network_is_introduced_once_and_predicts(cli, shapes, foreign):
    pictures, out = shapes / "pictures", shapes / "out"
    said = cli.json("predict", foreign, pictures, "-o", out, code=2)
    assert "does not say which classes" in said["error"]
    assert "--classes" in said["hint"]
    assert cli.json("predict", foreign, pictures, "-o", out, *SAID)["written"] == 6
    for picture in pictures.iterdir():
        red = np.asarray(Image.open(picture))[:, :, 0] > 130
        assert (np.asarray(Image.open(out / f"{picture.stem}.png")) == red).all()
    assert cli.json("predict", foreign, pictures, "-o", shapes / "again")["written"] == 6


def test_it_is_measured_and_it_ranks(cli, shapes, foreign):
    values = cli.json(
        "evaluate", foreign, shapes / "pictures", "--masks", shapes / "masks", *SAID, "--ignore", 2
    )
    assert values["iou"]["box"] > 0.95
    project = shapes / "p.segstudio"
    cli.json("new", project, "--class", "ground", "--class", "box")
    cli.json("add", project, shapes / "pictures")
    items = cli.json("rank", project, "--model", foreign)["items"]
    assert len(items) == 6
    assert all(0 < item["score"] < 1 for item in items)
    assert cli.json("predict", foreign, project)["images"] == 6


def test_training_begins_from_a_run(cli, shapes):
    project = shapes / "p.segstudio"
    cli.json("new", project, "--class", "ground", "--class", "box", "--class", "disc")
    cli.json("add", project, shapes / "pictures", "--masks", shapes / "masks")
    tiny = ("--set", "width=0.25", "--set", "crop=64", "--set", "batch=2", "--steps", 1)
    cli.json("train", project, "--network", "fast_scnn", *tiny)
    run = cli.json("train", project, "--network", "fast_scnn", *tiny, "--weights", f"{project}:1")
    assert run["run"] == 2
    assert "the weights fill 100% of this network" in cli.err
    wrong = cli.json("train", project, *tiny, "--weights", f"{project}:1", code=2)
    assert "fits" in wrong["error"]
    assert "80%" in wrong["hint"]
