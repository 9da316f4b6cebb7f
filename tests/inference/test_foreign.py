"""Networks of others: what their files say, what a person says, and what then comes out.

The reference is what each small network computes by its own definition.
"""

import json

import numpy as np
import pytest

from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.inference.facts import Facts, Unsaid
from segstudio.inference.model import Model, sidecar_of
from segstudio.inference.predict import mean_entropy, predict

RED = np.array([[4.0, 0, 0]], np.float32).reshape(1, 3, 1, 1)
"""Of pixels 0…1: a logit that is positive where red is above a half."""


def picture(height=40, width=50, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def red_of(pixels):
    return (pixels[:, :, 0] > 127).astype(np.uint8)


def ids_of(model, pixels):
    out = np.full(pixels.shape[:2], 255, np.uint8)
    for box, ids, _ in predict(model, *out.shape, lambda b: Tile(pixels[b.slices], b), Quiet()):
        out[box.slices] = ids
    return out


@pytest.fixture
def red(write_graph):
    """A network that tells red, with an answer of any form and layout."""

    def write(last="Sigmoid", size=("h", "w"), nhwc=False, channels=1, axis=True, metadata=None):
        weight = RED if channels == 1 else np.concatenate([-RED, RED])
        bias = np.array([-2.0] if channels == 1 else [2.0, -2.0], np.float32)
        steps, at = [], "x"
        if nhwc:
            steps.append(("Transpose", ["x"], "t", {"perm": [0, 3, 1, 2]}))
            at = "t"
        steps.append(("Conv", [at, "w", "b"], "z", {}))
        at = "z"
        if last is not None:
            more = {"Softmax": {"axis": 1}, "ArgMax": {"axis": 1, "keepdims": int(axis)}}
            steps.append((last, [at], "a", more.get(last, {})))
            at = "a"
        shape = ["n", 1 if last == "ArgMax" else channels, *size]
        if nhwc:
            steps.append(("Transpose", [at], "y", {"perm": [0, 2, 3, 1]}))
            shape = ["n", *size, shape[1]]
        elif last != "ArgMax" and not axis:
            steps.append(("Squeeze", [at, "one"], "y", {}))
        else:
            steps.append(("Identity", [at], "y", {}))
        if not axis:
            shape = ["n", *size]
        takes = ["n", *size, 3] if nhwc else ["n", 3, *size]
        weights = {"w": weight, "b": bias, "one": np.array([1], np.int64)}
        kinds = ("FLOAT", "INT64" if last == "ArgMax" else "FLOAT")
        return write_graph("red", takes, {"y": shape}, steps, weights, metadata, kinds)

    return write


@pytest.mark.parametrize("nhwc", [False, True])
@pytest.mark.parametrize("size", [("h", "w"), (40, 50), (24, 20)])
@pytest.mark.parametrize(
    ("last", "channels", "form"),
    [
        ("Sigmoid", 1, "sigmoid"),
        ("Sigmoid", 2, "sigmoid"),
        ("Softmax", 2, "probabilities"),
        (None, 2, "logits"),
        ("ArgMax", 2, "ids"),
    ],
)
def test_every_form_layout_and_size_predicts_the_same(red, last, channels, form, size, nhwc):
    file = red(last, size, nhwc, channels)
    said = {"classes": "rest,red", "scale": "unit", "view": "tiles"}
    model = Model.open(file, 1, said=said)
    assert model.card.output.form == form
    assert model.card.input.layout == ("NHWC" if nhwc else "NCHW")
    pixels = picture()
    assert (ids_of(model, pixels) == red_of(pixels)).all()


def test_an_answer_without_an_axis_for_channels(red):
    pixels = picture()
    for file in (red("Sigmoid", axis=False), red("ArgMax", channels=2, axis=False)):
        model = Model.open(file, 1, said={"classes": "rest,red", "scale": "unit"})
        assert (ids_of(model, pixels) == red_of(pixels)).all()


def test_the_background_of_one_channel_is_added_where_it_is_not_named(red):
    names = [
        c.name for c in Model.open(red(), said={"classes": "red", "scale": "unit"}).card.classes
    ]
    assert names == ["background", "red"]
    shares = Model.open(red(), said={"classes": "red", "scale": "unit"}).probabilities(
        np.full((1, 1, 3), 255, np.uint8)
    )
    # The network says σ(4 · 1 − 2) = 0.8808 for red, and nothing of the background.
    assert shares[:, 0, 0] == pytest.approx([0.1192, 0.8808], abs=1e-4)


def test_two_outputs_of_one_channel_are_two_classes(write_graph):
    blue = RED[:, ::-1].copy()
    file = write_graph(
        "two", ["n", 3, "h", "w"], {"r": ["n", 1, "h", "w"], "b": ["n", 1, "h", "w"]},
        [
            ("Conv", ["x", "wr", "bias"], "zr", {}), ("Sigmoid", ["zr"], "r", {}),
            ("Conv", ["x", "wb", "bias"], "zb", {}), ("Sigmoid", ["zb"], "b", {}),
        ],
        {"wr": RED, "wb": blue, "bias": np.array([-2.0], np.float32)},
        {"class_names": [{"0": "red"}, {"0": "blue"}], "model_type": "Segmentor"},
    )  # fmt: skip
    model = Model.open(file, 1)
    assert [c.name for c in model.card.classes] == ["background", "red", "blue"]
    row = np.array([[[9, 9, 9], [250, 0, 200], [200, 0, 250]]], np.uint8)
    assert ids_of(model, row).tolist() == [[0, 1, 2]]


def test_a_coarser_answer_is_enlarged(write_graph):
    file = write_graph(
        "coarse", ["n", 3, "h", "w"], {"y": ["n", 1, "h4", "w4"]},
        [("AveragePool", ["x"], "p", {"kernel_shape": [4, 4], "strides": [4, 4]}),
         ("Conv", ["p", "w", "b"], "z", {}), ("Sigmoid", ["z"], "y", {})],
        {"w": RED, "b": np.array([-2.0], np.float32)},
    )  # fmt: skip
    model = Model.open(file, 1, said={"classes": "red", "scale": "unit"})
    pixels = np.zeros((37, 64, 3), np.uint8)
    pixels[:, 32:] = 255
    assert (ids_of(model, pixels) == red_of(pixels)).all()


@pytest.mark.parametrize("fixed", [True, False])
def test_an_answer_without_its_margin_is_put_where_it_belongs(write_graph, fixed):
    kernel = np.zeros((1, 3, 9, 9), np.float32)
    kernel[0, 0, 0, 0] = 4  # it looks four pixels up and to the left
    sides = (32, 32) if fixed else ("h", "w")
    gives = (24, 24) if fixed else ("h8", "w8")
    file = write_graph(
        "margin", ["n", 3, *sides], {"y": ["n", 1, *gives]},
        [("Conv", ["x", "w", "b"], "z", {}), ("Sigmoid", ["z"], "y", {})],
        {"w": kernel, "b": np.array([-2.0], np.float32)},
    )  # fmt: skip
    for view in ("tiles", "whole"):
        model = Model.open(file, 1, said={"classes": "red", "scale": "unit", "view": view})
        height, width = (24, 24) if view == "whole" else (70, 45)
        pixels = picture(height, width)
        seen = np.pad(pixels, ((4, 4), (4, 4), (0, 0)), mode="edge")[:height, :width]
        assert (ids_of(model, pixels) == red_of(seen)).all()


def test_a_whole_picture_is_shown_in_the_size_of_the_network(red):
    model = Model.open(red(size=(8, 16)), 1, said={"classes": "red", "scale": "unit"})
    assert model.whole == (8, 16)
    pixels = np.zeros((64, 96, 3), np.uint8)
    pixels[:32, 48:] = 255
    ids = ids_of(model, pixels)
    assert (ids == red_of(pixels)).mean() > 0.97
    assert model.logits(pixels).argmax(0).tolist() == ids.tolist()


def test_scaling_order_mean_and_deviation_are_what_was_said(write_graph):
    file = write_graph(
        "same", ["n", 3, "h", "w"], {"y": ["n", 3, "h", "w"]},
        [("Conv", ["x", "w", "b"], "y", {})],
        {"w": np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1), "b": np.zeros(3, np.float32)},
    )  # fmt: skip
    pixel = np.array([[[255, 51, 0]]], np.uint8)

    def fed(**said):
        said = {"classes": "a,b,c"} | said
        return Model.open(file, 1, said=said).logits(pixel)[:, 0, 0]

    assert fed(scale="unit") == pytest.approx([1, 0.2, 0])
    assert fed(scale="signed") == pytest.approx([1, -0.6, -1])
    assert fed(scale="raw") == pytest.approx([255, 51, 0])
    assert fed(scale="imagenet") == pytest.approx([2.2489, -1.1429, -1.8044], abs=1e-3)
    assert fed(scale="unit", order="bgr") == pytest.approx([0, 0.2, 1])
    said = {"scale": "raw", "order": "bgr", "mean": "0,1,55", "std": "1,50,100"}
    assert fed(**said) == pytest.approx([0, 1, 2])
    with pytest.raises(UserError, match="takes 3 bands, its mean has 2"):
        fed(scale="raw", mean="1,2")
    with pytest.raises(UserError, match="scale cannot be"):
        fed(scale="huge")


