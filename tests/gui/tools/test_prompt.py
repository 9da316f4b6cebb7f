import importlib.util
import shutil
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.tools import prompt_source
from segstudio.gui.tools.builtin.prompt import Prompt, PromptOptions
from segstudio.gui.tools.tool import Press
from segstudio.workflows.prompting import FOLDER

PLACES = {
    "red": Box(60, 50, 220, 200),
    "small": Box(300, 60, 360, 120),
    "blue": Box(60, 450, 200, 600),
}
COLOURS = {"red": (200, 40, 40), "small": (200, 40, 40), "blue": (30, 60, 200)}


@pytest.fixture(scope="session")
def sam(tmp_path_factory):
    """The folder of a prompt model that goes by colours."""
    path = Path(__file__).resolve().parents[2] / "figures" / "prompt_networks.py"
    spec = importlib.util.spec_from_file_location("prompt_networks", path)
    networks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(networks)
    folder = tmp_path_factory.mktemp("sam")
    networks.write_sam(folder)
    return folder


@pytest.fixture(autouse=True)
def no_choice():
    yield
    QSettings("segstudio", "segstudio").remove(prompt_source.SETTING)


@pytest.fixture
def things(session):
    """Draw two red things and a blue one into the picture."""
    path = session.project.path_of(session.image)
    pixels = np.full((530, 700, 3), 120, np.uint8)
    for name, box in PLACES.items():
        pixels[box.slices] = COLOURS[name]
    cv2.imwrite(str(path), pixels[:, :, ::-1])


@pytest.fixture
def make(session, things, pictured, wait_idle):
    def make():
        session.view.choose_class(1)
        tool = Prompt(pictured)
        session.view.choose_tool("brush")
        session.view.choose_tool("prompt")
        return tool

    return make


@pytest.fixture
def tool(qtbot, make, session, wait_idle):
    tool = make()
    qtbot.wait(1)
    wait_idle()
    return tool


@pytest.fixture
def with_model(qtbot, make, session, sam, wait_idle):
    shutil.copytree(sam, session.project.root / FOLDER)
    tool = make()
    qtbot.waitUntil(lambda: bool(tool.source.name), timeout=20_000)
    wait_idle()
    return tool


def click(tool, x, y, **held):
    tool.press(Press((x, y), **held))
    tool.release(Press((x, y), **held))


def drag(tool, a, b):
    tool.press(Press(a))
    tool.move(Press(b))
    tool.release(Press(b))


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def shown(tool):
    out = np.zeros((530, 700), bool)
    for patch in tool.preview:
        out[patch.box.slices] |= patch.region
    return out


def place(*names):
    out = np.zeros((530, 700), bool)
    for name in names:
        out[PLACES[name].slices] = True
    return out


def iou(a, b):
    return (a & b).sum() / (a | b).sum()


# -- without a model ---------------------------------------------------------------------


def test_without_a_model_clicks_go_by_colours_and_edges(session, tool, wait_idle):
    assert "no prompt model is installed" in tool.note()
    click(tool, 120.0, 140.0)
    wait_idle()
    found = shown(tool)
    assert iou(found, place("red")) > 0.95
    assert (mask(session) == UNLABELLED).all()
    assert tool.finish()
    wait_idle()
    assert ((mask(session) == 1) == found).all()
    assert session.history.next_undo.text == "Click prompt"
    assert not tool.begun
    assert not tool.preview
    session.undo()
    assert (mask(session) == UNLABELLED).all()
    session.redo()
    assert ((mask(session) == 1) == found).all()


def test_right_clicks_take_away_and_backspace_takes_them_back(tool, wait_idle):
    click(tool, 120.0, 140.0)
    click(tool, 520.0, 140.0)
    wait_idle()
    both = shown(tool)
    assert iou(both, place("red", "blue")) > 0.95
    click(tool, 500.0, 120.0, erase=True)
    wait_idle()
    assert not shown(tool)[120, 500]
    assert [good for *_, good in tool.clicks] == [True, True, False]
    assert tool.back()
    wait_idle()
    assert (shown(tool) == both).all()
    tool.back()
    assert tool.back()
    assert not tool.begun
    assert not tool.back()


