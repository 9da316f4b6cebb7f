"""A person looks at a raster of four bands of 16 bits, and at what it hides."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

HEIGHT, WIDTH = 900, 1300
INFRARED = (3, 0, 1)


@pytest.fixture
def raster(tmp_path):
    """Band n is n·1000 at the left and n·1000 + 600 at the right; in the middle is nodata."""
    import rasterio

    path = tmp_path / "field.tif"
    ramp = np.linspace(0, 600, WIDTH)[None, :] + np.zeros((HEIGHT, 1))
    planes = np.stack([ramp + 1000 * band for band in (1, 2, 3, 4)]).astype(np.uint16)
    planes[:, 300:600, 400:900] = 0
    with rasterio.open(
        path, "w", driver="GTiff", height=HEIGHT, width=WIDTH, count=4, dtype="uint16",
        crs="EPSG:32643", transform=rasterio.Affine(0.5, 0, 512_345, 0, -0.5, 4_211_090), nodata=0,
        tiled=True, photometric="MINISBLACK",
    ) as dataset:  # fmt: skip
        dataset.write(planes)
    return path


@pytest.fixture(autouse=True)
def ready(studio, raster):
    studio.open(raster)
    studio.session.view.set_overlay(overlay=False)
    assert studio.session.image.name == "field.tif"


def find(studio, name, kind=QWidget):
    found = studio.window.findChild(kind, name)
    assert found is not None, name
    return found


def colour(studio, x, y):
    """Return the colour on the screen of a pixel of the picture, the cursor elsewhere."""
    canvas = studio.window.canvas
    studio._wait(lambda: canvas.pixels.complete, "the tiles")
    studio.move(-40, -40)
    image = canvas.grab().toImage()
    place = canvas.view.to_view(x + 0.5, y + 0.5).toPoint()
    return image.pixelColor(place).getRgb()[:3]


def choose(studio, name, text):
    box = find(studio, name, QComboBox)
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())
    wait_shown(studio)


def wait_shown(studio):
    loader = studio.window.stage.loader
    studio._wait(lambda: not loader._busy and not loader._stale, "the picture to be shown")


def test_dark_at_the_left_and_bright_at_the_right(studio):
    assert max(colour(studio, 5, 50)) < 20
    assert min(colour(studio, WIDTH - 6, 50)) > 235
    assert max(colour(studio, WIDTH // 2, 50)) == pytest.approx(128, abs=6)


def test_bands_stretch_and_a_kept_combination(studio, raster):
    studio.window.left.setCurrentIndex(1)
    choose(studio, "view_combination", "Infrared")
    assert studio.window.stage.loader.display.bands == INFRARED
    choose(studio, "view_stretch", "None")
    # Band 4 as red, 1 as green, 2 as blue, of 65,535.
    expected = [round(value / 257) for value in (4000, 1000, 2000)]
    assert colour(studio, 2, 50) == pytest.approx(expected, abs=1)
    choose(studio, "view_stretch", "Min – max")
    choose(studio, "band_red", "Band 2")
    find(studio, "bands_keep").click()
    name = find(studio, "bands_name")
    QTest.keyClicks(name, "Mine")
    QTest.keyClick(name, Qt.Key.Key_Return)
    slider = find(studio, "view_brightness")
    slider.setValue(slider.maximum())
    wait_shown(studio)
    assert colour(studio, 5, 50) == (255, 255, 255)
    find(studio, "view_reset", QAbstractButton).click()
    wait_shown(studio)
    assert max(colour(studio, 5, 50)) < 20
    project = studio.session.project.root
    studio.wait_saved().open_project(project).open(raster.name)
    choose(studio, "view_combination", "Mine")
    assert studio.window.stage.loader.display.bands == (1, 0, 1)


def test_the_next_raster_of_the_kind_looks_the_same_way(studio, raster):
    choose(studio, "view_combination", "Infrared")
    studio.open("facade-01.jpg")
    assert studio.window.stage.loader.look.bands == (0, 1, 2)
    assert find(studio, "view_stretch", QComboBox).currentText() == "None"
    studio.open(raster.name)
    assert studio.window.stage.loader.look.bands == INFRARED


def test_the_readout_shows_coordinates_and_values(studio):
    readout = studio.window.status.readout
    studio.move(10.5, 20.5)
    studio._wait(lambda: "1004" in readout.text(), "the values")
    assert "x 10  y 20" in readout.text()
    assert "E 512,350.2  N 4,211,079.8" in readout.text()
    assert "1004  2004  3004  4004" in readout.text()
    studio.move(450, 400)
    studio._wait(lambda: "no data" in readout.text(), "the hole")


def test_nodata_is_transparent(studio):
    """The hole shows the board of the canvas: two quiet greys, whatever the theme."""
    for _ in range(2):
        seen = {colour(studio, 500 + step, 400) for step in range(0, 60, 3)}
        assert len(seen) == 2
        assert all(max(each) - min(each) < 12 for each in seen)
        light = sum(next(iter(seen))) > 384
        studio.trigger("theme")
        again = {colour(studio, 500 + step, 400) for step in range(0, 60, 3)}
        assert (sum(next(iter(again))) > 384) != light
    studio.window.stage.zoom_full()  # the sharp tiles, too
    studio.window.stage.show_box(studio.session.image.box.grown(-300))
    assert len({colour(studio, 500 + step, 400) for step in range(60)}) == 2


def test_a_raster_of_nothing_but_nodata_is_said(studio, tmp_path):
    import rasterio

    path = tmp_path / "nothing.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=64, width=64, count=1, dtype="float32",
        crs="EPSG:32643", transform=rasterio.Affine(1, 0, 0, 0, -1, 0),
    ) as dataset:  # fmt: skip
        dataset.write(np.full((1, 64, 64), np.nan, np.float32))
    studio.open(path)
    assert any("nothing can be seen of nothing.tif" in text for text in studio.said)
    studio.choose_class("sign").brush(10).drag((10, 10), (40, 10))
    assert studio.mask[10, 20] == 1
