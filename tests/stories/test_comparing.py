"""A person looks at two masks of one picture at once."""

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel

from segstudio.domain.classes import UNLABELLED
from segstudio.gui.comparing import Mode
from segstudio.resources import models_folder

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@pytest.fixture
def painted(studio):
    """A sign in the mask, and a window in the proposal that overlaps it."""
    studio.open("facade-01.jpg").choose_class("sign").brush(40)
    studio.drag((100, 100), (300, 100)).wait_saved()
    return studio


@pytest.fixture
def reference(painted, tmp_path):
    """A mask file that has a window in the right half of the sign, and a sign elsewhere."""
    ids = np.full(painted.mask.shape, UNLABELLED, np.uint8)
    ids[painted.mask == 1] = 1
    ids[80:120, 200:320] = 2
    ids[200:240, 100:200] = 1
    path = tmp_path / "reference.png"
    cv2.imwrite(str(path), ids)
    return path


def press(studio, name):
    button = studio.window.findChild(QAbstractButton, name)
    assert button.isVisible(), name
    button.click()
    return studio.wait_idle()


def choose(studio, name, text):
    """Choose an entry of a list as a person would; wait for what it brings."""
    combo = studio.window.findChild(QComboBox, name)
    place = combo.findText(text)
    assert place >= 0, [combo.itemText(n) for n in range(combo.count())]
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
    return studio.wait_idle()


def shown(studio, name):
    return studio.window.findChild(QComboBox, name).currentText()


def colour(studio, x, y, shift=0.0):
    """Return the colour at a point of the image, ``shift`` px to the right."""
    canvas = studio.window.canvas
    canvas.pointer.go(None)
    place = canvas.view.to_view(x + 0.5, y + 0.5) + QPointF(shift, 0)
    image = canvas.grab().toImage()
    return image.pixelColor(place.toPoint()).getRgb()[:3]


def far(one, other):
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 30


def second_half(studio):
    """Return how far right the second picture lies."""
    return studio.window.canvas.panes()[1].shift


def test_swiping_shows_one_left_and_the_other_right_of_the_border(painted, reference):
    studio = painted
    comparing = studio.window.comparing
    studio.key("Y")
    assert comparing.active
    studio.ask.answer("open_file", reference)
    choose(studio, "compare_b", "Mask from a file…")
    assert shown(studio, "compare_b") == "reference.png"
    border = studio.window.canvas.width() * comparing.border
    x = studio.window.canvas.view.to_image(QPointF(border, 0))[0]
    assert 120 < x < 600
    mine, theirs = colour(studio, 110, 220), colour(studio, 110, 105)
    # The sign of the reference, left of the border, is not seen until the border is left of it.
    comparing.move_border(0.0)
    assert far(colour(studio, 110, 220), mine)
    assert not far(colour(studio, 110, 105), theirs)
    comparing.move_border(1.0)
    assert not far(colour(studio, 110, 220), mine)


def test_the_border_is_dragged_by_its_knob_and_painting_beside_it_paints(painted, reference):
    studio = painted
    studio.key("Y")
    handle, canvas = studio.window.swipe_handle, studio.window.canvas
    assert handle.isVisible()
    before = studio.mask.copy()
    for kind, by in (
        (QEvent.Type.MouseButtonPress, 0), (QEvent.Type.MouseMove, -60),
        (QEvent.Type.MouseMove, -100), (QEvent.Type.MouseButtonRelease, 0),
    ):  # fmt: skip
        place = QPointF(handle.rect().center()) + QPointF(by, 0)
        which = NONE if kind == QEvent.Type.MouseMove else LEFT
        held = NONE if kind == QEvent.Type.MouseButtonRelease else LEFT
        event = QMouseEvent(kind, place, handle.mapToGlobal(place), which, held,
                            Qt.KeyboardModifier.NoModifier)  # fmt: skip
        QApplication.sendEvent(handle, event)
    moved = studio.window.comparing.border * canvas.width()
    assert canvas.width() / 2 - 170 < moved < canvas.width() / 2 - 90
    assert abs(handle.geometry().center().x() - moved) <= 2
    assert (studio.mask == before).all()
    x, y = canvas.view.to_image(QPointF(moved, canvas.height() * 0.3))
    studio.drag((x - 20, y), (x + 20, y))
    assert studio.mask[int(y), int(x)] == 1


