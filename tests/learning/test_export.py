import json
from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors.torch import load_file

from segstudio.domain.card import Card, CardClass, InputSpec
from segstudio.errors import UserError
from segstudio.inference.model import Model
from segstudio.learning import export as exporting
from segstudio.learning.bundle import deepness_metadata
from segstudio.learning.export import export
from segstudio.learning.networks.encoded import deepest_of, giving_features
from segstudio.learning.networks.network import networks
from segstudio.learning.trained import Trained
from segstudio.learning.training import train
from segstudio.settings import build


@pytest.fixture
def trained(examples, classes, tiny):
    return train(examples[:5], examples[5:], classes, replace(tiny, steps=4), {"width": 0.25})


def test_a_bundle_holds_model_weights_and_card(trained, tmp_path):
    card = export(trained, tmp_path / "runs" / "1" / "model")
    folder = tmp_path / "runs" / "1" / "model"
    assert {f.name for f in folder.iterdir()} == {"model.onnx", "weights.safetensors", "card.json"}
    assert [f.name for f in folder.parent.iterdir()] == ["model"]
    assert Card.from_json(json.loads((folder / "card.json").read_text())) == card
    assert 0 <= card.largest_difference < 1e-3
    assert card.features == "encoder_features"
    weights = load_file(folder / "weights.safetensors")
    assert all(torch.equal(weights[key], value) for key, value in trained.state.items())
    again = Trained(card, weights, 0, 0, 0.0).module()
    x = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(again(x), trained.module()(x))


@pytest.mark.parametrize("name", ["fast_scnn", "bisenetv2", "hrnet_w18_small", "ddrnet23_slim",
                                  "scale_cnn_s", "unet_plus_plus"])  # fmt: skip
def test_the_map_of_the_encoder_has_a_name_in_a_graph_of_one_output(name, tmp_path):
    torch.manual_seed(0)
    network = build(networks[name], {"width": 0.25})
    module = network.build(3, 2).eval()
    labels = (CardClass(0, "wall", (0, 0, 0)), CardClass(1, "window", (0, 0, 0)))
    card = Card(labels, name, stride=network.stride)
    named = exporting.write_onnx(module, card, tmp_path / "model.onnx")
    graph = onnx.load(tmp_path / "model.onnx").graph
    assert [entry.name for entry in graph.output] == ["logits"]
    (tmp_path / "card.json").write_text(json.dumps(replace(card, features=named).to_json()))
    model = Model.open(tmp_path, 1)
    assert model.gives_features
    for sides in ((128, 192), (100, 140)):
        pixels = np.random.default_rng(0).integers(0, 255, (*sides, 3), np.uint8)
        logits, features = model.logits_and_features(pixels)
        assert np.allclose(logits, model.logits(pixels), atol=1e-4)
        x = torch.from_numpy(card.input.prepare(pixels, network.stride))
        with torch.inference_mode(), giving_features(module, deepest_of(module)):
            _, expected = module(x)
        rows, columns = features.values.shape[1:]
        assert np.allclose(features.values, expected[0, :, :rows, :columns], atol=1e-3, rtol=1e-3)
        assert rows * features.cell[0] >= sides[0] > (rows - 1) * features.cell[0]
        assert columns * features.cell[1] >= sides[1] > (columns - 1) * features.cell[1]


def test_a_network_whose_encoder_is_not_known_is_written_without(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "deepest_of", lambda module: None)
    card = export(trained, tmp_path / "model")
    assert card.features is None
    assert "features" not in json.loads((tmp_path / "model" / "card.json").read_text())
    assert not Model.open(tmp_path / "model", 1).gives_features


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
