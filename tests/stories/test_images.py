"""Many pictures: some are chosen, cleared and removed, new ones come in by themselves."""

import shutil

import numpy as np

from segstudio.domain.records import Split, State


def names(studio):
    return [image.name for image in studio.session.images.values()]


def row_of(studio, name):
    model = studio.window.images.model
    id = next(i.id for i in studio.session.images.values() if i.name == name)
    return model.row_of(id)


def choose(studio, *wanted):
    """Select pictures in the list; the open one stays open."""
    view = studio.window.images.view
    view.clearSelection()
    view.select_rows([(row_of(studio, name),) * 2 for name in wanted])
    assert len(studio.window.images.selected_ids()) == len(wanted)


def paint(studio, name):
    studio.open(name).choose_class("sign").brush(30)
    studio.drag((50, 50), (200, 120)).wait_saved()
    return studio.mask.copy()


def test_labels_are_cleared_and_come_back(studio):
    first = paint(studio, "facade-01.jpg")
    second = paint(studio, "facade-02.jpg")
    assert (second == 1).any()
    choose(studio, "facade-01.jpg", "facade-02.jpg")
    studio.ask.answer("confirm", True)
    studio.trigger("clear_labels").wait_idle().wait_saved()
    assert (studio.mask == 255).all()
    assert {image.state for image in studio.session.images.values()} == {State.UNLABELLED}
    studio.trigger("undo").wait_saved()
    assert np.array_equal(studio.mask, second)
    studio.open("facade-01.jpg")
    assert np.array_equal(studio.mask, first)


def test_removing_the_open_picture_opens_the_next(studio, tmp_path):
    mask = paint(studio, "facade-02.jpg")
    files = sorted((tmp_path / "pictures").iterdir())
    content = [file.read_bytes() for file in files]
    studio.window.images.view.clearSelection()
    studio.ask.answer("confirm", True)
    studio.trigger("remove_images").wait_idle().wait_saved().wait_idle()
    assert names(studio) == ["facade-01.jpg", "facade-03.jpg"]
    assert studio.session.image.name == "facade-03.jpg"
    assert [file.read_bytes() for file in files] == content
    studio.trigger("undo").wait_saved().wait_idle()
    studio.open("facade-02.jpg")
    assert np.array_equal(studio.mask, mask)
    assert studio.session.image.state == State.IN_WORK


def test_a_filter_leads_from_one_picture_to_the_next(studio):
    session, images = studio.session, studio.window.images
    ids = list(session.images)
    session.set_image([ids[0], ids[2]], "Use", split=Split.VAL)
    studio.open("facade-01.jpg").wait_saved()
    images.head.choices.splits.chips["val"].click()
    assert images.count.text() == "2 listed · 0 of 3 reviewed"
    studio.key("D").wait_idle()
    assert session.image.name == "facade-03.jpg"
    studio.key("D").wait_idle()
    assert session.image.name == "facade-03.jpg"  # there is no other one
    images.head.show_every.click()
    studio.key("A").wait_idle()
    assert session.image.name == "facade-02.jpg"


def test_new_pictures_of_a_watched_folder_come_in(studio, tmp_path):
    folder = tmp_path / "pictures"
    studio.open("facade-01.jpg").trigger("watch_folder").wait_idle()
    action = studio.window.actions_by_name.by_name["watch_folder"]
    assert action.isChecked()
    shutil.copy(folder / "facade-01.jpg", folder / "facade-04.jpg")
    studio._wait(lambda: "facade-04.jpg" in names(studio), "the new picture")
    studio.wait_idle().wait_saved()
    studio.trigger("undo").wait_saved()
    assert "facade-04.jpg" not in names(studio)
    studio.trigger("watch_folder").wait_idle()
    assert not action.isChecked()
    assert studio.said == []
