"""A person fills, selects, paints superpixels, moves regions and cleans up, by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QPushButton

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.records import State
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import Layer
from segstudio.interactive.cleanup import cleanups, run_cleanup
from segstudio.interactive.flood import fill_colour


@pytest.fixture(autouse=True)
def ready(studio):
    studio.open("facade-01.jpg").choose_class("sign").wait_idle()


def layers(studio):
    box = studio.session.image.box
    return [studio.session.read(layer, box) for layer in Layer]


def same(studio, wanted):
    return all((a == b).all() for a, b in zip(layers(studio), wanted, strict=True))


def back_and_forth(studio, before):
    """Undo and redo the newest change; both must be bit-exact."""
    after = layers(studio)
    assert not same(studio, before)
    studio.key("Ctrl+Z").wait_idle()
    assert same(studio, before)
    studio.key("Ctrl+Shift+Z").wait_idle()
    assert same(studio, after)


def tool(studio):
    return studio.window.canvas.tool


def rgb(studio):
    picture = studio.window.canvas.context.picture
    return picture.rgb(picture.box)


def press(studio, name):
    studio.window.findChild(QAbstractButton, name).click()
    return studio.wait_idle()


def choose(studio, name, value):
    box = studio.window.findChild(QComboBox, name)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_filling_in_the_mask_and_by_colour(studio):
    studio.choose_tool("brush").brush(12)
    studio.drag((100, 100), (300, 100), (300, 300), (100, 300), (100, 100)).wait_idle()
    ring = studio.mask == 1
    before = layers(studio)
    studio.choose_class("window").key("G").click(200, 200).wait_idle()
    inside = studio.mask == 2
    assert inside[120:280, 120:280].all()
    assert not inside[:90].any()
    assert ((studio.mask == 1) == ring).all()
    back_and_forth(studio, before)
    before = layers(studio)
    studio.click(200, 200, button="right").wait_idle()
    assert ((studio.mask != UNLABELLED) == ring).all()
    back_and_forth(studio, before)

    press(studio, "tool_fill_by_colour")
    studio.click(400, 60).wait_idle()
    expected = fill_colour(rgb(studio), (400.5, 60.5), tool(studio).options.tolerance)
    found = (studio.mask == 2) & ~ring
    assert (found == (expected & ~ring)).mean() > 0.99


def test_the_wand_selects_and_enter_paints(studio):
    before = layers(studio)
    studio.key("W").click(400, 60).wait_idle()
    assert same(studio, before)
    first = sum(patch.area for patch in tool(studio).selection)
    studio.click(100, 300, shift=True).wait_idle()
    assert sum(patch.area for patch in tool(studio).selection) > first > 0
    selected = np.zeros(studio.mask.shape, bool)
    for patch in tool(studio).selection:
        selected[patch.box.slices] |= patch.region
    studio.key("Enter").wait_idle()
    assert ((studio.mask == 1) == selected).all()
    back_and_forth(studio, before)
    studio.click(200, 60).wait_idle()
    assert tool(studio).selection
    held = layers(studio)
    studio.key("Esc")
    assert not tool(studio).selection
    assert same(studio, held)


def test_superpixels_are_painted_whole(studio):
    studio.key("R").wait_idle()
    brush = tool(studio)
    studio._wait(lambda: brush.ready, "superpixels")
    before = layers(studio)
    studio.drag((100, 100), (200, 140), (260, 260)).wait_idle()
    found = studio.mask == 1
    cut = brush._cut
    for label in range(len(cut.superpixels)):
        patch = cut.patch(label)
        covered = found[patch.box.slices][patch.region]
        assert covered.all() or not covered.any()
    assert found[100, 100]
    assert found[259, 259]
    back_and_forth(studio, before)
    before = layers(studio)
    studio.drag((100, 100), (200, 140), alt=True).wait_idle()
    assert (studio.mask == 1).sum() < found.sum()
    back_and_forth(studio, before)


def test_regions_are_moved_copied_and_mirrored(studio):
    studio.choose_tool("brush").brush(30).drag((100, 100), (160, 100)).wait_idle()
    before, region = layers(studio), studio.mask == 1
    studio.key("T").drag((120, 100), (180, 130), (220, 180)).wait_idle()
    assert ((studio.mask == 1) == np.roll(region, (80, 100), (0, 1))).mean() > 0.9999
    assert (studio.mask == 1).sum() == region.sum()
    back_and_forth(studio, before)
    before = layers(studio)
    studio.drag((220, 180), (320, 180), alt=True).wait_idle()
    assert (studio.mask == 1).sum() == 2 * region.sum()
    back_and_forth(studio, before)


def test_cleaning_up_the_open_picture_with_a_look_at_it(studio):
    studio.choose_tool("brush").brush(40).drag((100, 100), (300, 100))
    studio.brush(4).click(400, 300).click(450, 320).wait_idle()
    before, old = layers(studio), studio.mask
    studio.trigger("clean_up")
    choose(studio, "clean_step", "remove_specks")
    press(studio, "clean_preview")
    cleaning = studio.window.cleaning
    studio._wait(lambda: cleaning.outcome is not None, "the preview")
    step = cleanups["remove_specks"]()
    expected = old.copy()
    for box, ids in run_cleanup(lambda b: old[b.slices], Box(0, 0, *old.shape), step, Quiet()):
        expected[box.slices] = ids
    assert cleaning.outcome.pixels == (expected != old).sum() > 0
    assert same(studio, before)
    press(studio, "clean_apply")
    assert (studio.mask == expected).all()
    assert studio.session.history.next_undo.text == "Clean up: remove specks"
    assert cleaning.outcome is None
    back_and_forth(studio, before)
    press(studio, "clean_apply")
    assert studio.said[-1] == "remove specks: there was nothing to do"


def test_esc_ends_the_look_and_a_change_of_the_mask_renews_it(studio):
    studio.choose_tool("brush").brush(4).click(400, 300).wait_idle()
    press(studio, "clean_preview")
    cleaning = studio.window.cleaning
    studio._wait(lambda: cleaning.outcome is not None, "the preview")
    first = cleaning.outcome.pixels
    studio.click(200, 300).wait_idle()
    studio._wait(lambda: cleaning.outcome.pixels > first, "another preview")
    studio.key("Esc")
    assert cleaning.outcome is None
    assert not studio.window.findChild(QPushButton, "clean_preview").isChecked()


def test_cleaning_up_only_what_the_wand_has_selected(studio):
    studio.key("W").trigger("clean_up")
    choose(studio, "clean_step", "fill_rest")
    choose(studio, "clean_scope", "selection")
    press(studio, "clean_apply")
    assert studio.said[-1] == "nothing is selected"
    studio.click(400, 60).wait_idle()
    selected = np.zeros(studio.mask.shape, bool)
    for patch in tool(studio).selection:
        selected[patch.box.slices] |= patch.region
    before = layers(studio)
    press(studio, "clean_apply")
    assert ((studio.mask == 0) == selected).all()
    back_and_forth(studio, before)


def test_cleaning_up_a_batch_is_one_change(studio):
    for name in ("facade-01.jpg", "facade-03.jpg"):
        studio.open(name).choose_tool("brush").brush(30).drag((100, 100), (200, 100)).wait_idle()
    studio.wait_saved()
    pixels = studio.session.project.shares()[1]
    before = layers(studio)
    choose(studio, "clean_step", "erode")
    choose(studio, "clean_scope", "all")
    press(studio, "clean_apply").wait_saved()
    assert studio.session.project.shares()[1] < pixels
    assert studio.session.history.next_undo.text == "Clean up: shrink"
    back_and_forth(studio, before)
    studio.key("Ctrl+Z").wait_idle().wait_saved()
    assert studio.session.project.shares()[1] == pixels


def test_the_mask_of_the_previous_picture_is_copied(studio):
    studio.choose_tool("brush").brush(40).drag((100, 100), (300, 200)).wait_idle()
    given = studio.mask
    studio.trigger("copy_previous")
    assert studio.said[-1] == "there is no picture before this one"
    studio.open("facade-02.jpg").trigger("copy_previous").wait_idle()
    if studio.session.image.box.shape == given.shape:
        assert (studio.mask == given).all()
        assert studio.session.image.state == State.IN_WORK
        back_and_forth(studio, [np.full(given.shape, UNLABELLED, np.uint8)] * 3)


def test_esc_gives_up_what_is_being_dragged(studio):
    studio.choose_tool("brush").brush(30).drag((100, 100), (160, 100)).wait_idle()
    before = layers(studio)
    canvas = studio.window.canvas
    for key in ("T", "R", "W", "G"):
        studio.key(key).wait_idle()
        for kind, at in ((QEvent.Type.MouseButtonPress, (120, 100)),
                         (QEvent.Type.MouseMove, (220, 180))):  # fmt: skip
            QApplication.sendEvent(canvas, studio.mouse_event(kind, at))
        studio.key("Esc")
        release = studio.mouse_event(QEvent.Type.MouseButtonRelease, (220, 180))
        QApplication.sendEvent(canvas, release)
        studio.wait_idle()
        assert same(studio, before), key
