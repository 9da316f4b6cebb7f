import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QCheckBox

from segstudio.gui.widgets.slider import ValueSlider
from segstudio.learning.augment import augmenters

COUNT = 16
WAIT = 20_000


@pytest.fixture
def panel(studio):
    """The section in the window, with a stroke of two classes on the first picture."""
    studio.open("facade-01.jpg").brush(60)
    for name, y in (("background", 100), ("sign", 200)):
        studio.choose_class(name).drag((100, y), (300, y))
    studio.wait_saved()
    studio.window.work.show_panel("Learn")
    return studio.window.work.augmentation


@pytest.fixture
def drawn(qtbot, studio):
    """Do something and wait until samples are drawn."""

    def drawn(act):
        with qtbot.waitSignal(studio.window.augmenting.drawn, timeout=WAIT):
            act()

    return drawn


def find(panel, kind, name):
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


def test_it_is_folded_and_costs_nothing_at_first(studio, panel):
    assert not panel.body.isVisible()
    assert panel._rows == {}
    assert not panel._augmenting.live


def test_every_part_has_a_switch_and_samples_are_drawn(studio, panel, drawn):
    drawn(panel.fold.click)
    assert list(panel._rows) == sorted(augmenters, key=lambda name: augmenters[name].order)
    assert panel.samples.count == COUNT
    assert panel.samples.name_at(QPoint(5, 5)) == "facade-01.jpg"
    assert panel.header.note.text() == f"5 of {len(list(augmenters))}"
    assert find(panel, QCheckBox, "augment_flip").isChecked()
    assert not find(panel, QCheckBox, "augment_noise").isChecked()
    assert not find(panel, ValueSlider, "augment_noise_strength").isEnabled()


def test_a_switch_acts_on_the_samples_and_on_the_training(studio, panel, drawn):
    drawn(panel.fold.click)
    before = panel.grab().toImage()
    drawn(find(panel, QCheckBox, "augment_noise").click)
    assert "noise" in studio.window.training.choice().training.augmentation.names
    assert panel.grab().toImage() != before
    slider = find(panel, ValueSlider, "augment_noise_strength")
    slider.setValue(0)
    assert studio.window.training.choice().training.augmentation.parts[-1].strength == 0
    find(panel, QCheckBox, "augment_flip_down").click()
    flips = studio.window.training.choice().training.augmentation
    assert flips.parts[flips.names.index("flip")].down


def test_more_of_a_part_shows_while_it_is_on(studio, panel, drawn):
    drawn(panel.fold.click)
    row = panel._rows["blur"]
    assert not row.more.isVisible()
    row.switch.check.click()
    assert row.more.isVisible()
    find(panel, ValueSlider, "augment_blur_share").setValue(1000)
    assert panel._augmenting.part("blur").share == 1.0


def test_labels_lie_over_the_samples_where_wanted(studio, panel, drawn):
    drawn(panel.fold.click)
    before = panel.samples.grab().toImage()
    panel.labels.click()
    assert panel.samples.grab().toImage() != before


def test_out_of_sight_nothing_is_drawn(studio, panel, drawn):
    drawn(panel.fold.click)
    assert panel._augmenting.live
    studio.window.work.show_panel("Queue")
    assert not panel._augmenting.live
    studio.window.work.show_panel("Learn")
    assert panel._augmenting.live
    panel.fold.click()
    assert not panel._augmenting.live


def test_says_what_will_appear(studio, drawn):
    studio.window.work.show_panel("Learn")
    panel = studio.window.work.augmentation
    drawn(panel.fold.click)
    assert panel.samples.count == 0
    assert "othing is labelled" in panel.samples._empty
