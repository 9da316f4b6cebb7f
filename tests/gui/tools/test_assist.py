import json

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.card import Card, CardClass, InputSpec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.builtin.assist import Assist
from segstudio.gui.tools.tool import Press
from segstudio.workflows.models import IN_USE

SIGN = Box(120, 80, 240, 260)
"""A patch of mid grey in the dark half of the picture, in which a darker stripe lies."""


@pytest.fixture
def sign(session):
    path = session.project.path_of(session.image)
    pixels = cv2.imread(str(path))
    pixels[SIGN.slices] = 130
    noisy = pixels + np.random.default_rng(0).normal(0, 5, pixels.shape)
    cv2.imwrite(str(path), noisy.clip(0, 255).astype(np.uint8))
    where = np.zeros(pixels.shape[:2], bool)
    where[SIGN.slices] = True
    return where


@pytest.fixture
def model(session):
    """Put a model in use that takes brightness for class: dark 0, mid grey a bit of 1, bright 2."""
    folder = session.project.run_folder(1) / "model"
    folder.mkdir(parents=True)
    weights = np.zeros((3, 3, 1, 1), np.float32)
    weights[0, :], weights[2, :] = -2.0, 2.0
    bias = np.array([0.0, 0.6, -4.0], np.float32)
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Conv", ["image", "w", "b"], ["logits"])],
        "g",
        [value("image", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [value("logits", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(bias, "b")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, folder / "model.onnx")
    classes = tuple(CardClass(n, name, (0, 0, 0)) for n, name in enumerate("abc"))
    spec = InputSpec(3, 1 / 255, (0.35,) * 3, (0.25,) * 3)
    card = Card(classes, "by_hand", {}, spec, stride=1, tile=64, halo=16)
    (folder / "card.json").write_text(json.dumps(card.to_json()))
    session.project.set_fact(IN_USE, "1").result(timeout=20)


@pytest.fixture
def tool(session, sign, pictured):
    session.view.choose_class(1)
    session.view.set_brush(12)
    session.view.choose_tool("assist")
    return Assist(pictured)


def drag(tool, *points, **held):
    tool.press(Press(points[0], **held))
    for point in points[1:]:
        tool.move(Press(point, **held))
    tool.release(Press(points[-1], **held))


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def iou(a, b):
    return (a & b).sum() / (a | b).sum()


def test_a_stroke_brings_the_region_around_it_as_one_edit(session, model, tool, sign, wait_idle):
    before = len(session.history.entries)
    drag(tool, (110.0, 180.0), (170.0, 180.0), (230.0, 180.0))
    assert tool.thinking
    assert tool.preview
    wait_idle()
    painted = mask(session) == 1
    assert iou(painted, sign) > 0.85
    assert len(session.history.entries) == before + 1
    assert session.history.next_undo.text == "Correct with the model"
    assert not tool.thinking
    assert not tool.preview
    session.undo()
    assert (mask(session) == UNLABELLED).all()
    session.redo()
    assert ((mask(session) == 1) == painted).all()


def test_a_box_finds_the_object_inside(session, model, tool, sign, wait_idle):
    drag(tool, (60.0, 100.0), (280.0, 260.0), shift=True)
    wait_idle()
    painted = mask(session) == 1
    assert iou(painted, sign) > 0.85
    outside = np.ones(sign.shape, bool)
    outside[100:260, 60:280] = False
    assert not painted[outside].any()


def test_strokes_in_a_row_wait_for_each_other(session, model, tool, sign, wait_idle):
    before = len(session.history.entries)
    drag(tool, (110.0, 150.0), (230.0, 150.0))
    drag(tool, (110.0, 220.0), (230.0, 220.0))
    session.view.choose_class(2)
    drag(tool, (500.0, 300.0), (560.0, 300.0))
    wait_idle()
    assert iou(mask(session) == 1, sign) > 0.85
    assert mask(session)[300, 530] == 2
    assert len(session.history.entries) >= before + 2


def test_what_a_person_has_painted_before_stays(session, model, tool, stroke, wait_idle):
    stroke((100, 400), (300, 400), diameter=30, value=2)
    before = mask(session)
    drag(tool, (110.0, 180.0), (230.0, 180.0))
    wait_idle()
    after = mask(session)
    assert (after[before == 2] == 2).all()
    assert (after == 1).any()


def test_without_a_model_the_stroke_is_painted_and_it_is_said_once(session, tool, said, wait_idle):
    drag(tool, (110.0, 180.0), (230.0, 180.0))
    wait_idle()
    assert said == ["train a model first; until then the brush paints"]
    painted = mask(session) == 1
    assert painted[180, 110:230].all()
    assert painted.sum() < 140 * 14
    assert session.history.next_undo.text == "Brush"
    drag(tool, (110.0, 220.0), (230.0, 220.0))
    wait_idle()
    assert (mask(session) == 1)[220, 110:230].all()
    assert len(said) == 1


def test_a_model_that_cannot_help_loses_no_stroke(session, model, tool, said, wait_idle):
    (session.project.run_folder(1) / "model" / "model.onnx").write_bytes(b"no model")
    drag(tool, (110.0, 180.0), (230.0, 180.0))
    wait_idle()
    assert "is not a model" in said[0]
    assert (mask(session) == 1)[180, 110:230].all()


def test_right_drag_erases_as_the_eraser_does(session, model, tool, stroke, wait_idle):
    stroke((100, 180), (300, 180), diameter=60, value=2)
    drag(tool, (150.0, 180.0), (200.0, 180.0), erase=True)
    wait_idle()
    assert (mask(session)[180, 150:200] == UNLABELLED).all()
    assert mask(session)[165, 170] == 2
    assert session.history.next_undo.text == "Erase"


def test_esc_gives_up_the_thought_and_another_tool_does_not(session, model, tool, wait_idle):
    drag(tool, (110.0, 180.0), (230.0, 180.0))
    assert tool.forget()
    wait_idle()
    assert (mask(session) == UNLABELLED).all()
    assert not tool.preview
    drag(tool, (110.0, 180.0), (230.0, 180.0))
    session.view.choose_tool("brush")
    tool.forget()
    wait_idle()
    assert (mask(session) == 1).any()


def test_locked_classes_keep_their_pixels(session, model, tool, stroke, wait_idle):
    from dataclasses import replace

    stroke((120, 200), (220, 200), value=2)
    there = mask(session) == 2
    session.change_class(replace(session.class_of(2), locked=True))
    drag(tool, (110.0, 160.0), (230.0, 160.0))
    wait_idle()
    assert (mask(session)[there] == 2).all()
    assert (mask(session) == 1).any()


def test_a_class_the_model_does_not_know_gets_the_stroke(session, model, tool, wait_idle):
    from segstudio.domain.classes import LabelClass

    session.change_class(LabelClass(7, "poster", (1, 2, 3), position=7))
    session.view.choose_class(7)
    drag(tool, (110.0, 180.0), (230.0, 180.0))
    wait_idle()
    assert (mask(session)[180, 110:230] == 7).all()


def test_a_class_deleted_and_an_image_left_while_it_thinks(
    session, model, tool, open_image, wait_idle
):
    from segstudio.domain.edit import Edit, RowChange
    from segstudio.domain.records import class_row

    drag(tool, (110.0, 180.0), (230.0, 180.0))
    row = RowChange("classes", 1, class_row(session.class_of(1)), None)
    session.apply(Edit("Delete class", rows=(row,)))
    wait_idle()
    assert not (mask(session) == 1).any()
    assert not tool.thinking
    session.view.choose_class(2)
    drag(tool, (110.0, 180.0), (230.0, 180.0))
    open_image(2)
    tool.forget()
    wait_idle()
    assert (mask(session) == UNLABELLED).all()
    assert not tool.thinking


def test_it_is_drawn(model, tool, wait_idle):
    tool.press(Press((60.0, 100.0), shift=True))
    tool.move(Press((280.0, 260.0)))
    view = Viewport()
    view.resize(700, 530)
    view.show(Box(0, 0, 530, 700))
    screen = QImage(700, 530, QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    tool.draw(painter, view)
    painter.end()
    corner = view.to_view(60, 100)
    near = [
        screen.pixel(int(corner.x()) + dx, int(corner.y()) + dy) & 0xFFFFFF
        for dx in range(3)
        for dy in range(3)
    ]
    assert any(near)
    tool.cancel()
