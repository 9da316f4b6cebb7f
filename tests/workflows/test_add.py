import shutil

import cv2
import numpy as np
import pytest

from segstudio.domain.classes import parse_class
from segstudio.domain.records import Split, State
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Layer, Source
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.add import plan_add
from segstudio.workflows.incoming import MaskRules


@pytest.fixture
def empty(shapes):
    classes = [parse_class(name, id) for id, name in enumerate(("ground", "box", "disc"))]
    project = Project.create(shapes / "empty", classes)
    yield project
    project.close()


def add(project, *paths, **options):
    done = plan_add(project, list(paths), options.pop("task", Quiet()), **options)
    project.apply(done.edit)
    return done


def test_pictures_come_in_with_what_is_known_of_them(empty, shapes):
    done = add(empty, shapes / "pictures", split=Split.TRAIN)
    assert (done.added, done.masks, done.failed) == (6, 0, [])
    first = empty.images()[0]
    assert (first.name, first.path, first.split) == ("p1.png", "../pictures/p1.png", Split.TRAIN)
    assert (first.width, first.height, first.bands, first.dtype) == (96, 64, 3, "uint8")
    assert first.size == (shapes / "pictures" / "p1.png").stat().st_size
    assert first.hash


def test_masks_are_imported_whole(empty, shapes):
    done = add(empty, shapes / "pictures", masks=shapes / "masks")
    assert done.masks == 4
    image = empty.images()[0]
    layers = empty.layers(image)
    expected = cv2.imread(str(shapes / "masks" / "p1.png"), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(layers[Layer.MASK].read(image.box), expected)
    assert (layers[Layer.SOURCE].read(image.box) == Source.IMPORT).all()
    assert image.state == State.REVIEWED
    assert empty.images()[5].state == State.UNLABELLED


def test_a_mask_of_few_strokes_is_work_to_go_on_with(empty, shapes):
    strokes = np.full((64, 96), 255, np.uint8)
    strokes[:8] = 1
    cv2.imwrite(str(shapes / "masks" / "p1.png"), strokes)
    add(empty, shapes / "pictures" / "p1.png", masks=shapes / "masks")
    assert empty.images()[0].state == State.IN_WORK


def test_a_mask_that_does_not_fit_is_refused_and_the_picture_taken(empty, shapes):
    cv2.imwrite(str(shapes / "masks" / "p1.png"), np.zeros((3, 3), np.uint8))
    cv2.imwrite(str(shapes / "masks" / "p2.png"), np.full((64, 96), 77, np.uint8))
    done = add(empty, shapes / "pictures", masks=shapes / "masks")
    assert (done.added, done.masks) == (6, 2)
    reasons = {failure.path.rpartition("/")[2]: failure.reason for failure in done.failed}
    assert "3 × 3" in reasons["p1.png"]
    assert "77" in reasons["p2.png"]
    assert [image.name for image in empty.labelled()] == ["p3.png", "p4.png"]


def test_ignored_ids_are_unlabelled(empty, shapes):
    rules = MaskRules(empty.classes(), ignore=(2,))
    add(empty, shapes / "pictures", masks=shapes / "masks", rules=rules)
    assert set(empty.shares()) == {0, 1}


def test_broken_files_are_listed_and_the_rest_goes_on(empty, shapes):
    broken = shapes / "pictures" / "p0.jpg"
    broken.write_bytes(b"")
    done = add(empty, shapes / "pictures")
    assert done.added == 6
    assert [(f.path, "empty" in f.reason) for f in done.failed] == [(str(broken), True)]


def test_adding_again_changes_nothing_but_brings_masks(empty, shapes):
    add(empty, shapes / "pictures")
    again = add(empty, shapes / "pictures")
    assert (again.added, again.known, bool(again.edit)) == (0, 6, False)
    with_masks = add(empty, shapes / "pictures", masks=shapes / "masks")
    assert (with_masks.added, with_masks.masks) == (0, 4)
    once_more = add(empty, shapes / "pictures", masks=shapes / "masks")
    assert (once_more.masks, bool(once_more.edit)) == (0, False)


def test_a_changed_picture_is_told_and_gets_no_mask(empty, shapes):
    add(empty, shapes / "pictures")
    changed = shapes / "pictures" / "p1.png"
    cv2.imwrite(str(changed), np.zeros((64, 96, 3), np.uint8))
    done = add(empty, shapes / "pictures", masks=shapes / "masks")
    assert [f.path for f in done.failed] == [str(changed)]
    assert "changed" in done.failed[0].reason
    assert (done.known, done.masks) == (5, 3)


def test_a_moved_picture_is_found_again(empty, shapes):
    add(empty, shapes / "pictures", masks=shapes / "masks")
    ids = [image.id for image in empty.images()]
    shutil.move(shapes / "pictures", shapes / "elsewhere")
    done = add(empty, shapes / "elsewhere")
    assert (done.added, done.found_again) == (0, 6)
    assert [image.id for image in empty.images()] == ids
    assert empty.path_of(empty.images()[0]) == shapes / "elsewhere" / "p1.png"
    assert len(empty.labelled()) == 4


def test_no_masks_with_fitting_names_is_said(empty, shapes):
    (shapes / "none").mkdir()
    done = add(empty, shapes / "pictures" / "p1.png", masks=shapes / "none")
    assert done.added == 1
    assert "named like" in done.failed[0].reason


def test_what_was_looked_at_before_an_interruption_is_kept(empty, shapes):
    class Impatient(Quiet):
        def report(self, done, total, text):
            if done >= 50:
                raise Cancelled

    done = add(empty, shapes / "pictures", task=Impatient())
    assert done.interrupted
    assert done.added == len(empty.images()) == 3


def test_an_empty_folder_is_refused(empty, shapes):
    (shapes / "none").mkdir()
    with pytest.raises(UserError, match="no pictures"):
        add(empty, shapes / "none")


def test_it_is_one_undoable_change(empty, shapes):
    add(empty, shapes / "pictures", masks=shapes / "masks")
    (entry,) = empty.history()[0]
    empty.turn([entry.id], undo=True).result()
    assert empty.images() == []
    assert empty.shares() == {}


@pytest.mark.parametrize("folder", ["files", "generated"])
def test_odd_and_broken_pictures_are_taken_or_listed(empty, data, folder):
    place = data / "tricky_images" / folder
    files = [path for path in place.rglob("*") if path.is_file()]
    done = add(empty, *files)
    assert done.added + len(done.failed) == len(files)
    assert all(failure.reason for failure in done.failed)