def test_side_by_side_both_halves_show_the_same_place_and_take_strokes(painted):
    studio = painted
    canvas = studio.window.canvas
    whole = canvas.view.zoom
    studio.key("Y")
    choose(studio, "compare_b", "Proposal")
    press(studio, "compare_mode_side")
    assert canvas.view.zoom < whole
    shift = second_half(studio)
    assert shift > 100
    bare = colour(studio, 200, 100, shift)
    assert far(colour(studio, 200, 100), bare)  # the sign is in A, not in B

    def mouse(kind, x, y):
        place = canvas.view.to_view(x, y) + QPointF(shift, 0)
        event = QMouseEvent(kind, place, canvas.mapToGlobal(place), LEFT, LEFT,
                            Qt.KeyboardModifier.NoModifier)  # fmt: skip
        QApplication.sendEvent(canvas, event)

    mouse(QEvent.Type.MouseButtonPress, 100, 250)
    mouse(QEvent.Type.MouseMove, 160, 250)
    place = canvas.view.to_view(160, 250)
    assert canvas.pointer.at == place  # in the first half too
    mouse(QEvent.Type.MouseMove, -200, 250)  # over the border, into the other half
    mouse(QEvent.Type.MouseButtonRelease, -200, 250)
    assert studio.mask[250, 130] == 1
    assert (studio.mask[250, :90] == 1).all()
    studio.drag((300, 300), (350, 300))  # and in the first
    assert studio.mask[300, 320] == 1

    at = canvas.view.to_view(200, 100) + QPointF(shift, 0)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 240), NONE,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert (canvas.view.to_view(200, 100) + QPointF(shift, 0) - at).manhattanLength() < 0.01
    studio.key("Esc")
    assert not studio.window.comparing.active
    assert canvas.view.size.width() == canvas.width()


def test_differences_are_coloured_counted_and_follow_the_brush(painted, reference):
    studio = painted
    studio.key("Y")
    studio.ask.answer("open_file", reference)
    choose(studio, "compare_b", "Mask from a file…")
    press(studio, "compare_mode_difference")
    comparing, session = studio.window.comparing, studio.session
    studio._wait(lambda: comparing.figures is not None, "the figures")
    theirs = cv2.imread(str(reference), cv2.IMREAD_UNCHANGED)

    def check():
        mine, found = studio.mask, comparing.figures
        assert found.only_first == ((mine != 255) & (theirs == 255)).sum()
        assert found.only_second == ((mine == 255) & (theirs != 255)).sum()
        assert found.different == ((mine != theirs) & (mine != 255) & (theirs != 255)).sum()
        assert found.same == ((mine == theirs) & (mine != 255)).sum()

    check()
    status = studio.window.findChild(QLabel, "compare_status")
    assert "differ" in status.text()
    assert "mIoU" in status.text()
    quiet, only_b, other = (colour(studio, x, y) for x, y in ((120, 100), (150, 220), (250, 100)))
    assert far(only_b, quiet)
    assert far(other, only_b)
    old = comparing.figures
    studio.drag((100, 220), (200, 220)).wait_saved()
    assert far(colour(studio, 150, 220), only_b)
    studio._wait(lambda: comparing.figures is not old, "the new figures")
    check()
    studio.trigger("undo")
    assert not far(colour(studio, 150, 220), only_b)
    assert session.history.next_redo is not None


def test_a_model_is_compared_without_touching_the_project(painted):
    studio = painted
    edits = len(studio.session.history.entries)
    studio.key("Y")
    studio.ask.answer("open_folder", models_folder() / "facade_fast_scnn")
    choose(studio, "compare_b", "Model from a folder…")
    assert shown(studio, "compare_b") == "facade_fast_scnn"
    tiles = studio.window.comparing.layer_of(1)
    assert len(tiles) > 0
    predicted = tiles.read(studio.session.image.box)
    assert {0, 1} <= set(np.unique(predicted).tolist())
    assert (studio.proposal == UNLABELLED).all()
    assert len(studio.session.history.entries) == edits
    # Another picture: it is predicted too, and nothing of the former is shown.
    studio.open("facade-02.jpg")
    again = studio.window.comparing.layer_of(1)
    assert again is not None
    assert again is not tiles
    press(studio, "compare_exchange")
    assert shown(studio, "compare_a") == "facade_fast_scnn"
    assert studio.window.comparing.layer_of(0) is again


