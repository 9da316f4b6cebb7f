import cv2
import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import ImageRecord
from segstudio.gui import bands
from segstudio.gui.bands import Combination, read, usual
from segstudio.gui.loading import PictureLoader
from segstudio.gui.overviews import wanted
from segstudio.gui.panels.view import ViewPanel
from segstudio.store.display import Look
from segstudio.store.project import Project

WAIT = 20_000
WIDTH = 264


@pytest.fixture
def loader(session, readers):
    return PictureLoader(session, readers)


@pytest.fixture
def panel(session, loader, show):
    panel = show(ViewPanel(session, loader))
    panel.resize(WIDTH, 700)
    return panel


@pytest.fixture
def open_bands(qtbot, session, loader, tmp_path):
    """Add a TIFF with so many bands of 16 bits, and open it."""

    def open_bands(count, id=20):
        path = tmp_path / f"bands-{count}-{id}.tif"
        ramp = np.linspace(0, 4000, 64 * 64).reshape(64, 64).astype(np.uint16)
        write(path, [ramp + 10 * band for band in range(count)])
        record = ImageRecord(id, str(path), path.name, 64, 64, bands=count, dtype="uint16")
        session.apply(Edit("Add", rows=(RowChange("images", id, None, record.row()),)))
        with qtbot.waitSignal(loader.completed, timeout=WAIT):
            session.open_image(id)

    return open_bands


def write(path, planes):
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    with pytest.warns(NotGeoreferencedWarning):
        made = rasterio.open(
            path, "w", driver="GTiff", width=64, height=64, count=len(planes), dtype="uint16",
            photometric="MINISBLACK",
        )  # fmt: skip
    with made:
        made.write(np.stack(planes))


def child(panel, name, kind=QWidget):
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


def choose(panel, name, text):
    box = child(panel, name, QComboBox)
    place = box.findText(text)
    assert place >= 0, (text, [box.itemText(i) for i in range(box.count())])
    box.setCurrentIndex(place)
    box.activated.emit(place)


def texts(panel, name):
    box = child(panel, name, QComboBox)
    return [box.itemText(i) for i in range(box.count())]


def test_without_a_picture_it_says_what_will_be_here(panel, open_bands):
    assert panel.empty.isVisible()
    assert not panel.tones.isVisible()
    assert not panel.bands.isVisible()
    open_bands(4)
    assert not panel.empty.isVisible()
    assert panel.tones.isVisible()
    assert child(panel, "view_picture_note").text() == "4 bands · uint16"


def test_masks_follow_the_view_and_the_view_the_panel(panel, session):
    view = session.view
    for name, field in (
        ("view_masks", "overlay"),
        ("view_outlines", "outlines"),
        ("view_hatch", "hatch"),
    ):
        box = child(panel, name, QAbstractButton)
        before = getattr(view, field)
        assert box.isChecked() == before
        box.click()
        assert getattr(view, field) != before
        view.set_overlay(**{field: before})
        assert box.isChecked() == before
    panel.masks.opacity.slider.setValue(80)
    assert view.opacity == pytest.approx(0.8)
    view.set_overlay(opacity=0.25)
    assert child(panel, "view_opacity_value").text() == "25 %"
    assert panel.masks.opacity.slider.value() == 25


def test_sliders_change_the_look_while_they_are_moved(panel, loader, open_bands):
    open_bands(3)
    for name, low, high in (
        ("brightness", -1.0, 1.0),
        ("contrast", -1.0, 1.0),
        ("gamma", 0.1, 10.0),
    ):
        slider = child(panel, f"view_{name}")
        slider.setSliderDown(True)
        slider.setValue(slider.maximum())
        assert getattr(loader.look, name) == high
        assert getattr(loader.display, name) == high
        slider.setValue(0)
        assert getattr(loader.look, name) == low
        slider.setSliderDown(False)
        QTest.keyClick(slider, Qt.Key.Key_Right)
        assert low < getattr(loader.look, name) < high
    assert child(panel, "view_gamma_value").text() != "1.00"


def test_reset_shows_the_picture_as_at_first(panel, loader, open_bands):
    open_bands(4)
    reset = child(panel, "view_reset", QAbstractButton)
    assert not reset.isEnabled()
    child(panel, "view_contrast").setValue(150)
    choose(panel, "view_combination", "Infrared")
    assert loader.look.bands == (3, 0, 1)
    assert reset.isEnabled()
    reset.click()
    assert loader.look == Look((0, 1, 2))
    assert child(panel, "view_contrast_value").text() == "0"
    assert panel.bands.combination.currentText() == "Natural"
    assert not reset.isEnabled()


def test_stretch_and_percentiles(panel, loader, open_bands, qtbot):
    open_bands(3)
    assert child(panel, "view_percent_low").isVisible()
    panel.tones.low.setValue(10)
    assert loader.look.percentiles == (10, 98)
    qtbot.waitUntil(lambda: loader.display.low[0] == pytest.approx(400, abs=5), timeout=WAIT)
    panel.tones.high.setValue(5)  # the other end gives way
    assert loader.look.percentiles == (4.9, 5)
    assert panel.tones.low.value() == 4.9
    choose(panel, "view_stretch", "Min – max")
    assert not child(panel, "view_percent_low").isVisible()
    qtbot.waitUntil(lambda: loader.display.high[0] == 4000, timeout=WAIT)
    choose(panel, "view_stretch", "None")
    qtbot.waitUntil(lambda: loader.display.high[0] == 65535, timeout=WAIT)


