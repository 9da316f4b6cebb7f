"""A person cuts things out with the tools that look at the picture."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings

from segstudio.domain.classes import UNLABELLED
from segstudio.gui.tools import prompt_source
from segstudio.workflows.prompting import FOLDER


@pytest.fixture(autouse=True)
def ready(studio):
    studio.open("facade-01.jpg").choose_class("sign")
    yield
    QSettings("segstudio", "segstudio").remove(prompt_source.SETTING)


def tool(studio):
    return studio.window.canvas.tool


def shown(studio):
    out = np.zeros(studio.mask.shape, bool)
    for patch in tool(studio).preview:
        out[patch.box.slices] |= patch.region
    return out


def back_and_forth(studio, text):
    """Undo and redo the newest change, which is all that was painted, bit for bit."""
    assert studio.session.history.next_undo.text == text
    after = studio.mask
    assert (after == 1).any()
    studio.key("Ctrl+Z").wait_saved()
    assert (studio.mask == UNLABELLED).all()
    studio.key("Ctrl+Y").wait_saved()
    assert (studio.mask == after).all()


def middle(studio):
    height, width = studio.mask.shape
    return width / 2, height / 2


def test_grabcut_by_a_box_and_strokes(studio):
    x, y = middle(studio)
    studio.key("C")
    assert studio.session.view.tool == "grabcut"
    studio.drag((x - 80, y - 60), (x, y), (x + 80, y + 60)).wait_idle()
    first = shown(studio)
    assert first.any()
    studio.drag((x - 70, y), (x + 70, y)).wait_idle()
    assert shown(studio)[int(y), int(x) - 60 : int(x) + 60].all()
    studio.drag((x - 70, y - 40), (x + 70, y - 40), button="right").wait_idle()
    assert not shown(studio)[int(y) - 40, int(x) - 60 : int(x) + 60].any()
    studio.key("Backspace").wait_idle()
    assert tool(studio).steps == 1
    expected = shown(studio)
    studio.key("Enter").wait_idle()
    assert ((studio.mask == 1) == expected).all()
    back_and_forth(studio, "GrabCut")


def test_esc_drops_what_is_begun_and_leaves_the_mask(studio):
    x, y = middle(studio)
    before = len(studio.session.history.entries)
    studio.key("C").drag((x - 80, y - 60), (x + 80, y + 60)).wait_idle().key("Esc")
    assert not tool(studio).begun
    studio.key("Q").click(x, y).wait_idle().key("Esc")
    assert not tool(studio).begun
    studio.key("I").click(x, y).click(x + 50, y).key("Esc")
    assert not tool(studio).begun
    studio.wait_idle()
    assert (studio.mask == UNLABELLED).all()
    assert len(studio.session.history.entries) == before


def test_scissors_around_a_region(studio):
    x, y = middle(studio)
    corners = [(x - 90, y - 60), (x + 90, y - 60), (x + 90, y + 60), (x - 90, y + 60)]
    studio.key("I").wait_idle()
    for corner in corners:
        studio.click(*corner).wait_idle().move(corner[0] + 10, corner[1] + 10)
    assert len(tool(studio).points) == 4
    studio.key("Backspace").wait_idle()
    assert len(tool(studio).points) == 3
    studio.double_click(*corners[3]).wait_idle()
    assert not tool(studio).begun
    assert studio.mask[int(y), int(x)] == 1
    area = int((studio.mask == 1).sum())
    assert 0.5 * 180 * 120 < area < 1.6 * 180 * 120
    back_and_forth(studio, "Scissors")


def test_clicks_without_a_model(studio):
    x, y = middle(studio)
    studio.key("Q").wait_idle()
    assert "no prompt model is installed" in tool(studio).note()
    studio.click(x, y).wait_idle()
    assert shown(studio)[int(y), int(x)]
    studio.click(x + 150, y + 100, button="right").wait_idle()
    assert not shown(studio)[int(y) + 100, int(x) + 150]
    expected = shown(studio)
    studio.key("Enter").wait_idle()
    assert ((studio.mask == 1) == expected).all()
    back_and_forth(studio, "Click prompt")


def test_clicks_with_a_model_that_is_chosen(studio, tmp_path):
    path = Path(__file__).resolve().parents[1] / "figures" / "prompt_networks.py"
    spec = importlib.util.spec_from_file_location("prompt_networks", path)
    networks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(networks)
    folder = tmp_path / FOLDER
    folder.mkdir()
    networks.write_sam(folder)
    x, y = middle(studio)
    studio.key("Q").wait_idle()
    studio.ask.answer("open_files", sorted(folder.glob("*.onnx")))
    studio.trigger("prompt_model").wait_idle()
    assert tool(studio).source.name
    studio.click(x, y).wait_idle()
    assert tool(studio).answers == 3
    first = shown(studio)
    studio.key(">")
    assert (shown(studio) != first).any()
    studio.key("<")
    assert (shown(studio) == first).all()
    studio.key("Enter").wait_idle()
    assert ((studio.mask == 1) == first).all()
    back_and_forth(studio, "Click prompt")


def test_correcting_without_a_model_paints_the_stroke(studio, way):
    x, y = middle(studio)
    studio.choose_tool("assist").brush(20)
    studio.drag((x - 50, y), (x + 50, y)).wait_idle()
    assert studio.said == ["train a model first; until then the brush paints"]
    expected = way((x - 50, y), (x + 50, y), diameter=20)
    assert ((studio.mask == 1) == expected).mean() > 0.999
    back_and_forth(studio, "Brush")
