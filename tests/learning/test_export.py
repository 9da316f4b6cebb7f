import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors.torch import load_file

from segstudio.domain.card import Card, InputSpec
from segstudio.errors import UserError
from segstudio.learning import export as exporting
from segstudio.learning.bundle import deepness_metadata
from segstudio.learning.export import export
from segstudio.learning.trained import Trained
from segstudio.learning.training import train


@pytest.fixture
def trained(examples, classes, tiny):
    from dataclasses import replace

    return train(examples[:5], examples[5:], classes, replace(tiny, steps=4), {"width": 0.25})


def test_a_bundle_holds_model_weights_and_card(trained, tmp_path):
    card = export(trained, tmp_path / "runs" / "1" / "model")
    folder = tmp_path / "runs" / "1" / "model"
    assert {f.name for f in folder.iterdir()} == {"model.onnx", "weights.safetensors", "card.json"}
    assert [f.name for f in folder.parent.iterdir()] == ["model"]
    assert Card.from_json(json.loads((folder / "card.json").read_text())) == card
    assert 0 <= card.largest_difference < 1e-3
    weights = load_file(folder / "weights.safetensors")
    assert all(torch.equal(weights[key], value) for key, value in trained.state.items())
    again = Trained(card, weights, 0, 0, 0.0).module()
    x = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(again(x), trained.module()(x))


def test_the_difference_in_the_card_is_a_measured_one(trained, tmp_path):
    export(trained, tmp_path / "model")
    with torch.no_grad():
        trained.state["classifier.3.bias"] += 0.25
    found = exporting.largest_difference(
        trained.module(), trained.card, tmp_path / "model" / "model.onnx"
    )
    assert found == pytest.approx(0.25, abs=1e-3)


def test_a_model_that_differs_is_not_written_and_the_former_stays(trained, tmp_path, monkeypatch):
    export(trained, tmp_path / "model")
    before = (tmp_path / "model" / "card.json").read_bytes()
    monkeypatch.setattr(exporting, "largest_difference", lambda *args: float("nan"))
    with pytest.raises(UserError, match="differs"):
        export(trained, tmp_path / "model")
    assert (tmp_path / "model" / "card.json").read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["model"]


def test_a_former_bundle_is_replaced(trained, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "old.txt").write_text("old")
    export(trained, tmp_path / "model")
    assert not (tmp_path / "model" / "old.txt").exists()
    assert [f.name for f in tmp_path.iterdir()] == ["model"]


def test_the_onnx_file_explains_itself_to_deepness(trained, tmp_path):
    card = export(trained, tmp_path / "model")
    session = onnxruntime.InferenceSession(tmp_path / "model" / "model.onnx")
    found = session.get_modelmeta().custom_metadata_map
    values = {key: json.loads(text) for key, text in found.items()}
    assert values["model_type"] == "Segmentor"
    assert values["class_names"] == {"0": "wall", "1": "window"}
    assert values["tile_size"] == card.tile + 2 * card.halo
    assert values["standardization_mean"] == pytest.approx([0.485, 0.456, 0.406])
    assert values["standardization_std"] == pytest.approx([0.229, 0.224, 0.225])
    assert Card.from_json(values["segstudio_card"]) == card
    shape = session.get_outputs()[0].shape
    assert shape[2] == shape[3]
    model = onnx.load(tmp_path / "model" / "model.onnx")
    assert model.opset_import[0].version >= 17
    onnx.checker.check_model(model)


def test_deepness_normalises_sixteen_bits_as_we_do():
    spec = InputSpec(2, 1.0, (900.0, 40.0), (300.0, 5.0))
    values = deepness_metadata(Card((), "fast_scnn", {}, spec, resolution=10.0))
    pixels = np.array([[[1200, 45]]], np.uint16)
    theirs = (pixels / 255 - values["standardization_mean"]) / values["standardization_std"]
    assert np.allclose(theirs[0, 0], spec.prepare(pixels)[0, :, 0, 0])
    assert values["resolution"] == 10.0