def test_bands_are_picked_for_each_colour(panel, loader, open_bands):
    open_bands(5)
    assert texts(panel, "band_red") == [f"Band {band}" for band in range(1, 6)]
    choose(panel, "band_red", "Band 5")
    choose(panel, "band_blue", "Band 1")
    assert loader.look.bands == (4, 1, 0)
    assert panel.bands.combination.currentText() == "Own choice"
    grey = child(panel, "bands_grey", QAbstractButton)
    grey.click()
    assert loader.look.bands == (4,)
    assert not child(panel, "band_red").isVisible()
    choose(panel, "band_grey", "Band 3")
    assert loader.look.bands == (2,)
    grey.click()
    assert loader.look.bands == (0, 1, 2)


def test_one_band_has_nothing_to_choose_and_two_have_one(panel, loader, open_bands):
    open_bands(1)
    assert not panel.bands.isVisible()
    open_bands(2, id=21)
    assert panel.bands.isVisible()
    assert not child(panel, "bands_grey").isVisible()
    choose(panel, "band_grey", "Band 2")
    assert loader.look.bands == (1,)


def test_combinations_are_kept_in_the_project(panel, loader, session, open_bands, qtbot):
    open_bands(4)
    keep, forget = child(panel, "bands_keep"), child(panel, "bands_forget")
    assert not forget.isEnabled()
    choose(panel, "band_red", "Band 4")
    keep.click()
    name = child(panel, "bands_name")
    assert name.isVisible()
    QTest.keyClicks(name, "  Wet   ground ")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert not name.isVisible()
    assert panel.bands.combination.currentText() == "Wet ground"
    assert forget.isEnabled()
    assert not keep.isEnabled()
    session.project.writer.settle()
    again = bands.facts_json(session.project, bands.FACT)
    assert read(again) == [Combination("Wet ground", 4, (3, 1, 2))]
    choose(panel, "view_combination", "Natural")
    choose(panel, "view_combination", "Wet ground")
    assert loader.look.bands == (3, 1, 2)
    open_bands(5, id=22)  # of other pictures it makes no sense
    assert "Wet ground" not in texts(panel, "view_combination")
    open_bands(4, id=23)
    assert panel.bands.combination.currentText() == "Wet ground"  # the kind looks the same way
    child(panel, "bands_forget").click()
    assert "Wet ground" not in texts(panel, "view_combination")
    assert panel.bands.combination.currentText() == "Own choice"


def test_kept_combinations_are_there_after_opening_again(panel, session, project, qtbot):
    combination = Combination("Mine", 4, (1, 2, 3))
    panel.combinations.keep(combination)
    session.project.writer.settle()
    root = session.project.root
    session.close()
    session.open(Project.open(root))
    qtbot.waitUntil(lambda: panel.combinations.kept == [combination], timeout=WAIT)


def test_escape_gives_the_name_up(panel, open_bands):
    open_bands(4)
    choose(panel, "band_red", "Band 4")
    child(panel, "bands_keep").click()
    name = child(panel, "bands_name")
    QTest.keyClicks(name, "Mine")
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert not name.isVisible()
    assert panel.combinations.kept == []


def test_what_is_no_combination_is_passed_over():
    good = {"name": "a", "count": 4, "bands": [0, 1, 2]}
    nonsense = [None, {}, {**good, "bands": [0, 1]}, {**good, "bands": [0, 1, 4]},
                {**good, "bands": ["x"]}, {**good, "count": "many"}]  # fmt: skip
    assert read([*nonsense, good]) == [Combination("a", 4, (0, 1, 2))]
    assert read(None) == read({"a": 1}) == []


@pytest.mark.parametrize("count", range(1, 20))
def test_usual_combinations_fit(count):
    for each in usual(count):
        assert max(each.bands) < count
        assert len(each.bands) == 3
    assert bool(usual(count)) == (count >= 3)


def test_overviews_can_be_turned_off(panel):
    assert wanted()
    child(panel, "view_overviews", QAbstractButton).click()
    assert not wanted()
    child(panel, "view_overviews", QAbstractButton).click()
    assert QSettings("segstudio", "segstudio").value("overviews", False, bool)


def test_nothing_is_cut_off_in_a_narrow_dock(panel, open_bands):
    open_bands(13)
    assert panel.minimumSizeHint().width() <= WIDTH
    for widget in panel.findChildren(QWidget):
        if widget.isVisible() and widget.objectName() and not isinstance(widget, ViewPanel):
            right = widget.mapTo(panel, widget.rect().topRight()).x()
            assert right <= panel.width(), widget.objectName()


def test_all_has_a_name_and_a_tip(panel, open_bands):
    open_bands(4)
    named = (QAbstractButton, QComboBox)
    for widget in [w for kind in named for w in panel.findChildren(kind)]:
        assert widget.objectName()
        assert widget.accessibleName() or widget.text(), widget.objectName()
        assert widget.toolTip(), widget.objectName()


def test_8_bit_photographs_are_shown_as_they_are(panel, loader, session, qtbot, tmp_path):
    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), np.full((40, 60, 3), 77, np.uint8))
    record = ImageRecord(30, str(path), path.name, 60, 40)
    session.apply(Edit("Add", rows=(RowChange("images", 30, None, record.row()),)))
    with qtbot.waitSignal(loader.completed, timeout=WAIT):
        session.open_image(30)
    assert panel.tones.stretch.currentText() == "None"
    assert panel.bands.combination.currentText() == "Natural"
    assert loader.display.is_plain
