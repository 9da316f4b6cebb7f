"""A person closes the window and goes on later, or saves elsewhere."""

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.testing import Studio


@pytest.fixture
def again():
    """Open a project in another window."""
    opened = []

    def again(root):
        opened.append(Studio(root))
        return opened[-1]

    yield again
    for studio in opened:
        studio.close()


def test_strokes_and_their_undo_outlive_the_window(studio, again):
    studio.open("facade-01.jpg").choose_class("sign").brush(20)
    masks = [studio.mask]
    for y in (100, 200, 300):
        studio.drag((100, y), (300, y))
        masks.append(studio.mask)
    studio.key("Ctrl+Z")
    root = studio.session.project.root
    studio.close()

    later = again(root)
    later.open("facade-01.jpg")
    assert (later.mask == masks[2]).all()
    later.trigger("redo")
    assert (later.mask == masks[3]).all()
    for expected in reversed(masks[:-1]):
        later.trigger("undo")
        assert (later.mask == expected).all()
    later.wait_saved()


def test_a_second_window_may_look_but_not_paint(studio, again):
    studio.open("facade-01.jpg").choose_class("sign").drag((100, 100), (200, 100)).wait_saved()
    other = again(studio.session.project.root)
    assert any("open in another window" in text for text in other.said)
    other.open("facade-01.jpg")
    assert other.mask[100, 150] == 1
    before = other.mask
    other.choose_class("window").drag((100, 200), (200, 200))
    assert (other.mask == before).all()
    assert not other.window.actions_by_name.by_name["undo"].isEnabled()


def test_a_full_disk_is_told_and_the_project_goes_on_elsewhere(studio, again, tmp_path):
    studio.open("facade-01.jpg").choose_class("sign").brush(20)
    studio.drag((100, 100), (300, 100)).wait_saved()
    project = studio.session.project
    old = project.root
    with project.writer._swap:
        connection = project.writer._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    for y in range(20, 400, 12):
        studio.drag((20, y), (400, y + 5))
    message = studio.window.message
    studio._wait(lambda: project.writer.stalled is not None, "the disk to be full")
    studio._wait(message.isVisible, "the message")
    assert studio.session.unsaved > 0
    expected = studio.mask

    studio.ask.answer("save_file", tmp_path / "elsewhere.segstudio")
    message.action.click()
    studio.wait_saved().wait_idle()
    assert project.root == tmp_path / "elsewhere.segstudio"
    studio.close()

    later = again(tmp_path / "elsewhere.segstudio")
    later.open("facade-01.jpg")
    assert (later.mask == expected).all()
    assert np.count_nonzero(expected != UNLABELLED) > 0
    assert old.is_dir()


def test_new_pictures_can_be_added(studio, tmp_path):
    from PIL import Image

    path = tmp_path / "more.png"
    Image.new("RGB", (300, 200), (9, 9, 9)).save(path)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    studio.ask.answer("open_files", [path, broken])
    studio.trigger("add_pictures").wait_idle()
    assert "more.png" in {image.name for image in studio.session.images.values()}
    assert any("broken.png" in text for text in studio.said)
    studio.open("more.png").choose_class("sign").drag((10, 10), (200, 150))
    assert studio.mask.shape == (200, 300)
    assert (studio.mask == 1).any()
