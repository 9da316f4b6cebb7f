import json
import subprocess
import sys

import numpy as np
import pytest

from segstudio.domain.card import Card, CardClass, InputSpec
from segstudio.errors import UserError
from segstudio.inference.model import Model, softmax


def test_logits_have_the_size_of_the_picture(bundle):
    model = Model.open(bundle(stride=32), threads=1)
    logits = model.logits(np.zeros((50, 61, 1), np.uint8))
    assert logits.shape == (3, 50, 61)
    assert logits.dtype == np.float32
    assert model.input_names == ("image",)
    assert model.card.ids == (3, 8, 5)


def test_probabilities_sum_to_one(bundle):
    pixels = np.random.default_rng(0).integers(0, 255, (20, 30, 1)).astype(np.uint8)
    shares = Model.open(bundle()).probabilities(pixels)
    assert np.allclose(shares.sum(0), 1, atol=1e-5)
    assert ((shares >= 0) & (shares <= 1)).all()


def test_softmax_of_large_logits_is_finite():
    shares = softmax(np.array([1000.0, 0.0, -1000.0], np.float32).reshape(3, 1, 1))
    assert shares[:, 0, 0].tolist() == [1, 0, 0]


def test_other_bands_are_refused(bundle):
    with pytest.raises(UserError, match="has 3 bands, the model wants 1"):
        Model.open(bundle()).logits(np.zeros((8, 8, 3), np.uint8))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "model.onnx").unlink(), "no model at"),
        (lambda folder: (folder / "card.json").unlink(), "has no card"),
        (lambda folder: (folder / "card.json").write_text("{"), "not the card"),
        (lambda folder: (folder / "card.json").write_text("[]"), "not the card"),
        (lambda folder: (folder / "model.onnx").write_bytes(b"no"), "cannot|can load"),
    ],
)
def test_a_broken_bundle_is_named(bundle, spoil, message):
    folder = bundle()
    spoil(folder)
    with pytest.raises(UserError, match=message) as error:
        Model.open(folder)
    assert error.value.hint


def test_a_card_with_other_classes_than_the_model_is_refused(bundle):
    folder = bundle()
    card = json.loads((folder / "card.json").read_text())
    card["classes"].pop()
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(UserError, match="gives 3 channels for 2 classes"):
        Model.open(folder)


def test_a_bare_file_with_the_metadata_of_deepness(write_onnx):
    file = write_onnx(
        metadata={
            "model_type": "Segmentor",
            "class_names": {"0": "a", "1": "b", "2": "c"},
            "tile_size": 600,
            "tiles_overlap": 20,
            "resolution": 30,
            "standardization_mean": [0.4],
            "standardization_std": [0.2],
        }
    )
    card = Model.open(file).card
    assert [c.name for c in card.classes] == ["a", "b", "c"]
    assert (card.tile, card.halo, card.resolution) == (480, 60, 30)
    assert card.input.prepare(np.full((1, 1, 1), 255, np.uint8))[0, 0, 0, 0] == pytest.approx(3)


def test_a_bare_file_with_our_card(write_onnx, bundle):
    card = json.loads((bundle(100, 20) / "card.json").read_text())
    file = write_onnx(metadata={"segstudio_card": card})
    assert Model.open(file).card == Card.from_json(card)


def test_a_bare_file_with_a_card_beside_it(write_onnx, bundle):
    file = write_onnx("other.onnx")
    file.with_suffix(".card.json").write_text((bundle() / "card.json").read_text())
    assert Model.open(file).card.ids == (3, 8, 5)


def test_a_bare_file_without_metadata_says_what_is_missing(write_onnx):
    with pytest.raises(UserError, match="does not say which classes") as error:
        Model.open(write_onnx())
    assert "--classes" in error.value.hint
    assert "model.card.json" in error.value.hint


def test_a_model_of_one_size_gets_windows_of_that_size(write_onnx):
    names = {"0": "a", "1": "b", "2": "c"}
    metadata = {"class_names": names, "standardization_mean": [0], "standardization_std": [1]}
    model = Model.open(write_onnx(shape=(128, 128), metadata=metadata))
    card = model.card
    assert card.tile + 2 * card.halo == 128
    assert model.logits(np.zeros((100, 128, 1), np.uint8)).shape == (3, 100, 128)
    assert model.logits(np.zeros((300, 128, 1), np.uint8)).shape == (3, 300, 128)
    oblong = Model.open(write_onnx(shape=(64, 96), metadata=metadata))
    assert oblong.logits(np.zeros((64, 80, 1), np.uint8)).shape == (3, 64, 80)


