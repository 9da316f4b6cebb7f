import cv2
import numpy as np
import pytest

from segstudio.domain.records import State
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import Layer, Source
from segstudio.errors import UserError
from segstudio.methods.segmenter import segmenters
from segstudio.workflows.items import Item, check_unchanged, named, to_propose
from segstudio.workflows.segment import plan_segment, read_places, segment_files


@pytest.fixture
def kmeans():
    return segmenters["kmeans"](3)


def image_of(project, name):
    return next(image for image in project.images() if image.name == name)


def test_proposals_come_for_what_is_not_reviewed(project, kmeans):
    planned = plan_segment(project, to_propose(project), kmeans, Quiet())
    assert (planned.batch.images, planned.batch.written, planned.batch.failed) == (2, 2, [])
    project.apply(planned.edit)
    image = image_of(project, "p5.png")
    layers = project.layers(image)
    assert image.state == State.PROPOSED
    assert not len(layers[Layer.MASK])
    # Region 0 is the darkest, and the first class; the box is brighter than the disc by luma.
    ids = layers[Layer.PROPOSAL].read(image.box)
    assert (ids[0, 0], set(np.unique(ids))) == (0, {0, 1, 2})


def test_regions_can_be_given_other_classes(project, kmeans):
    places = read_places(["0=disc,1=none"], project.classes())
    planned = plan_segment(project, to_propose(project), kmeans, Quiet(), places)
    project.apply(planned.edit)
    ids = project.layers(image_of(project, "p5.png")).proposal.read(project.images()[0].box)
    assert ids[0, 0] == 2
    assert (ids == 255).any()
    assert not (ids == 1).any()


@pytest.mark.parametrize("text", ["0", "x=disc", "0=sky", "300=disc"])
def test_maps_that_mean_nothing_are_refused(project, text):
    with pytest.raises(UserError):
        read_places([text], project.classes())


def test_accepting_keeps_what_a_person_painted_and_locked_classes(project, kmeans):
    from segstudio.domain.draft import Draft
    from segstudio.domain.geometry import Box

    image = image_of(project, "p5.png")
    draft = Draft(image.id, project.layers(image))
    draft.paint(Box(0, 0, 5, 5), np.ones((5, 5), bool), 2)
    project.apply(draft.finish("Brush"))
    items = to_propose(project, [project.path_of(image)])
    project.apply(plan_segment(project, items, kmeans, Quiet(), accept=True).edit)
    layers = project.layers(image)
    ids, source = layers.mask.read(image.box), layers.source.read(image.box)
    assert (ids[:5, :5] == 2).all()
    assert (source[:5, :5] == Source.PERSON).all()
    assert ids[0, 90] == 0
    assert source[0, 90] == Source.PROPOSAL
    assert not len(layers.proposal)
    assert image_of(project, "p5.png").state == State.IN_WORK


def test_accepting_is_one_undoable_change(project, kmeans):
    project.apply(plan_segment(project, to_propose(project), kmeans, Quiet()).edit)
    edits = len(project.history()[0])
    project.apply(plan_segment(project, to_propose(project), kmeans, Quiet(), accept=True).edit)
    line, _ = project.history()
    assert len(line) == edits + 1
    project.turn([line[-1].id], undo=True).result()
    layers = project.layers(image_of(project, "p6.png"))
    assert len(layers.proposal)
    assert not len(layers.mask)


def test_a_picture_that_changed_on_disk_is_left_out(project, kmeans, shapes):
    file = shapes / "pictures" / "p5.png"
    cv2.imwrite(str(file), np.zeros((64, 96, 3), np.uint8))
    (shapes / "pictures" / "p6.png").unlink()
    planned = plan_segment(project, to_propose(project), kmeans, Quiet())
    reasons = [failure.reason for failure in planned.batch.failed]
    assert planned.batch.images == 0
    assert not planned.edit
    assert "changed" in reasons[0]
    assert "not there" in reasons[1]


def test_a_change_that_keeps_the_size_is_noticed(project, kmeans, shapes):
    file = shapes / "pictures" / "p5.png"
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)
    (item,) = to_propose(project, [file])
    with pytest.raises(UserError, match="changed"):
        check_unchanged(file, item.image)


def test_files_get_region_numbers_and_names_that_do_not_clash(shapes, tmp_path, kmeans):
    pictures = [shapes / "pictures" / "p1.png", shapes / "pictures" / "p1.jpg"]
    cv2.imwrite(str(pictures[1]), cv2.imread(str(pictures[0])))
    batch = segment_files([Item(p) for p in pictures], kmeans, tmp_path / "out", Quiet())
    assert batch.written == 2
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["p1.jpg.png", "p1.png.png"]
    written = cv2.imread(str(tmp_path / "out" / "p1.png.png"), cv2.IMREAD_UNCHANGED)
    assert written.shape[:2] == (64, 96)


def test_pictures_are_named_by_path_folder_or_name(project, shapes):
    everything = named(project, [shapes / "pictures"])
    assert len(everything) == 6
    (one,) = named(project, [shapes / "pictures" / ".." / "pictures" / "p2.png"])
    from pathlib import Path

    assert named(project, [Path("p2")]) == [one] == named(project, [Path("p2.png")])
    with pytest.raises(UserError, match="not a picture"):
        named(project, [Path("p99")])