def test_bytes_are_fed_as_bytes(write_graph):
    file = write_graph(
        "bytes", ["n", "h", "w", 3], {"y": ["n", "h", "w", 3]},
        [("Identity", ["x"], "y", {})], kinds=("UINT8", "UINT8"),
    )  # fmt: skip
    pixels = np.array([[[7, 9, 8]]], np.uint8)
    with pytest.raises(Unsaid) as error:
        Model.open(file)
    assert error.value.missing == ("classes",)  # whole numbers are ids: of which classes?
    with pytest.raises(UserError, match="gives the class 7"):
        Model.open(file, 1, said={"classes": "a,b"}).logits(pixels)


def test_what_lacks_is_said_with_the_options_that_say_it(red):
    file = red(None, channels=1)
    with pytest.raises(
        Unsaid, match=r"which classes .* how its input .* what its numbers"
    ) as error:
        Model.open(file)
    assert error.value.missing == ("classes", "scale", "form")
    assert "--classes NAME --scale unit" in error.value.hint
    assert "red.card.json" in error.value.hint
    assert isinstance(error.value.facts, Facts)
    with pytest.raises(Unsaid, match="which classes"):
        Model.open(file, said={"classes": "", "form": "logits", "scale": "unit"})
    with pytest.raises(Unsaid, match=r"red.onnx does not say how its input is scaled$"):
        Model.open(file, said={"classes": "red", "form": "logits"})


