import importlib.util
import shutil
import time
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.inference.patience import run_patiently
from segstudio.inference.prompt_encoder import Frame
from segstudio.inference.prompts import PromptModel

KINDS = ("sam", "sam with rows", "sam 2", "efficient sam", "plain")
RED, BLUE = (200, 40, 40), (30, 60, 200)


def load_networks():
    path = Path(__file__).resolve().parents[1] / "figures" / "prompt_networks.py"
    spec = importlib.util.spec_from_file_location("prompt_networks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    networks, root = load_networks(), tmp_path_factory.mktemp("prompts")
    writers = (
        networks.write_sam,
        lambda folder: networks.write_sam(folder, rows=True),
        networks.write_sam2,
        networks.write_efficient,
        networks.write_plain,
    )
    found = {}
    for kind, write in zip(KINDS, writers, strict=True):
        found[kind] = root / kind
        found[kind].mkdir()
        write(found[kind])
    return found


@pytest.fixture(scope="module")
def few_points(tmp_path_factory):
    return load_networks().write_sam2(tmp_path_factory.mktemp("few"), points=3)


def picture():
    """Return a picture with a large and a small red thing and a blue one, and where they are."""
    rgb = np.full((90, 140, 3), 120, np.uint8)
    places = np.zeros((90, 140), np.uint8)
    for n, (box, colour) in enumerate(
        ((Box(20, 30, 60, 70), RED), (Box(10, 100, 30, 130), RED), (Box(66, 90, 84, 120), BLUE)), 1
    ):
        rgb[box.slices], places[box.slices] = colour, n
    return rgb, places


def iou(region, truth):
    return (region & truth).sum() / (region | truth).sum()


@pytest.fixture(params=KINDS)
def embedded(request, folders):
    model = PromptModel.open(folders[request.param])
    return model, model.embed(picture()[0], Quiet())


def test_a_click_selects_what_looks_like_it(embedded):
    model, embedding = embedded
    _, places = picture()
    red, blue = (places == 1) | (places == 2), places == 3
    for (x, y), truth in (((50, 40), red), ((105, 75), blue), ((10, 10), places == 0)):
        found = model.masks(embedding, [(x, y, True)])
        assert found[0].region.shape == places.shape
        assert found[0].region[y, x]
        assert iou(found[0].region, truth) > 0.84
        assert [candidate.score for candidate in found] == sorted(
            (candidate.score for candidate in found), reverse=True
        )


def test_a_box_selects_inside_it(embedded):
    model, embedding = embedded
    _, places = picture()
    found = model.masks(embedding, [(50, 40, True)], Box(14, 24, 66, 76))
    assert iou(found[0].region, places == 1) > 0.84
    alone = model.masks(embedding, box=Box(20, 30, 60, 70))[0].region
    assert iou(alone, places == 1) > 0.84


def test_negative_clicks_take_away(embedded):
    model, embedding = embedded
    _, places = picture()
    both = [(50, 40, True), (105, 75, True)]
    assert model.masks(embedding, both)[0].region[75, 105]
    found = model.masks(embedding, [(50, 40, True), (105, 75, False)])
    assert not found[0].region[places == 3].any()
    assert found[0].region[40, 50]


def test_there_are_several_candidates_of_different_size(folders):
    model = PromptModel.open(folders["sam"])
    found = model.masks(model.embed(picture()[0], Quiet()), [(50, 40, True)])
    assert [round(candidate.score, 2) for candidate in found] == [0.8, 0.6, 0.5]
    areas = [int(candidate.region.sum()) for candidate in found]
    assert areas[0] > areas[1] > areas[2] > 0


@pytest.mark.parametrize("kind", ["sam", "sam with rows", "sam 2"])
def test_the_mask_before_goes_into_the_next(folders, kind):
    """A mask that knows the first thing only keeps the second out, which looks the same."""
    model = PromptModel.open(folders[kind])
    embedding = model.embed(picture()[0], Quiet())
    _, places = picture()
    boxed = model.masks(embedding, [(50, 40, True)], Box(14, 24, 66, 76))[0]
    assert boxed.low_res.shape == (32, 32)
    fresh = model.masks(embedding, [(50, 40, True)])[0]
    refined = model.masks(embedding, [(50, 40, True)], low_res=boxed.low_res)[0]
    assert fresh.region[places == 2].mean() > 0.9
    assert not refined.region[places == 2].any()
    assert iou(refined.region, places == 1) > 0.84


def test_a_model_that_takes_no_mask_gives_none(folders):
    model = PromptModel.open(folders["efficient sam"])
    embedding = model.embed(picture()[0], Quiet())
    found = model.masks(embedding, [(50, 40, True)])
    assert all(candidate.low_res is None for candidate in found)
    again = model.masks(embedding, [(50, 40, True)], low_res=np.zeros((32, 32), np.float32))
    assert (again[0].region == found[0].region).all()


@pytest.mark.parametrize("shape", [(1, 1), (300, 20), (20, 300), (64, 64)])
def test_pictures_of_any_size(embedded, shape):
    model, _ = embedded
    embedding = model.embed(np.full((*shape, 3), RED, np.uint8), Quiet())
    found = model.masks(embedding, [(0.5, 0.5, True)])
    assert found[0].region.shape == shape
    assert found[0].region.all()
    assert embedding.nbytes > 0


def test_the_two_files_may_be_named_and_lie_anywhere(folders, tmp_path):
    first = shutil.copy(folders["sam"] / "encoder.onnx", tmp_path / "one.onnx")
    second = shutil.copy(folders["sam 2"] / "x.decoder.onnx", tmp_path / "two.onnx")
    with pytest.raises(UserError, match="takes high_res_feats_0, but its encoder gives"):
        PromptModel.open(first, second)
    second = shutil.copy(folders["sam"] / "decoder.onnx", tmp_path / "two.onnx")
    assert PromptModel.open(first, second)
    with pytest.raises(UserError, match=r"two\.onnx takes image_embeddings"):
        PromptModel.open(second, first)


def test_a_folder_without_a_pair_is_named(folders, tmp_path):
    with pytest.raises(UserError, match=r"no \.onnx file, not one encoder and one decoder"):
        PromptModel.open(tmp_path)
    shutil.copy(folders["sam"] / "encoder.onnx", tmp_path)
    with pytest.raises(UserError, match=r"has encoder\.onnx, not one") as error:
        PromptModel.open(tmp_path)
    assert error.value.hint
    with pytest.raises(UserError, match="there is no file"):
        PromptModel.open(tmp_path / "encoder.onnx", tmp_path / "none.onnx")


def write_plain(path, inputs, outputs):
    """Write a model of those inputs and outputs (name and shape) that computes nothing."""
    given = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()]
    nodes, constants, made = [], [], []
    for name, shape in outputs.items():
        constants.append(numpy_helper.from_array(np.zeros(shape, np.float32), f"{name}_0"))
        nodes.append(helper.make_node("Identity", [f"{name}_0"], [name]))
        made.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    graph = helper.make_graph(nodes, "g", given, made, constants)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path
    )


