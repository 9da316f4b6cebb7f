import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox

from segstudio.domain.geometry import Box
from segstudio.gui.panels.propose_colours import ColourRangeForm
from segstudio.methods.builtin.colour_range import ColourRange


@pytest.fixture
def form(qtbot):
    form = ColourRangeForm(255.0, 3)
    qtbot.addWidget(form)
    return form


@pytest.fixture
def heard(form):
    heard = []
    form.changed.connect(lambda: heard.append(form.value()))
    return heard


def test_setting_says_nothing_and_comes_back(form, heard):
    for part in (
        ColourRange(space="lab", low=(10.5, -20, 3), high=(90, 20, 60.25)),
        ColourRange(space="rgb", reference=(20.0, 40.0, 60.0), tolerance=33),
    ):
        form.set_value(part)
        assert form.value() == part
    assert heard == []


def test_a_slid_range_and_a_typed_one(form, heard):
    form.ranges[0].slider.moved.emit(350, 20)
    assert form.value().low[0] == 350
    assert form.value().high[0] == 20
    form.findChild(QDoubleSpinBox, "colour_range_1_low").setValue(40)
    assert heard[-1] == ColourRange(low=(350, 40, 0), high=(20, 100, 100))
    assert form.ranges[1].slider.range() == (40, 100)


def test_a_space_begins_with_everything_and_remembers_its_range(form):
    before = form.value()
    form.space.buttons["rgb"].click()
    assert (form.value().low, form.value().high) == ((0, 0, 0), (255, 255, 255))
    form.space.buttons["hsv"].click()
    assert form.value() == before


def test_a_colour_of_the_picture_becomes_the_reference(form, heard):
    form.by.buttons["colour"].click()
    assert heard[-1].reference == (128, 128, 128)
    form.take_colour((200.4, 10.0, 30.0, 99.0))
    assert form.value().reference == (200, 10, 30)
    assert form.swatch.colour() == (200, 10, 30)
    form.swatch.colour_changed.emit((1, 2, 3))
    assert form.value().reference == (1, 2, 3)
    form.by.buttons["range"].click()
    assert form.value().reference == ()


def test_pictures_of_one_band_of_16_bits(qtbot):
    form = ColourRangeForm(65535.0, 1)
    qtbot.addWidget(form)
    form.space.buttons["rgb"].click()
    assert (form.value().low, form.value().high) == ((0,), (65535,))
    form.by.buttons["colour"].click()
    assert len(form.value().reference) == 1
    assert not form.space.buttons["hsv"].isEnabled()


def test_what_belongs_to_pictures_of_other_bands_begins_anew(form):
    form.set_value(ColourRange(space="rgb", low=(3.0,), high=(9.0,), reference=(5.0,)))
    form.space.buttons["hsv"].click()
    form.space.buttons["rgb"].click()
    assert (form.value().low, form.value().high) == ((0, 0, 0), (255, 255, 255))
    assert form.value().reference == (128, 128, 128)


def test_a_click_in_the_picture_takes_its_colour_and_paints_nothing(studio):
    studio.open("facade-01.jpg").choose_class("sign").brush(30)
    proposing, panel = studio.window.proposing, studio.window.work.propose
    proposing.set_method("colour_range")
    studio.wait_idle()
    panel.settings.form.by.buttons["colour"].click()
    canvas, before = studio.window.canvas, proposing.plan.settings.reference

    def click(x, y):
        place = canvas.view.to_view(x, y).toPoint()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
        studio.wait_idle()

    panel.settings.form.pick.click()
    studio.key("Esc").wait_idle()
    assert not panel.settings.form.pick.isChecked()
    assert proposing.regions is not None  # Esc was for the picking alone
    panel.settings.form.pick.click()
    click(200.5, 150.5)
    studio._wait(lambda: proposing.plan.settings.reference != before, "the colour")
    box = Box(149, 199, 152, 202)
    pixels = studio.window.stage.loader.picture.read(box).pixels
    expected = np.rint(pixels.reshape(-1, 3).mean(0))
    assert proposing.plan.settings.reference == pytest.approx(expected)
    assert not panel.settings.form.pick.isChecked()
    assert (studio.mask == 255).all()
    click(200.5, 150.5)
    assert (studio.mask == 1).any()
