from dataclasses import fields, replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from segstudio.methods.histogram import of_whole_numbers
from segstudio.methods.segmenter import segmenters

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(studio):
    return studio.window.work.propose


def test_the_histogram_is_there_as_soon_as_the_picture_is(studio, panel):
    studio.open("facade-02.jpg")
    assert panel.histogram.isVisible()
    assert panel.histogram.plot().width() > 0
    assert studio.window.proposing.histogram is not None
    assert studio.window.proposing.regions is None


@pytest.mark.parametrize(("values", "low", "high"), [(256, 0, 255), (4096, 0, 4095)])
def test_thresholds_are_dragged_to_whole_numbers(panel, values, low, high):
    panel._show_histogram(of_whole_numbers(np.ones(values, np.int64)))
    view = panel.histogram
    assert (view.value_at(view.plot().left()), view.value_at(view.plot().right())) == (low, high)
    middle = view.value_at(view.plot().center().x())
    assert middle == int(middle)


def test_each_region_gets_a_class_that_can_be_changed(studio, panel):
    studio.window.proposing.set_method("multi_otsu")
    studio.wait_idle()
    boxes = [panel.findChild(QComboBox, f"region_class_{region}") for region in range(3)]
    assert [box.currentText() for box in boxes] == ["background", "sign", "window"]
    boxes[0].setCurrentIndex(0)
    boxes[0].activated.emit(0)
    assert 0 not in studio.window.proposing.mapping()
    studio.accept()
    assert set(np.unique(studio.mask)) == {1, 2, 255}


def drag(view, start, end):
    """Drag a threshold with the mouse."""
    y = int(view.plot().center().y())
    QTest.mousePress(view, LEFT, pos=QPoint(round(view.x_of(start)), y))
    QTest.mouseMove(view, QPoint(round(view.x_of(end)), y))
    QTest.mouseRelease(view, LEFT, pos=QPoint(round(view.x_of(end)), y))


def test_methods_stand_under_their_families(panel):
    for name in segmenters:
        part = segmenters[name]
        place = panel.methods.findData(name)
        above = [panel.methods.itemText(i) for i in range(place) if not panel.methods.itemData(i)]
        assert above[-1] == part.family
        assert panel.methods.itemData(place, Qt.ItemDataRole.ToolTipRole)


def test_a_dragged_threshold_takes_the_method_over(studio, panel):
    proposing = studio.open("facade-02.jpg").window.proposing
    proposing.set_method("multi_otsu")
    proposing.set_settings(segmenters["multi_otsu"](channel="red"))
    proposing.set_class(0, 2)
    studio.wait_idle()
    first, second = panel.histogram.thresholds()
    drag(panel.histogram, first, first + 20)
    studio.wait_idle()
    plan = proposing.plan
    assert (plan.method, plan.settings.channel) == ("threshold", "red")
    assert plan.settings.thresholds == pytest.approx((first + 20, second), abs=2)
    assert proposing.mapping()[0] == 2
    assert proposing.regions.thresholds == plan.settings.thresholds
    assert panel.methods.currentData() == "threshold"
    proposing.set_method("multi_otsu")
    assert proposing.plan.settings.channel == "red"


def test_a_click_on_the_curve_sets_the_number_of_clusters(studio, panel):
    proposing = studio.open("facade-02.jpg").window.proposing
    proposing.set_method("kmeans")
    curve = panel.clusters.curve
    studio._wait(lambda: curve.best() is not None, "the curve")
    QTest.mouseClick(curve, LEFT, pos=QPoint(round(curve.x_of(7)), 40))
    studio.wait_idle()
    assert proposing.plan.settings.clusters == 7
    assert proposing.regions.count == 7
    proposing.set_settings(replace(proposing.plan.settings, choose="silhouette"))
    studio.wait_idle()
    assert curve.number() == proposing.regions.count == curve.best()
    assert not panel.settings.form.fields["clusters"].isEnabled()


def test_rounds_end_where_the_method_does(studio, panel):
    proposing = studio.open("facade-02.jpg").window.proposing
    proposing.set_method("kmeans")
    studio.wait_idle()
    whole = proposing.regions.ids
    rounds = panel.clusters.rounds
    rounds.begin.click()
    studio._wait(lambda: rounds._complete, "the rounds")
    assert len(rounds._rounds) > 1
    while rounds.back.isEnabled():
        rounds.back.click()
    assert rounds.text.text().startswith("round 1 of ")
    while rounds.on.isEnabled():
        rounds.on.click()
    assert (proposing.regions.ids == whole).mean() > 0.95
    assert rounds.text.text().endswith("at rest")
    proposing.set_settings(replace(proposing.plan.settings, clusters=3))
    assert not rounds.begin.isChecked()


def test_settings_that_make_no_sense_are_answered_in_the_panel(studio, panel):
    proposing = studio.open("facade-02.jpg").window.proposing
    proposing.set_method("otsu")
    proposing.set_settings(segmenters["otsu"](channel="band9"))
    studio.wait_idle()
    problem = panel.findChild(QLabel, "propose_problem")
    assert problem.isVisible()
    assert "band9" in problem.text()
    assert studio.said == []
    assert proposing.plan.settings.channel == "band9"
    proposing.set_settings(segmenters["otsu"](channel="hue"))
    studio.wait_idle()
    assert not problem.isVisible()
    assert proposing.regions is not None


def test_methods_that_want_strokes_ask_for_them(studio, panel):
    studio.open("facade-02.jpg")
    strokes = panel.strokes
    for seeds in ("picture", "project"):
        strokes.show_for(seeds, False)
        assert strokes.isVisible()
    studio.choose_tool("line")
    strokes.empty.button.click()
    assert studio.session.view.tool == "brush"
    strokes.show_for("none", False)
    assert not strokes.isVisible()
    studio.choose_class("sign").brush(30).drag((100, 100), (300, 100))
    strokes.show_for("picture", False)
    assert not strokes.isVisible()


def test_dragging_sets_the_two_thresholds_of_hysteresis_itself(studio, panel):
    proposing = studio.open("facade-02.jpg").window.proposing
    proposing.set_method("hysteresis")
    studio.wait_idle()
    low, high = panel.histogram.thresholds()
    drag(panel.histogram, high, high + 20)
    studio.wait_idle()
    plan = proposing.plan
    assert plan.method == "hysteresis"
    assert plan.settings.low == low
    assert plan.settings.high == pytest.approx(high + 20, abs=2)
    first, weak, strong = panel._colours(2, 3)
    assert all(min(a, c) <= b <= max(a, c) for a, b, c in zip(first, weak, strong, strict=True))


def test_the_histogram_is_there_only_where_a_channel_is_cut(studio, panel):
    proposing = studio.open("facade-02.jpg").window.proposing
    for name in segmenters:
        proposing.set_method(name)
        channel = any(field.name == "channel" for field in fields(segmenters[name]))
        assert panel.histogram.isVisible() == channel, name
        assert panel.clusters.isVisible() == (name == "kmeans")
        proposing.discard()
    studio.wait_idle()


def test_methods_can_be_compared_from_the_panel(studio, panel):
    panel.compare.click()
    sheet = studio.window.findChild(QWidget, "methods_sheet")
    assert sheet is not None
    sheet.close()