def test_a_drag_is_a_box(tool, wait_idle):
    drag(tool, (430.0, 40.0), (620.0, 220.0))
    wait_idle()
    assert tool.box == Box(40, 430, 220, 620)
    assert iou(shown(tool), place("blue")) > 0.95
    assert tool.forget()
    assert tool.box is None
    assert not tool.preview


def test_clicks_outside_are_none(session, tool):
    click(tool, -20.0, 50.0)
    assert not tool.begun
    drag(tool, (-90.0, -90.0), (-20.0, -20.0))
    assert not tool.begun
    assert not session.jobs.jobs


def test_enter_right_after_the_click_paints_what_comes(session, tool, wait_idle):
    click(tool, 120.0, 140.0)
    assert tool.finish()
    wait_idle()
    assert iou(mask(session) == 1, place("red")) > 0.95


# -- with a model ------------------------------------------------------------------------


def test_a_model_of_the_project_answers(with_model, wait_idle):
    tool = with_model
    assert tool.note() == "by the model of walls"
    click(tool, 120.0, 140.0)
    wait_idle()
    assert iou(shown(tool), place("red", "small")) > 0.8  # this one goes by colours alone
    assert "answer 1 of 3" in tool.note()
    assert "80% sure" in tool.note()


def test_other_answers_are_stepped_through(session, with_model, wait_idle):
    tool = with_model
    assert not tool.another(1)
    click(tool, 120.0, 140.0)
    wait_idle()
    first = shown(tool)
    assert tool.another(1)
    second = shown(tool)
    assert second.sum() < first.sum()
    assert "answer 2 of 3" in tool.note()
    assert tool.another(-1)
    assert (shown(tool) == first).all()
    tool.another(-1)
    assert "answer 3 of 3" in tool.note()
    third = shown(tool)
    tool.finish()
    wait_idle()
    assert ((mask(session) == 1) == third).all()


def test_a_box_and_bad_clicks_reach_the_model(with_model, wait_idle):
    tool = with_model
    drag(tool, (40.0, 50.0), (210.0, 230.0))
    wait_idle()
    assert iou(shown(tool), place("red")) > 0.8
    tool.forget()
    click(tool, 120.0, 140.0)
    click(tool, 520.0, 140.0)
    wait_idle()
    assert shown(tool)[130, 520]
    tool.back()
    click(tool, 500.0, 120.0, erase=True)
    wait_idle()
    assert not shown(tool)[130, 520]
    assert shown(tool)[140, 120]


def test_the_picture_is_understood_once(with_model, monkeypatch, wait_idle, session):
    started = []
    session.jobs.started.connect(lambda job: started.append(job.lane))
    click(with_model, 120.0, 140.0)
    click(with_model, 520.0, 140.0)
    wait_idle()
    assert prompt_source.LANE not in started


def test_clicks_before_the_model_is_ready_are_answered_twice(qtbot, make, session, sam, wait_idle):
    shutil.copytree(sam, session.project.root / FOLDER)
    tool = make()
    click(tool, 120.0, 140.0)
    wait_idle()
    qtbot.waitUntil(lambda: tool.answers == 3, timeout=20_000)
    assert "answer 1 of 3" in tool.note()


def test_it_can_be_told_to_leave_the_model_out(with_model, wait_idle):
    with_model.options = PromptOptions(model=False)
    with_model.options_changed()
    click(with_model, 120.0, 140.0)
    wait_idle()
    assert with_model.note() == "by colours and edges"
    assert iou(shown(with_model), place("red")) > 0.95
    with_model.options = PromptOptions(model=True)
    with_model.options_changed()
    wait_idle()
    assert "answer 1 of 3" in with_model.note()


# -- choosing one ------------------------------------------------------------------------


def test_a_model_is_chosen_once(qtbot, tool, session, sam, wait_idle, make):
    ask = ScriptedAsker()
    ask.answer("open_files", [])
    tool.choose_model(ask)
    assert not session.jobs.jobs
    ask.answer("open_files", sorted(sam.glob("*.onnx")))
    tool.choose_model(ask)
    qtbot.waitUntil(lambda: bool(tool.source.name), timeout=20_000)
    wait_idle()
    again = make()  # as after the next start
    qtbot.waitUntil(lambda: bool(again.source.name), timeout=20_000)
    assert again.source.name == tool.source.name


