from dataclasses import dataclass, field, replace
from typing import Literal

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QAbstractButton, QLabel, QSpinBox, QWidget

from segstudio.gui.options_row import OptionsRow
from segstudio.gui.rail import UNCERTAINTY, OptionsStrip
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.remembering import remember, restored
from segstudio.gui.tools.tool import tools


@dataclass(frozen=True)
class Options:
    shape: Literal["round", "square"] = "round"
    like: bool = False
    far: int = field(default=5, metadata={"range": (1, 9), "needs": "like", "help": "How far"})
    much: float = field(default=0.5, metadata={"range": (0.0, 1.0)})
    kind: Literal["a", "b", "c", "d"] = "b"


@pytest.fixture(autouse=True)
def nothing_kept():
    QSettings("segstudio", "segstudio").remove("tools")
    yield
    QSettings("segstudio", "segstudio").remove("tools")


@pytest.fixture
def named(session):
    context = ToolContext(session, lambda: session.image.box, lambda: None)
    made = {name: tools[name](context) for name in tools}
    return made.__getitem__


@pytest.fixture
def strip(session, named, qtbot):
    strip = OptionsStrip(session, named)
    qtbot.addWidget(strip)
    strip.resize(1400, 36)
    strip.show()
    return strip


@pytest.fixture
def row(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    row = OptionsRow("tool_thing", Options(), parent)
    row.resize(row.sizeHint().width(), 28)
    parent.resize(900, 40)
    parent.show()
    yield row
    del parent


def shown(row):
    """Return the names of the fields that stand in the row."""
    return [name for name, field in row.fields.items() if field.parent() is row
            and field.isVisible()]  # fmt: skip


def test_a_narrow_window_does_not_grow_for_the_hint(strip):
    hint = strip.findChild(QLabel, "tool_hint")
    assert hint.text() == tools["brush"].hint
    assert strip.minimumSizeHint().width() < 460
    strip.resize(460, 36)
    assert hint.text().endswith("…") or not hint.text()
    assert hint.toolTip() == tools["brush"].hint


def test_says_what_the_colours_of_uncertainty_mean(session, strip):
    session.view.set_overlay(uncertainty=True)
    assert strip.findChild(QLabel, "tool_hint").toolTip() == UNCERTAINTY
    session.view.set_overlay(uncertainty=False)
    session.view.choose_tool("eraser")
    assert strip.findChild(QLabel, "tool_hint").text() == tools["eraser"].hint


def test_the_options_of_the_tool_in_hand_are_shown(session, strip):
    assert strip.rows["brush"].isVisible()
    assert not strip.rows["eraser"].isVisible()
    session.view.choose_tool("eraser")
    assert not strip.rows["brush"].isVisible()
    assert strip.rows["eraser"].isVisible()
    session.view.choose_tool("ruler")
    assert not any(row.isVisible() for row in strip.rows.values())


def test_an_option_is_live_and_kept_for_the_next_start(session, strip, named, qtbot):
    brush = named("brush")
    heard = []
    brush.options_changed = lambda: heard.append(brush.options)
    strip.findChild(QAbstractButton, "tool_brush_shape_square").click()
    assert brush.options.shape == "square"
    assert heard == [brush.options]
    assert named("eraser").options.shape == "round"
    strip.findChild(QAbstractButton, "tool_brush_similar").click()
    strip.findChild(QSpinBox, "tool_brush_tolerance").setValue(33)
    again = OptionsStrip(session, named)
    qtbot.addWidget(again)
    assert (brush.options.similar, brush.options.tolerance) == (True, 33)
    assert again.findChild(QSpinBox, "tool_brush_tolerance").value() == 33
    assert again.findChild(QAbstractButton, "tool_brush_shape_square").isChecked()


@pytest.mark.parametrize("bad", ["many", 4711, "", ["1", "2"], None])
def test_a_kept_value_that_is_no_more_valid_is_left(bad):
    kept = QSettings("segstudio", "segstudio")
    remember("thing", Options(shape="square", like=True))
    kept.setValue("tools/thing/far", bad)
    kept.setValue("tools/thing/gone", 3)
    assert restored("thing", Options()) == Options(shape="square", like=True)


def test_every_kind_of_option_is_kept_as_it_was():
    given = Options("square", True, 9, 0.25, "d")
    remember("thing", given)
    kept = QSettings("segstudio", "segstudio")
    kept.sync()
    assert restored("thing", Options()) == given
    assert restored("other", Options()) == Options()


def test_the_row_edits_every_kind_of_option(row):
    heard = []
    row.changed.connect(heard.append)
    row.fields["shape"].buttons["square"].click()
    row.fields["like"].button.click()
    row.fields["far"].box.setValue(7)
    row.fields["much"].box.setValue(0.7)
    row.fields["kind"].inner.combo.setCurrentIndex(3)
    assert heard[-1] == row.value() == Options("square", True, 7, 0.7, "d")
    assert len(heard) == 5
    row.set_value(Options())
    assert row.value() == Options()
    assert len(heard) == 5
    assert row.findChild(QSpinBox, "tool_thing_far").toolTip() == "How far"


def test_an_option_that_means_nothing_now_is_not_shown(row):
    assert "far" not in shown(row)
    narrow = row.sizeHint().width()
    row.set_value(replace(Options(), like=True))
    assert row.sizeHint().width() > narrow
    row.resize(row.sizeHint().width(), 28)
    assert shown(row) == ["shape", "like", "far", "much", "kind"]


def test_what_has_no_room_opens_from_a_button(row):
    more = row.findChild(QAbstractButton, "tool_thing_more")
    assert not more.isVisible()
    row.resize(row.fields["shape"].sizeHint().width() + 60, 28)
    assert more.isVisible()
    assert shown(row) == ["shape"]
    assert more.geometry().right() < row.width()
    more.click()
    assert row.fields["like"].isVisible()
    row.fields["like"].button.click()
    assert row.value().like
    assert row.fields["far"].isVisible()
    row.resize(900, 28)
    assert not more.isVisible()
    assert shown(row) == list(row.fields)
    assert row.minimumSizeHint().width() < 60
