import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.records import State
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Layer, LayerBuilder, Source, SparseLayer
from segstudio.errors import UserError
from segstudio.interactive.cleanup import cleanups, run_cleanup
from segstudio.interactive.patch import Patch
from segstudio.settings import build
from segstudio.workflows.cleaning import cleaned, copied, plan_clean, read_step


def step(name, **values):
    return build(cleanups[name], values)


def layers_of(ids, source=Source.IMPORT):
    """Return the layers of a picture whose mask is given."""
    whole, found = Box(0, 0, *ids.shape), []
    for values in (ids, np.where(ids == UNLABELLED, UNLABELLED, source).astype(np.uint8)):
        builder = LayerBuilder(*ids.shape)
        builder.write(whole, values)
        found.append(SparseLayer(*ids.shape, builder.finish()))
    return Layers(*found, SparseLayer(*ids.shape))


def after(layers, changes):
    """Return mask and source with changes made."""
    made = layers.copy()
    for change in changes:
        assert change.before is made[change.layer].get(change.key)
        made[change.layer].put(change.key, change.after)
    return made.mask.read(made.box), made.source.read(made.box)


@pytest.fixture
def ids():
    """A mask larger than a block, with specks and holes, and a corner that is not labelled."""
    rng = np.random.default_rng(3)
    ids = np.zeros((1100, 1300), np.uint8)
    ids[200:700, 300:1250] = 1
    spots = rng.integers(0, (1090, 1290), (300, 2))
    for y, x in spots:
        ids[y : y + 3, x : x + 3] = rng.integers(0, 3)
    ids[1000:, 1200:] = UNLABELLED
    return ids


STEPS = (step("remove_specks", smaller_than=30), step("smooth", radius=2))


def test_masks_become_what_the_steps_make_of_them(ids):
    layers = layers_of(ids)
    mask, source = after(layers, cleaned(1, layers, STEPS, Quiet()))
    expected = ids.copy()
    whole = Box(0, 0, *ids.shape)
    for box, new in run_cleanup(lambda b: ids[b.slices], whole, STEPS, Quiet()):
        expected[box.slices] = new
    assert (expected != ids).any()
    assert (mask == expected).all()
    assert (source[mask != ids] == Source.PERSON).all()
    same = (mask == ids) & (ids != UNLABELLED)
    assert (source[same] == Source.IMPORT).all()


def test_what_is_taken_away_nobody_has_given(ids):
    layers = layers_of(ids)
    mask, source = after(layers, cleaned(1, layers, [step("erode", radius=2)], Quiet()))
    assert (mask[ids == 1] == UNLABELLED).any()
    assert ((source == UNLABELLED) == (mask == UNLABELLED)).all()


def test_only_what_is_selected_changes_but_the_steps_see_all(ids):
    layers = layers_of(ids)
    everywhere, _ = after(layers, cleaned(1, layers, STEPS, Quiet()))
    chosen = [Patch.whole(Box(150, 250, 480, 1100)), Patch.whole(Box(900, 20, 960, 90))]
    inside = np.zeros(ids.shape, bool)
    for patch in chosen:
        inside[patch.box.slices] = True
    mask, _ = after(layers, cleaned(1, layers, STEPS, Quiet(), within=chosen))
    assert (mask[inside] == everywhere[inside]).all()
    assert (mask[~inside] == ids[~inside]).all()
    assert (mask != ids).any()
    assert not list(cleaned(1, layers, STEPS, Quiet(), within=[]))


def test_locked_classes_neither_lose_nor_gain(ids):
    layers = layers_of(ids)
    mask, _ = after(layers, cleaned(1, layers, STEPS, Quiet(), locked=[2]))
    assert ((mask == 2) == (ids == 2)).all()
    assert (mask != ids).any()


def labelled(project):
    return [image for image in project.images() if project.shares(image.id)]


def masks(project):
    return {i.id: project.layers(i).mask.read(i.box) for i in project.images()}


def undo(project, redo=False):
    entries, done = project.history()
    project.turn([entries[done - (not redo)].id], undo=not redo).result()