def test_a_wrong_choice_is_said(tool, session, tmp_path):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    ask = ScriptedAsker()
    ask.answer("open_files", [tmp_path / "weights.pt"])
    tool.choose_model(ask)
    assert said == ["a prompt model is two .onnx files, 0 were chosen"]


def other_inputs(folder):
    """Write a model of one file's worth of other inputs."""
    folder.mkdir()
    for name in ("encoder", "decoder"):
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            [helper.make_node("Identity", ["tokens"], ["out"])], "g",
            [value("tokens", TensorProto.INT64, ["n", 7])],
            [value("out", TensorProto.INT64, ["n", 7])],
        )  # fmt: skip
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.save(model, folder / f"{name}.onnx")


def test_a_model_with_other_inputs_is_said_once_and_clicks_go_on(qtbot, make, session, wait_idle):
    other_inputs(session.project.root / FOLDER)
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    tool = make()
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    wait_idle()
    assert said[0].startswith("encoder.onnx takes tokens (n × 7)")
    click(tool, 120.0, 140.0)
    wait_idle()
    assert iou(shown(tool), place("red")) > 0.95
    session.view.choose_tool("brush")
    session.view.choose_tool("prompt")
    qtbot.wait(1)
    wait_idle()
    assert len(said) == 1


# -- the rest ----------------------------------------------------------------------------


def test_large_pictures_are_understood_where_one_looks(qtbot, make, session, sam, pictured,
                                                       wait_idle, monkeypatch):  # fmt: skip
    monkeypatch.setattr(prompt_source, "WHOLE", 300)
    sight = [Box(0, 0, 280, 300)]
    pictured.in_sight = lambda: sight[0]
    shutil.copytree(sam, session.project.root / FOLDER)
    tool = make()
    qtbot.waitUntil(lambda: bool(tool.source.name), timeout=20_000)
    wait_idle()
    assert tool.source.known(pictured.picture, [(120.0, 140.0)]) is not None
    assert tool.source.known(pictured.picture, [(520.0, 140.0)]) is None
    sight[0] = Box(0, 400, 280, 700)
    click(tool, 520.0, 140.0)
    wait_idle()
    assert tool.answers == 3
    found = shown(tool)
    assert iou(found, place("blue")) > 0.8
    assert not found[:, :400].any()


def test_another_image_and_a_deleted_class_take_the_clicks_along(
    session, tool, open_image, wait_idle
):
    click(tool, 120.0, 140.0)
    open_image(2)
    tool.forget()
    wait_idle()
    assert not tool.begun
    assert not tool.preview


def test_it_is_drawn(tool, wait_idle):
    click(tool, 120.0, 140.0)
    click(tool, 400.0, 400.0, erase=True)
    wait_idle()
    view = Viewport()
    view.resize(700, 530)
    view.show(Box(0, 0, 530, 700))
    screen = QImage(700, 530, QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    tool.draw(painter, view)
    painter.end()
    for x, y in ((120.0, 140.0), (400.0, 400.0)):
        at = view.to_view(x, y)
        assert screen.pixel(int(at.x()) + 4, int(at.y()) + 3) & 0xFFFFFF


def test_what_was_understood_is_kept_when_the_mask_changes_or_another_image_was_open(
    qtbot, session, with_model, open_image, pictured, wait_idle
):
    click(with_model, 120.0, 140.0)
    wait_idle()
    with_model.finish()
    wait_idle()
    started = []
    session.jobs.started.connect(lambda job: started.append(job.title))
    click(with_model, 520.0, 140.0)
    wait_idle()
    assert with_model.answers
    open_image(2)
    with_model.forget()
    qtbot.waitUntil(lambda: "Preparing clicks on wall-2.png" in started, timeout=20_000)
    wait_idle()
    open_image(1)
    qtbot.waitUntil(lambda: pictured.picture is not None, timeout=20_000)
    wait_idle()
    assert sum("Preparing" in title for title in started) == 1
    click(with_model, 520.0, 140.0)
    wait_idle()
    assert with_model.answers == 3
