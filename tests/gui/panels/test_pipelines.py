from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget

from segstudio.interactive.cleanup import cleanups


def find(studio, kind, name):
    found = studio.window.work.pipelines.findChild(kind, name)
    assert found is not None, name
    return found


def choose(box, text):
    place = box.findText(text)
    assert place >= 0, text
    box.setCurrentIndex(place)
    box.activated.emit(place)


def add(studio, title):
    choose(find(studio, QComboBox, "pipeline_add"), title)


def test_steps_are_added_set_and_taken_out(studio):
    add(studio, "Remove specks")
    add(studio, "Smooth outlines")
    steps = studio.window.proposing.plan.steps
    assert [type(step) for step in steps] == [cleanups["remove_specks"], cleanups["smooth"]]
    spin = find(studio, QWidget, "pipeline_0_remove_specks_smaller_than")
    spin.setValue(77)
    assert studio.window.proposing.plan.steps[0].smaller_than == 77
    find(studio, QAbstractButton, "pipeline_0_remove_specks_remove").click()
    assert studio.window.proposing.plan.steps == (cleanups["smooth"](),)
    assert find(studio, QWidget, "pipeline_0_smooth_radius").value() == 3


def test_a_pipeline_is_kept_and_taken_over_again(studio):
    proposing = studio.window.proposing
    add(studio, "Fill holes")
    studio.wait_idle()
    save = find(studio, QAbstractButton, "pipeline_save")
    assert not save.isEnabled()
    find(studio, QLineEdit, "pipeline_name").setText("signs")
    save.click()
    studio.wait_idle()
    saved = find(studio, QComboBox, "pipeline_saved")
    assert saved.currentText() == "signs"
    proposing.set_steps([])
    proposing.set_method("multi_otsu")
    choose(saved, "signs")
    studio.wait_idle()
    assert (proposing.plan.method, proposing.plan.steps) == ("otsu", (cleanups["fill_holes"](),))
    find(studio, QAbstractButton, "pipeline_delete").click()
    studio.wait_idle()
    assert not saved.isVisibleTo(studio.window.work.pipelines)


def test_it_is_applied_to_all_pictures_and_undone_as_one(studio):
    choose(find(studio, QComboBox, "pipeline_scope"), "All not reviewed")
    find(studio, QAbstractButton, "pipeline_apply").click()
    studio.wait_idle()
    states = {image.state.value for image in studio.session.images.values()}
    assert states == {"proposed"}
    studio.trigger("undo").wait_idle()
    states = {image.state.value for image in studio.session.images.values()}
    assert states == {"unlabelled"}