def test_what_does_not_fit_is_refused_with_the_reason_and_what_was_there_stays(painted, tmp_path):
    studio = painted
    small = tmp_path / "small.png"
    cv2.imwrite(str(small), np.zeros((10, 10), np.uint8))
    strange = tmp_path / "strange.png"
    cv2.imwrite(str(strange), np.full(studio.mask.shape, 99, np.uint8))
    studio.key("Y")
    choose(studio, "compare_b", "Proposal")
    for path, reason in ((small, "10 × 10"), (strange, "99"), (tmp_path / "none.png", "none.png")):
        studio.said.clear()
        studio.ask.answer("open_file", path)
        choose(studio, "compare_b", "Mask from a file…")
        assert reason in studio.said[-1]
        assert shown(studio, "compare_b") == "Proposal"
    studio.ask.answer("open_folder", tmp_path, None)
    choose(studio, "compare_b", "Model from a folder…")
    assert "no model" in studio.said[-1]
    choose(studio, "compare_b", "Model from a folder…")  # the dialog is closed
    assert shown(studio, "compare_b") == "Proposal"


def test_esc_ends_it_when_nothing_else_is_to_be_given_up(painted):
    studio = painted
    comparing = studio.window.comparing
    studio.segment("kmeans", clusters=3).open("facade-01.jpg")
    studio.key("Y")
    assert comparing.active
    studio.choose_tool("ruler").drag((50, 50), (200, 60))
    studio.key("Esc")
    assert studio.window.canvas.tool.line is None
    assert comparing.active
    assert studio.window.proposing.anything
    studio.key("Esc").wait_idle()
    assert not studio.window.proposing.anything
    assert comparing.active
    studio.key("Esc")
    assert not comparing.active


def test_it_outlives_the_picture(painted):
    studio = painted
    comparing = studio.window.comparing
    studio.key("Y")
    comparing.set_mode(Mode.SIDE)
    studio.open("facade-02.jpg")
    assert comparing.active
    assert len(studio.window.canvas.panes()) == 2
    press(studio, "compare_close")
    assert len(studio.window.canvas.panes()) == 1


def test_hatching_and_one_class_alone_by_their_commands(painted):
    studio = painted
    studio.choose_class("window").drag((100, 300), (300, 300)).wait_saved()
    plain = colour(studio, 150, 300)
    studio.key("Shift+O")
    assert studio.session.view.hatch
    row = {colour(studio, x, 301) for x in range(120, 160, 3)}
    studio.key("Shift+O")
    assert len(row) > 1
    studio.session.view.set_solo(1)
    assert far(colour(studio, 150, 300), plain)
    studio.session.view.set_solo(None)
    assert not far(colour(studio, 150, 300), plain)


@pytest.fixture
def georeferenced(studio, tmp_path):
    """A facade as a tiled GeoTIFF of half a metre a pixel, opened in the window."""
    import rasterio
    from rasterio.crs import CRS
    from rasterio.transform import Affine

    picture = next((tmp_path / "pictures").glob("*.jpg"))
    bands = cv2.imread(str(picture))[:, :, ::-1].transpose(2, 0, 1)
    path = tmp_path / "place.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=bands.shape[2], height=bands.shape[1], count=3,
        dtype="uint8", tiled=True, blockxsize=256, blockysize=256, crs=CRS.from_epsg(32632),
        transform=Affine(0.5, 0, 500_000, 0, -0.5, 5_000_000),
    ) as target:  # fmt: skip
        target.write(bands)
    return studio.open(path)


def test_a_raster_is_predicted_window_by_window_and_measured_in_metres(georeferenced):
    studio = georeferenced
    assert studio.session.image.name == "place.tif"
    studio.key("Y")
    studio.ask.answer("open_folder", models_folder() / "facade_fast_scnn")
    choose(studio, "compare_b", "Model from a folder…")
    tiles = studio.window.comparing.layer_of(1)
    assert tiles is not None, studio.said
    assert (tiles.read(tiles.box) != UNLABELLED).any()
    studio.key("K").drag((100, 100), (130, 140))
    assert studio.window.canvas.tool.text() == "50.0 px  ·  25.0 m  ·  −53.1°"
