import cv2
import numpy as np
import pytest

from segstudio.domain import states
from segstudio.domain.edit import Edit
from segstudio.domain.records import Split
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.workflows import labels as module
from segstudio.workflows.labels import collect
from segstudio.workflows.shelf import Shelf


@pytest.fixture
def shelf():
    made = Shelf()
    yield made
    made.close()


def put_all_into(project, split):
    rows = [states.changed(image, split=split) for image in project.images()]
    project.apply(Edit("Split", rows=tuple(row for row in rows if row)))


def test_val_is_measured_on_and_the_rest_learned_from(project, shelf):
    found = collect(project, shelf, Quiet())
    assert [e.name for e in found.held] == ["p4.png"]
    assert sorted(e.name for e in found.train) == ["p1.png", "p2.png", "p3.png"]
    assert (found.split, found.indicative) == ("val", False)
    example = found.train[0]
    assert example.read_pixels().shape == (64, 96, 3)
    assert set(np.unique(example.read_mask())) == {0, 1, 2}


def test_five_labelled_pictures_hold_one_back(project, shapes, shelf):
    put_all_into(project, Split.POOL)
    image = next(i for i in project.images() if i.name == "p5.png")
    _label_all(project, image)
    found = collect(project, shelf, Quiet())
    assert (len(found.train), len(found.held), found.indicative) == (4, 1, False)
    assert not {e.name for e in found.train} & {e.name for e in found.held}


def test_fewer_hold_blocks_back(project, shelf):
    put_all_into(project, Split.TRAIN)
    found = collect(project, shelf, Quiet())
    assert found.indicative
    assert found.split == "held back"
    shown = {e.name: e.read_mask() for e in found.train}
    for example in found.held:
        assert not ((example.read_mask() != 255) & (shown[example.name] != 255)).any()


def test_pictures_of_the_test_split_are_never_touched(project, shelf):
    put_all_into(project, Split.TEST)
    with pytest.raises(UserError, match="nothing is labelled"):
        collect(project, shelf, Quiet())


def test_only_val_labelled_is_not_enough(project, shelf):
    put_all_into(project, Split.VAL)
    with pytest.raises(UserError, match="only pictures of the split val"):
        collect(project, shelf, Quiet())


def test_of_large_pictures_only_labelled_windows_are_learned_from(project, shelf, monkeypatch):
    monkeypatch.setattr(module, "WHOLE", 1000)
    monkeypatch.setattr(module, "WINDOW", 32)
    found = collect(project, shelf, Quiet())
    # A labelled tile is 256 pixels wide, so that all windows of these pictures are in one.
    assert len(found.train) == 3 * 2 * 3
    assert found.train[1].name == "p1.png 32,0"
    assert found.train[1].read_pixels().shape == (32, 32, 3)
    assert len({e.content for e in found.train}) == len(found.train)


def test_a_picture_that_is_gone_is_left_out(project, shelf, shapes):
    (shapes / "pictures" / "p1.png").unlink()
    found = collect(project, shelf, Quiet())
    assert sorted(e.name for e in found.train) == ["p2.png", "p3.png"]
    assert [failure.path.endswith("p1.png") for failure in found.failed] == [True]


def test_labels_are_a_snapshot(project, shelf):
    found = collect(project, shelf, Quiet())
    before = found.train[0].read_mask()
    for entry in reversed(project.history()[0]):
        project.turn([entry.id], undo=True).result()
    np.testing.assert_array_equal(found.train[0].read_mask(), before)


def test_a_shelf_decodes_a_picture_once(shapes, shelf, monkeypatch):
    from segstudio.domain.geometry import Box
    from segstudio.workflows import shelf as shelves

    opened = []
    real = shelves.open_picture
    monkeypatch.setattr(shelves, "open_picture", lambda path: opened.append(path) or real(path))
    path = shapes / "pictures" / "p1.png"
    for box in Box(0, 0, 64, 96).tiles(32):
        shelf.read(path, box)
    assert opened == [path]
    monkeypatch.setattr(shelves, "BUDGET", 1)
    shelf.read(shapes / "pictures" / "p2.png", Box(0, 0, 8, 8))
    shelf.read(path, Box(0, 0, 8, 8))
    assert len(opened) == 3


def _label_all(project, image):
    from segstudio.workflows.incoming import MaskRules, incoming

    file = project.root.parent / "extra.png"
    cv2.imwrite(str(file), np.ones((image.height, image.width), np.uint8))
    changes = incoming(image, file, MaskRules(project.classes()), Quiet())
    project.apply(Edit("Label", tuple(changes)))


def test_what_was_labelled_since_the_last_training_is_fresh(trained, shelf):
    assert not any(e.fresh for e in collect(trained, shelf, Quiet()).train)
    image = next(i for i in trained.images() if i.name == "p5.png")
    _label_all(trained, image)
    found = {e.name: e.fresh for e in collect(trained, shelf, Quiet()).train}
    assert found == {"p1.png": False, "p2.png": False, "p3.png": False, "p5.png": True}