def test_the_wrong_number_of_classes_is_refused(red):
    with pytest.raises(UserError, match="gives 2 channels of classes, 4 were named"):
        Model.open(red(None, channels=2), said={"classes": "a,b,c,d", "scale": "unit"})


def test_numbers_that_are_no_shares_are_noticed(red):
    said = {"classes": "a,b", "scale": "raw", "form": "probabilities"}
    model = Model.open(red(None, channels=2), 1, said=said)
    with pytest.raises(UserError, match="no shares of 0 to 1") as error:
        model.logits(np.full((2, 2, 3), 255, np.uint8))
    assert "--form logits" in error.value.hint


def test_a_card_beside_a_file_may_be_short(red):
    file = red(None, channels=2)
    card = {"classes": ["rest", "red"], "input": {"mean": [0, 0, 0], "std": [1, 1, 1]}}
    sidecar_of(file).write_text(json.dumps(card))
    pixels = picture()
    model = Model.open(file, 1)
    assert (ids_of(model, pixels) == red_of(pixels)).all()
    assert len({c.colour for c in model.card.classes}) == 2
    sidecar_of(file).write_text(json.dumps(card | {"output": {"form": "guess"}}))
    with pytest.raises(UserError, match="not the card"):
        Model.open(file)


def test_ids_are_never_in_doubt_so_they_rank_nothing(red):
    said = {"classes": "rest,red", "scale": "unit"}
    pixels = picture()
    with pytest.raises(UserError, match="only which class"):
        mean_entropy(Model.open(red("ArgMax", channels=2), 1, said=said), pixels)
    sure = mean_entropy(Model.open(red("Softmax", channels=2), 1, said=said), pixels)
    assert 0.1 < sure < 0.9


@pytest.mark.parametrize(
    ("takes", "gives", "message"),
    [
        ([1, 3, 8, 8], [1, 10], "gives 1 × 10 for 1 × 3 × 8 × 8"),
        ([1, 3, 8, 8], [1, 3, 16, 16], "no map of classes"),
        ([1, 3, 18, 32], [18, 32, 3], "gives 18 × 32 × 3"),
        ([4, 3, 8, 8], [4, 3, 8, 8], "takes 4 pictures at a time"),
        ([1, 3, 8], [1, 3, 8], "takes 1 × 3 × 8"),
        ([1, 3, "h", 8], [1, 3, "h", 8], "wide 8 pixels"),
    ],
)
def test_what_is_no_network_for_segmentation_says_so(write_graph, takes, gives, message):
    fixed = all(isinstance(side, int) for side in gives)
    weights = {"c": np.zeros(gives, np.float32)} if fixed else {}
    steps = [("Identity", ["c" if fixed else "x"], "y", {})]
    file = write_graph("other", takes, {"y": gives}, steps, weights)
    with pytest.raises(UserError, match=message):
        Model.open(file, said={"classes": "a,b,c", "scale": "unit", "form": "logits"})


def test_networks_for_other_tasks_say_what_they_are(red):
    with pytest.raises(UserError, match="is a Regressor, not a model for segmentation"):
        Model.open(red(metadata={"model_type": "Regressor"}))


def test_real_networks_open_or_say_why_not(data):
    said = {"classes": "background,person", "scale": "unit"}
    opened = {}
    for file in sorted((data / "onnx_models").rglob("*.onnx")):
        assert not sidecar_of(file).exists()
        try:
            model = Model.open(file, 1, said=said)
            ids = ids_of(model, picture(90, 120))
            opened[file.stem] = True
            assert set(np.unique(ids)) <= set(model.card.ids)
        except UserError as error:
            opened[file.stem] = error.message
    real = "SINet_Softmax", "deeplab_nchw", "mediapipe", "prisma_nchw", "selfie_segmentation"
    assert all(opened[name] is True for name in real)
    assert "can load" in opened["needs_onnxruntime_extensions_superres"]
    assert "no map of classes" in opened["mnist_not_segmentation"]
    assert "no map of classes" in opened["zero_dce_180x320"]
    assert "what its numbers mean" in opened["tcmonodepth_tcsmallnet_192x320"]
