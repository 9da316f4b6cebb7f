from PySide6.QtWidgets import QLabel

from segstudio.gui.rail import UNCERTAINTY, OptionsStrip
from segstudio.gui.tools.tool import tools


def test_a_narrow_window_does_not_grow_for_the_hint(session, qtbot):
    strip = OptionsStrip(session)
    qtbot.addWidget(strip)
    hint = strip.findChild(QLabel, "tool_hint")
    strip.resize(1000, 36)
    strip.show()
    assert hint.text() == tools["brush"].hint
    assert strip.minimumSizeHint().width() < 420
    strip.resize(420, 36)
    assert hint.text().endswith("…")
    assert hint.toolTip() == tools["brush"].hint


def test_says_what_the_colours_of_uncertainty_mean(session, qtbot):
    strip = OptionsStrip(session)
    qtbot.addWidget(strip)
    strip.resize(1000, 36)
    strip.show()
    session.view.set_overlay(uncertainty=True)
    assert strip.findChild(QLabel, "tool_hint").text() == UNCERTAINTY
    session.view.set_overlay(uncertainty=False)
    session.view.choose_tool("eraser")
    assert strip.findChild(QLabel, "tool_hint").text() == tools["eraser"].hint