def test_a_batch_is_one_change_and_undo_brings_all_back_bit_for_bit(project):
    before, changes = masks(project), project.history()[1]
    found = plan_clean(project, project.images(), [step("erode", radius=2)], Quiet())
    assert (found.images, found.changed) == (6, 4)
    project.apply(found.edit)
    now = masks(project)
    assert project.history()[1] == changes + 1
    assert project.history()[0][-1].text == "Clean up: shrink"
    assert sum((now[id] != before[id]).any() for id in now) == 4
    undo(project)
    assert all((masks(project)[id] == before[id]).all() for id in before)
    undo(project, redo=True)
    assert all((masks(project)[id] == now[id]).all() for id in now)


def test_pictures_without_a_mask_can_be_filled_and_are_in_work_then(project):
    bare = [image for image in project.images() if image.state == State.UNLABELLED]
    found = plan_clean(project, bare, [step("fill_rest", class_id=2)], Quiet())
    assert found.changed == len(bare) == 2
    project.apply(found.edit)
    assert all((masks(project)[image.id] == 2).all() for image in bare)
    assert {project.image(image.id).state for image in bare} == {State.IN_WORK}


def test_nothing_to_do_is_no_change(project):
    found = plan_clean(project, project.images(), [step("dilate", classes=(9,))], Quiet())
    assert (found.images, found.changed) == (6, 0)
    assert not found.edit


def test_locked_classes_of_the_project_stay(project):
    label = project.classes()[1]
    row = RowChange("classes", 1, {"locked": label.locked}, {"locked": True})
    project.apply(Edit("Lock", rows=(row,)))
    before = masks(project)
    project.apply(plan_clean(project, project.images(), [step("erode", radius=3)], Quiet()).edit)
    now = masks(project)
    assert all(((now[id] == 1) == (before[id] == 1)).all() for id in now)
    assert any((now[id] != before[id]).any() for id in now)


class StopsAt:
    def __init__(self, share):
        self._share = share

    def report(self, done, total, text):
        if done / total >= self._share:
            raise Cancelled


def test_cancelling_changes_nothing_and_leaves_nothing_behind(project, monkeypatch):
    monkeypatch.setattr("segstudio.store.staging.CHUNK", 0)
    before = masks(project)
    with pytest.raises(Cancelled):
        plan_clean(project, project.images(), [step("erode")], StopsAt(0.6))
    project.writer.settle()
    assert all((masks(project)[id] == before[id]).all() for id in before)
    assert project.reading().execute("SELECT COUNT(*) FROM staged").fetchone()[0] == 0


def test_a_class_that_there_is_not_is_refused(project):
    for wrong in (step("fill_rest", class_id=9), step("erode", becomes=9)):
        with pytest.raises(UserError, match="no class with the number 9"):
            plan_clean(project, project.images(), [wrong], Quiet())


def test_steps_are_read_as_they_are_written():
    assert read_step("smooth") == step("smooth")
    found = read_step("remove_specks:smaller_than=7,classes=1,2")
    assert found == step("remove_specks", smaller_than=7, classes=(1, 2))
    assert read_step("dilate: radius = 3 , over = 255").over == (255,)


@pytest.mark.parametrize("text", ["smoth", "smooth:7", "smooth:size=3", "smooth:radius=0", ""])
def test_what_is_no_step_is_refused(text):
    with pytest.raises(UserError) as refused:
        read_step(text)
    assert refused.value.hint


def test_a_mask_is_copied_where_it_is_labelled_and_nothing_is_locked(ids):
    rng = np.random.default_rng(0)
    other = np.full(ids.shape, UNLABELLED, np.uint8)
    other[100:600, 100:600] = rng.integers(0, 3, (500, 500))
    layers, given = layers_of(ids), layers_of(other).mask
    mask, source = after(layers, copied(1, layers, given, Quiet(), locked=[1]))
    expected = np.where((other != UNLABELLED) & (ids != 1), other, ids)
    assert (mask == expected).all()
    assert (source[mask != ids] == Source.PERSON).all()
    assert not list(copied(1, layers, layers.mask, Quiet()))


def test_changes_are_of_whole_tiles_of_this_picture(ids):
    layers = layers_of(ids)
    for change in cleaned(7, layers, STEPS, Quiet()):
        assert isinstance(change, TileChange)
        assert change.image == 7
        assert change.layer in (Layer.MASK, Layer.SOURCE)
