from dataclasses import dataclass

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.draft import Draft
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.records import Split
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import LayerBuilder, Source, SparseLayer
from segstudio.errors import UserError
from segstudio.methods.greys import grey
from segstudio.methods.live import Live
from segstudio.methods.samples import ArrayPicture
from segstudio.methods.segmenter import segmenters
from segstudio.workflows import strokes as strokes_module
from segstudio.workflows.items import items_of, opened
from segstudio.workflows.segment import plan_segment, segment_files, table_of
from segstudio.workflows.shelf import Shelf
from segstudio.workflows.strokes import (
    Painted,
    ShelvedPicture,
    picture_samples,
    project_samples,
    together_samples,
)


def layers_of(mask, source):
    found = []
    for values in (mask, source):
        builder = LayerBuilder(*values.shape)
        builder.write(Box(0, 0, *values.shape), values)
        found.append(SparseLayer(*values.shape, builder.finish()))
    return Layers(*found, SparseLayer(*mask.shape))


def image_of(project, name):
    return next(image for image in project.images() if image.name == name)


def paint(project, name, box, value):
    image = image_of(project, name)
    draft = Draft(image.id, project.layers(image))
    draft.paint(box, np.ones(box.shape, bool), value)
    project.apply(draft.finish("Brush"))


def test_only_what_people_said_counts():
    random = np.random.default_rng(0)
    mask = random.integers(0, 4, (600, 700)).astype(np.uint8)
    source = random.choice([1, 2, 3], mask.shape).astype(np.uint8)
    mask[:300], source[:300] = 2, Source.PROPOSAL  # a whole row of tiles nobody has looked at
    mask[-20:], source[-20:] = UNLABELLED, UNLABELLED
    painted = Painted(layers_of(mask, source))
    expected = np.where(source == Source.PROPOSAL, UNLABELLED, mask)
    assert (painted.read(Box(0, 0, 600, 700)) == expected).all()
    assert (painted.read(Box(290, 100, 320, 133)) == expected[290:320, 100:133]).all()
    assert list(painted) == [(row, column) for row in (1, 2) for column in range(3)]
    assert painted
    assert not Painted(layers_of(mask[:256], source[:256]))
    assert not Painted(Layers.empty(64, 96))


@dataclass(frozen=True)
class Darkest:
    """A segmenter that gives each pixel the class whose strokes are nearest in grey."""

    title = "Darkest"
    family = "From strokes"
    seeds: str = "picture"
    whole = False
    halo = 0

    def fit(self, samples, task):
        greys = {}
        for picture, strokes in zip(samples.pictures, samples.strokes, strict=True):
            box = Box(0, 0, picture.height, picture.width)
            ids, values = strokes.read(box), grey(picture.read(box).pixels)
            for id in np.unique(ids[ids != UNLABELLED]):
                greys.setdefault(int(id), []).append(float(values[ids == id].mean()))
        if not greys:
            raise UserError("there is no stroke", "paint one of each class")
        return {id: np.mean(found) for id, found in greys.items()}

    def apply(self, tile, state, task=None):
        values = grey(tile.pixels).astype(float)
        ids = np.array(list(state), np.uint8)
        apart = [np.abs(values - found) for found in state.values()]
        return ids[np.argmin(apart, 0)]

    def regions(self, state):
        return max(state) + 1


def test_each_picture_goes_by_its_own_strokes_and_others_go_on(project):
    paint(project, "p5.png", Box(0, 0, 3, 96), 2)
    paint(project, "p5.png", Box(30, 65, 34, 75), 1)
    items = items_of(project, [image_of(project, name) for name in ("p6.png", "p5.png")])
    planned = plan_segment(project, items, Darkest(), Quiet())
    assert planned.batch.written == 1
    (failure,) = planned.batch.failed
    assert failure.path.endswith("p6.png")
    assert failure.reason == "there is no stroke"
    project.apply(planned.edit)
    image = image_of(project, "p5.png")
    ids = project.layers(image).proposal.read(image.box)
    assert ids[-1, 0] == 2  # the ground, in the class that was painted there
    assert set(np.unique(ids)) == {1, 2}


def test_all_pictures_of_train_and_pool_teach_and_val_and_test_never(project):
    paint(project, "p6.png", Box(0, 0, 3, 3), 2)
    names = {image.id: image.name for image in project.images()}
    test = image_of(project, "p3.png")
    from segstudio.domain import states
    from segstudio.domain.edit import Edit

    project.apply(Edit("Test").with_rows([states.changed(test, split=Split.TEST)]))
    project.path_of(image_of(project, "p2.png")).unlink()
    with project_samples(project, project.images(), Quiet()) as samples:
        found = [names[picture.image.id] for picture in samples.pictures]
        assert found == ["p1.png", "p6.png"]  # p4 is val, p5 bare
        assert (samples.pictures[0].height, samples.pictures[0].width) == (64, 96)
        tile = samples.pictures[0].read(Box(0, 0, 64, 96), 2)
        assert tile.pixels.shape == (32, 48, 3)
        assert (samples.strokes[1].read(Box(0, 0, 4, 3))[:, 0] == [2, 2, 2, 255]).all()
    planned = plan_segment(project, items_of(project, [test]), Darkest("project"), Quiet())
    assert (planned.batch.written, planned.batch.failed) == (1, [])