IMAGE = {"image": [1, 3, 64, 64]}
FEATURES = {"image_embeddings": [1, 4, 8, 8]}
POINTS = {"point_coords": [1, 2, 2], "point_labels": [1, 2]}
ANSWERS = {"masks": [1, 3, 32, 32], "iou_predictions": [1, 3]}


@pytest.mark.parametrize(
    ("encoder", "decoder", "answers", "message"),
    [
        ({"a": [1, 3, 9, 9], "b": [1]}, None, None, r"encoder.onnx takes a \(1 × 3 × 9 × 9\), b"),
        ({"a": [1, 4, 64, 64]}, None, None, "encoder.onnx takes a"),
        ({"a": [64, 64, 1]}, None, None, "encoder.onnx takes a"),
        ({"a": [1, 768]}, None, None, "encoder.onnx takes a"),
        (IMAGE, {**FEATURES, "text": [1, 77]}, ANSWERS, "takes image_embeddings, text, but no"),
        (IMAGE, {**FEATURES, **POINTS, "text": [1]}, ANSWERS, "takes text, but its encoder gives"),
        (IMAGE, {**FEATURES, **POINTS, "point_labels": [2]}, ANSWERS, "takes point_labels as 2"),
        (IMAGE, POINTS, ANSWERS, "takes nothing that its encoder gives"),
        (IMAGE, {**FEATURES, **POINTS}, {"logits": [1, 3, 8, 8]}, "decoder.onnx gives logits"),
        (IMAGE, {"other": [1, 9, 8, 8], **POINTS}, ANSWERS, "takes other, but its encoder gives"),
    ],
)
def test_other_inputs_and_outputs_are_refused(tmp_path, encoder, decoder, answers, message):
    write_plain(tmp_path / "encoder.onnx", encoder, FEATURES)
    write_plain(tmp_path / "decoder.onnx", decoder or {**FEATURES, **POINTS}, answers or ANSWERS)
    with pytest.raises(UserError, match=message) as error:
        PromptModel.open(tmp_path)
    assert "takes" in error.value.hint  # what is expected


def test_features_of_another_name_but_the_same_shape_are_taken(tmp_path):
    write_plain(tmp_path / "encoder.onnx", IMAGE, {"features": [1, 4, 8, 8]})
    write_plain(tmp_path / "decoder.onnx", {**FEATURES, **POINTS}, ANSWERS)
    model = PromptModel.open(tmp_path)
    # Nothing is above 0 in its masks.
    assert model.masks(model.embed(picture()[0], Quiet()), [(1, 1, True)]) == []


