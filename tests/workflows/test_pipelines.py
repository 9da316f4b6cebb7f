import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.errors import UserError
from segstudio.interactive.cleanup import cleanups, run_cleanup
from segstudio.methods.segmenter import segmenters
from segstudio.settings import build
from segstudio.store.pictures import open_picture
from segstudio.store.project import Project
from segstudio.workflows.items import items_of, to_propose
from segstudio.workflows.pipelines import (
    Pipeline,
    delete_pipeline,
    find_pipeline,
    pipeline_tiles,
    plan_pipeline,
    read_pipelines,
    save_pipeline,
)
from segstudio.workflows.segment import cleaned_tiles, plan_segment

KMEANS = segmenters["kmeans"](3)


def step(name, **values):
    return build(cleanups[name], values)


STEPS = (step("erode", radius=2, classes=(1, 2)), step("remove_specks", smaller_than=30))


def proposals(project):
    return {i.name: project.layers(i).proposal.read(i.box) for i in to_propose_images(project)}


def to_propose_images(project):
    return [item.image for item in to_propose(project)]


def cleaned(ids, steps):
    """Return ids cleaned up by the engine that cleans masks."""
    expected = ids.copy()
    for box, new in run_cleanup(lambda b: ids[b.slices], Box(0, 0, *ids.shape), steps, Quiet()):
        expected[box.slices] = new
    return expected


def test_a_pipeline_proposes_what_the_method_does_and_the_steps_clean(project):
    items = to_propose(project)
    project.apply(plan_segment(project, items, KMEANS, Quiet()).edit)
    raw = proposals(project)
    planned = plan_pipeline(project, items, Pipeline.of("Neat", KMEANS, STEPS), Quiet())
    project.apply(planned.edit)
    assert planned.batch.written == 2
    assert project.history()[0][-1].text == "Pipeline Neat"
    for name, ids in proposals(project).items():
        assert (ids == cleaned(raw[name], STEPS)).all()
        assert (ids != raw[name]).any()


def test_regions_get_the_classes_that_were_saved(project):
    pipeline = Pipeline.of("Odd", KMEANS, (), {0: 2, 1: UNLABELLED, 2: 99})
    project.apply(plan_pipeline(project, to_propose(project), pipeline, Quiet(), True).edit)
    image = to_propose_images(project)[0]
    ids = project.layers(image).mask.read(image.box)
    assert set(np.unique(ids)) == {2, UNLABELLED}  # there is no class 99


def test_it_is_the_same_after_the_project_was_closed(project):
    one = Pipeline.of(" Neat  edges ", KMEANS, STEPS, {0: 2, 5: 255}, together=True)
    other = Pipeline.of("by hand", segmenters["threshold"]((90.5, 170.0)))
    save_pipeline(project, one).result()
    save_pipeline(project, other).result()
    root = project.root
    project.close()
    again = Project.open(root, write=False)
    found = read_pipelines(again)
    assert [pipeline.name for pipeline in found] == ["by hand", "Neat edges"]
    assert found[0].segmenter == segmenters["threshold"]((90.5, 170.0))
    neat = find_pipeline(again, "neat EDGES")
    assert (neat.segmenter, tuple(neat.steps)) == (KMEANS, STEPS)
    assert (neat.places, neat.together) == ({0: 2, 5: 255}, True)
    again.close()


def test_a_pipeline_takes_the_place_of_one_of_its_name_and_is_deleted(project):
    save_pipeline(project, Pipeline.of("Neat", KMEANS)).result()
    save_pipeline(project, Pipeline.of("NEAT", KMEANS, STEPS)).result()
    (found,) = read_pipelines(project)
    assert len(found.steps) == 2
    with pytest.raises(UserError, match="no pipeline called 'neet'") as refused:
        delete_pipeline(project, "neet")
    assert refused.value.hint == "did you mean NEAT?"
    delete_pipeline(project, "neat").result()
    assert read_pipelines(project) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_names_that_are_none_are_refused(name):
    with pytest.raises(UserError, match="name"):
        Pipeline.of(name, KMEANS)


@pytest.mark.parametrize(
    "pipeline",
    [
        Pipeline("a", "gone"),
        Pipeline("b", "kmeans", {"colours": 3}),
        Pipeline("c", "kmeans", {}, [("gone", {})]),
        Pipeline("d", "kmeans", {}, [("fill_rest", {"class_id": 9})]),
    ],
)
def test_parts_that_are_gone_are_a_sentence_and_nothing_is_done(project, pipeline):
    save_pipeline(project, pipeline).result()
    with pytest.raises(UserError):
        plan_pipeline(project, to_propose(project), find_pipeline(project, pipeline.name), Quiet())


class StopsAt:
    def __init__(self, share):
        self._share = share

    def report(self, done, total, text):
        if done / total >= self._share:
            raise Cancelled


def test_cancelled_it_keeps_what_was_done_and_while_it_learns_nothing(project):
    items = items_of(project, project.images())
    planned = plan_pipeline(project, items, Pipeline.of("Neat", KMEANS, STEPS), StopsAt(0.5))
    assert planned.batch.interrupted
    assert (planned.batch.written, len(planned.edit.images)) == (2, 2)
    together = Pipeline.of("Neat", KMEANS, together=True)
    with pytest.raises(Cancelled):
        plan_pipeline(project, items, together, StopsAt(0.2))


def test_the_open_picture_gets_the_same(project):
    image = to_propose_images(project)[0]
    pipeline = Pipeline.of("Neat", KMEANS, STEPS)
    items = items_of(project, [image])
    project.apply(plan_pipeline(project, items, pipeline, Quiet()).edit)
    picture = open_picture(project.path_of(image))
    from segstudio.workflows.preview import Previewer

    state = Previewer(picture).regions(KMEANS, Quiet()).state
    mapping = {0: 0, 1: 1, 2: 2}
    for steps in (STEPS, ()):
        tiles = pipeline_tiles(KMEANS, state, picture, mapping, steps, Quiet())
        found = SparseLayer(image.height, image.width, tiles).read(image.box)
        same = (found == proposals(project)[image.name]).all()
        assert same == bool(steps)
    picture.close()


def test_tiles_are_cleaned_across_blocks_and_edges():
    random = np.random.default_rng(5)
    ids = np.zeros((1100, 1300), np.uint8)
    ids[200:700, 300:1250] = 1
    for y, x in random.integers(0, (1090, 1290), (200, 2)):
        ids[y : y + 3, x : x + 3] = random.integers(0, 3)
    ids[1000:, 1200:] = UNLABELLED
    whole = Box(0, 0, *ids.shape)
    builder = LayerBuilder(*ids.shape)
    builder.write(whole, ids)
    tiles = cleaned_tiles(whole, builder.finish(), STEPS, Quiet())
    assert (SparseLayer(*ids.shape, tiles).read(whole) == cleaned(ids, STEPS)).all()