def test_strokes_that_are_not_committed_are_given(project):
    image = image_of(project, "p5.png")
    layers = layers_of(np.full((64, 96), 1, np.uint8), np.full((64, 96), Source.PERSON, np.uint8))
    with project_samples(project, [image], Quiet(), {image.id: layers}) as samples:
        assert [picture.image for picture in samples.pictures] == [image]
        assert (samples.strokes[0].read(image.box) == 1).all()
    with project_samples(project, [image], Quiet()) as samples:
        assert not samples.pictures


class Counted(Shelf):
    """A shelf that counts what is read from it."""

    def __init__(self):
        super().__init__()
        self.reads = 0

    def tile(self, path, box, stride=1):
        self.reads += 1
        return super().tile(path, box, stride)


def test_pictures_of_a_project_are_known_again(project, monkeypatch):
    shelves = []
    monkeypatch.setattr(strokes_module, "Shelf", lambda: shelves.append(Counted()) or shelves[-1])
    paint(project, "p6.png", Box(0, 0, 3, 3), 2)
    live = Live(ArrayPicture(np.zeros((8, 8, 3), np.uint8)))
    forest = segmenters["pixel_forest"](trees=4)

    def learn():
        """Learn from the project as a preview does; return what was learned, and the reads."""
        with project_samples(project, project.images(), Quiet()) as samples:
            assert len(samples.pictures) == 4
            state = live.learn(forest, samples, Quiet())
        return state, shelves[-1].reads

    first, reads = learn()
    assert reads
    second, reads = learn()
    assert not reads
    assert first.importance == second.importance
    paint(project, "p6.png", Box(20, 20, 24, 24), 1)
    assert learn()[1] == 1  # where the new stroke is


def test_a_picture_whose_file_has_changed_is_another(project):
    image, shelf = image_of(project, "p1.png"), Shelf()
    path = project.path_of(image)
    picture = ShelvedPicture(path, image, shelf)
    again = ShelvedPicture(path, image.changed({"note": "seen"}), Shelf())
    assert picture == again
    assert hash(picture) == hash(again)
    assert picture != ShelvedPicture(path, image.changed({"hash": "other"}), shelf)
    assert picture != ShelvedPicture(path.with_name("p2.png"), image, shelf)


def test_samples_of_one_picture_hold_what_is_committed(project):
    (item,) = items_of(project, [image_of(project, "p1.png")])
    with opened(item) as picture:
        assert picture.image == item.image
        samples = picture_samples(project, item.image, picture)
        mask = project.layers(item.image).mask.read(item.image.box)
        assert (samples.strokes[0].read(item.image.box) == mask).all()


@dataclass(frozen=True)
class Counting:
    """A segmenter whose only region has the number of pictures that it has seen, less one."""

    title = "Counting"
    seeds = "none"
    whole = False
    halo = 0

    def fit(self, samples, task):
        assert not samples.strokes
        assert all(picture.read(Box(0, 0, 8, 8)).any_valid for picture in samples.pictures)
        return len(samples.pictures) - 1

    def apply(self, tile, state, task=None):
        return np.full(tile.pixels.shape[:2], state, np.uint8)


@pytest.mark.parametrize(("together", "id"), [(False, 1), (True, 2)])
def test_learned_together_all_pictures_that_are_there_are_seen(project, together, id):
    image = image_of(project, "p5.png")
    project.path_of(image_of(project, "p1.png")).unlink()
    items, places = items_of(project, [image]), {0: 1, 4: 2}
    planned = plan_segment(project, items, Counting(), Quiet(), places, together=together)
    project.apply(planned.edit)
    assert (project.layers(image).proposal.read(image.box) == id).all()


def test_what_is_learned_together_holds_no_strokes(project):
    with together_samples(project, project.images(), Quiet()) as samples:
        assert (len(samples.pictures), len(samples.strokes)) == (6, 0)
        state = segmenters["kmeans"](3).fit(samples, Quiet())
    assert len(state.colours) == 3


def test_classes_from_strokes_are_those_of_the_project():
    classes = [LabelClass(5, "a", (1, 2, 3)), LabelClass(0, "b", (4, 5, 6))]
    table = table_of(Darkest(), classes)
    assert (table[5], table[0]) == (5, 0)
    assert (np.delete(table, [0, 5]) == UNLABELLED).all()
    assert table_of(Counting(), classes)[:3].tolist() == [5, 0, UNLABELLED]


def test_what_makes_no_sense_is_refused(project, tmp_path):
    items = items_of(project, project.images())
    with pytest.raises(UserError, match="strokes on each picture"):
        plan_segment(project, items, Darkest(), Quiet(), together=True)
    with pytest.raises(UserError, match="classes, not regions"):
        plan_segment(project, items, Darkest(), Quiet(), {0: 1})
    with pytest.raises(UserError, match="painted in a project"):
        segment_files(items, Darkest(), tmp_path / "out", Quiet())
    assert not (tmp_path / "out").exists()