def test_a_file_that_is_no_model_is_named(folders, tmp_path):
    shutil.copy(folders["sam"] / "encoder.onnx", tmp_path)
    (tmp_path / "decoder.onnx").write_bytes(b"no")
    with pytest.raises(UserError, match=r"decoder\.onnx is not a model"):
        PromptModel.open(tmp_path)


def test_a_model_with_room_for_few_points_says_so(few_points):
    model = PromptModel.open(few_points)
    embedding = model.embed(picture()[0], Quiet())
    _, places = picture()
    found = model.masks(embedding, [(50, 40, True)])
    assert iou(found[0].region, (places == 1) | (places == 2)) > 0.84
    with pytest.raises(UserError, match="at most 3 points"):
        model.masks(embedding, [(n, 5, True) for n in range(4)])


def test_clicks_outside_are_refused(folders):
    model = PromptModel.open(folders["sam"])
    embedding = model.embed(picture()[0], Quiet())
    for place in ((-1, 5), (5, 91), (float("nan"), 3)):
        with pytest.raises(UserError, match="click lies outside"):
            model.masks(embedding, [(*place, True)])
    with pytest.raises(UserError, match="box lies outside"):
        model.masks(embedding, box=Box(200, 200, 300, 300))
    with pytest.raises(UserError, match="neither a click nor a box"):
        model.masks(embedding)
    with pytest.raises(UserError, match="picture is empty"):
        model.embed(np.zeros((0, 5, 3), np.uint8), Quiet())


def test_metadata_say_how_to_prepare_pictures(folders, tmp_path):
    shutil.copytree(folders["sam"], tmp_path, dirs_exist_ok=True)
    model = onnx.load(tmp_path / "encoder.onnx")
    helper.set_model_props(
        model,
        {"standardization_mean": "[0.5, 0.5, 0.5]", "standardization_std": "[0.25, 0.25, 0.25]"},
    )
    onnx.save(model, tmp_path / "encoder.onnx")
    white = np.full((64, 64, 3), 255, np.uint8)
    (found,) = PromptModel.open(tmp_path).embed(white, Quiet()).features.values()
    assert np.allclose(found, 2, atol=1e-4)
    (found,) = PromptModel.open(folders["sam"]).embed(white, Quiet()).features.values()
    assert np.allclose(found[0, :, 3, 3], [2.2489, 2.4286, 2.64], atol=1e-3)


def test_a_picture_lies_in_its_frame():
    frame = Frame.of((90, 140), (64, 64), stretched=False)
    assert frame.filled == (41, 64)
    assert frame.seen((140, 90)) == (64, 41)
    assert Frame.of((90, 140), (64, 64), stretched=True).seen((70, 45)) == (32, 32)
    assert Frame.of((512, 256), (None, None), stretched=False).whole == (1024, 512)


class Slow:
    """A session of many convolutions, about a second long."""

    @staticmethod
    def open(threads):
        import onnxruntime

        kernel = np.full((48, 48, 3, 3), 1e-3, np.float32)
        nodes = [
            helper.make_node("Conv", [f"x{n}", "k"], [f"x{n + 1}"], pads=[1] * 4) for n in range(40)
        ]
        given, made = (
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 48, None, None])
            for name in ("x0", "x40")
        )
        graph = helper.make_graph(
            nodes, "g", [given], [made], [numpy_helper.from_array(kernel, "k")]
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 4
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )


class StopAt:
    def __init__(self, call):
        self.left = call

    def report(self, done, total, text):
        self.left -= 1
        if not self.left:
            raise Cancelled


def test_a_long_run_can_be_stopped():
    session, x = Slow.open(2), np.zeros((1, 48, 512, 512), np.float32)
    start = time.perf_counter()
    run_patiently(session, {"x0": x}, Quiet(), "")
    whole = time.perf_counter() - start
    start = time.perf_counter()
    with pytest.raises(Cancelled):
        run_patiently(session, {"x0": x}, StopAt(2), "")
    assert time.perf_counter() - start < max(0.6 * whole, 0.5)


def test_with_one_thread_it_runs_all_the_same():
    x = np.ones((1, 48, 4, 4), np.float32)
    (alone,) = run_patiently(Slow.open(1), {"x0": x}, Quiet(), "")
    (found,) = run_patiently(Slow.open(2), {"x0": x}, Quiet(), "")
    assert np.allclose(alone, found)


def test_a_model_that_cannot_be_run_is_named(folders):
    model = PromptModel.open(folders["sam"])
    embedding = model.embed(picture()[0], Quiet())
    embedding.features["image_embeddings"] = np.zeros((1, 5, 3, 3), np.float32)
    with pytest.raises(UserError, match=r"decoder\.onnx cannot be run"):
        model.masks(embedding, [(5, 5, True)])