def test_inference_needs_no_torch(bundle):
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import pathlib, numpy as np\n"
        "from segstudio.inference.model import Model\n"
        "import segstudio.inference.predict\n"
        "assert 'onnxruntime' not in sys.modules\n"
        f"print(Model.open(pathlib.Path({str(bundle())!r}))"
        ".logits(np.zeros((4, 5, 1), np.uint8)).shape)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(3, 4, 5)"


# -- encoder features ----------------------------------------------------------------


def named(folder, features):
    card = json.loads((folder / "card.json").read_text()) | {"features": features}
    (folder / "card.json").write_text(json.dumps(card))
    return folder


def deep_file(write_graph, kernel):
    """Write a network with means of 4 × 4 inside and logits that lack a margin; return its file."""
    width = kernel // 2 * 2
    file = write_graph(
        "pooled", ["n", 1, "h", "w"], {"y": ["n", 1, "h", "w"]},
        [
            ("AveragePool", ["x"], "deep", {"kernel_shape": [4, 4], "strides": [4, 4]}),
            ("Resize", ["deep", "", "by"], "large", {"mode": "nearest"}),
            ("Conv", ["large", "w"], "y", {}),
        ],
        {"by": np.array([1, 1, 4, 4], np.float32),
         "w": np.ones((1, 1, width + 1, width + 1), np.float32) / (width + 1) ** 2},
    )  # fmt: skip
    card = Card((CardClass(0, "all", (0, 0, 0)),), input=InputSpec(1, 1.0, (0.0,), (1.0,)),
                stride=4, tile=16, halo=8, features="deep")  # fmt: skip
    file.with_suffix(".card.json").write_text(json.dumps(card.to_json()))
    return file


@pytest.mark.parametrize("kernel", [1, 9])
def test_features_begin_at_the_corner_of_the_picture(write_graph, kernel):
    pixels = np.random.default_rng(0).integers(0, 255, (39, 50, 1)).astype(np.uint8)
    model = Model.open(deep_file(write_graph, kernel), 1)
    logits, features = model.logits_and_features(pixels)
    assert np.allclose(logits, model.logits(pixels), atol=1e-4)
    assert logits.shape == (1, 39, 50)
    assert features.cell == (4.0, 4.0)
    padded = np.pad(pixels[:, :, 0].astype(np.float32), ((0, 1), (0, 2)), mode="edge")
    expected = padded.reshape(10, 4, 13, 4).mean((1, 3))
    assert np.allclose(features.values[0, :10, :13], expected, atol=1e-3)


def test_features_want_pictures_of_the_bands_of_the_model(bundle):
    with pytest.raises(UserError, match="has 3 bands"):
        Model.open(named(bundle(), "x0")).logits_and_features(np.zeros((8, 8, 3), np.uint8))


@pytest.mark.parametrize("features", [None, "no such tensor", 7])
def test_a_model_that_names_none_or_a_wrong_one_gives_no_features(bundle, features):
    model = Model.open(named(bundle(), features), threads=1)
    assert not model.gives_features
    assert model.logits(np.zeros((20, 30, 1), np.uint8)).shape == (3, 20, 30)
    assert not Model.open(bundle(32), threads=1).gives_features


def test_who_asks_for_no_features_opens_nothing_more(bundle, monkeypatch):
    model = Model.open(named(bundle(), "x0"), threads=1)
    monkeypatch.setattr("segstudio.inference.model.open_session", None)
    model.logits(np.zeros((20, 30, 1), np.uint8))
    with pytest.raises(TypeError):
        model.gives_features  # noqa: B018


def test_a_network_of_one_size_gives_no_features(bundle, write_onnx):
    folder = write_onnx("fixed/model.onnx", shape=(64, 64)).parent
    (folder / "card.json").write_bytes((named(bundle(), "x0") / "card.json").read_bytes())
    assert not Model.open(folder, 1).gives_features
    assert Model.open(named(bundle(), "x0"), 1).gives_features
