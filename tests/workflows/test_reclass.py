"""A class goes: against the plain way on whole arrays, and back by undo."""

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED, LabelClass, default_colour
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import ImageRecord, State
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Layer, LayerBuilder, Source
from segstudio.errors import UserError
from segstudio.store import staging
from segstudio.store.project import Project
from segstudio.workflows.reclass import Reclass, Reclassing, plan_delete, plan_merge, use_of

SIZES = {1: (300, 520), 2: (64, 80), 3: (270, 300), 4: (50, 50)}
NAMES = ("background", "sign", "banner", "lamp")
SIGN = 1


def layers_of(rng, size):
    """Return mask, source and proposal: patches, noise, and much that is not labelled."""
    small = rng.integers(0, len(NAMES), (size[0] // 10 + 1, size[1] // 10 + 1), np.uint8)
    mask = np.kron(small, np.ones((10, 10), np.uint8))[: size[0], : size[1]].copy()
    mask[rng.random(size) < 0.05] = SIGN
    mask[:, size[1] // 2 :] = UNLABELLED
    source = np.where(mask == UNLABELLED, UNLABELLED, rng.integers(1, 4, size)).astype(np.uint8)
    proposal = np.full(size, UNLABELLED, np.uint8)
    proposal[:, size[1] // 2 :] = rng.integers(0, len(NAMES))
    return {Layer.MASK: mask, Layer.SOURCE: source, Layer.PROPOSAL: proposal}


def changes(image, layer, ids):
    builder = LayerBuilder(*ids.shape)
    builder.write(image.box, ids)
    return [TileChange(image.id, layer, k, None, tile) for k, tile in builder.finish().items()]


@pytest.fixture
def arrays():
    """The layers of four pictures; in the third nothing but the sign, in the last no sign."""
    rng = np.random.default_rng(5)
    found = {id: layers_of(rng, size) for id, size in SIZES.items()}
    third = np.full(SIZES[3], UNLABELLED, np.uint8)
    third[10:200, 20:280] = SIGN
    found[3][Layer.MASK] = third
    found[3][Layer.SOURCE] = np.where(third == SIGN, np.uint8(Source.IMPORT), UNLABELLED)
    found[3][Layer.PROPOSAL] = np.where(third == SIGN, np.uint8(SIGN), UNLABELLED)
    found[2][Layer.PROPOSAL][:] = SIGN
    found[2][Layer.MASK][:], found[2][Layer.SOURCE][:] = UNLABELLED, UNLABELLED
    for layer in Layer:
        found[4][layer][:] = 2
    return found


STATES = {1: State.IN_WORK, 2: State.PROPOSED, 3: State.REVIEWED, 4: State.REVIEWED}


@pytest.fixture
def walls(tmp_path, arrays):
    classes = [LabelClass(i, n, default_colour(i), position=i) for i, n in enumerate(NAMES)]
    project = Project.create(tmp_path / "walls", classes)
    for id, (height, width) in SIZES.items():
        image = ImageRecord(id, f"../{id}.png", f"{id}.png", width, height, state=STATES[id])
        tiles = [c for layer in Layer for c in changes(image, layer, arrays[id][layer])]
        row = RowChange("images", id, None, image.row())
        project.apply(Edit("Add", tuple(tiles), (row,)))
    yield project
    project.close()


def read(project, id):
    image = project.image(id)
    layers = project.layers(image)
    return {layer: layers[layer].read(image.box) for layer in Layer}


def everything(project):
    """Return all that the user sees of a project: pixels, records, classes and shares."""
    pixels = {
        (id, layer): ids.tobytes() for id in SIZES for layer, ids in read(project, id).items()
    }
    return pixels, project.images(), project.classes(), project.shares()


def assert_is(project, expected):
    for id in SIZES:
        for layer, ids in read(project, id).items():
            assert np.array_equal(ids, expected[id][layer]), (id, layer)
        counts = np.bincount(expected[id][Layer.MASK].ravel(), minlength=256)[:UNLABELLED]
        assert project.shares(id) == {n: count for n, count in enumerate(counts) if count}


def test_deleting_unlabels_its_pixels_and_nothing_else(walls, arrays):
    before = everything(walls)
    edit = plan_delete(walls, SIGN, Quiet())
    assert everything(walls) == before
    walls.apply(edit)
    for found in arrays.values():
        gone = found[Layer.MASK] == SIGN
        found[Layer.MASK][gone] = UNLABELLED
        found[Layer.SOURCE][gone] = UNLABELLED
        found[Layer.PROPOSAL][found[Layer.PROPOSAL] == SIGN] = UNLABELLED
    assert_is(walls, arrays)
    assert [label.id for label in walls.classes()] == [0, 2, 3]
    assert [image.state for image in walls.images()] == [
        State.IN_WORK, State.UNLABELLED, State.UNLABELLED, State.REVIEWED,
    ]  # fmt: skip
    entries, done = walls.history()
    assert entries[-1].text == "Delete class sign"
    assert entries[-1].images == {1, 2, 3}
    walls.turn([entries[done - 1].id], undo=True).result()
    assert everything(walls) == before


def test_merging_keeps_who_labelled_and_all_other_numbers(walls, arrays):
    before = everything(walls)
    walls.apply(plan_merge(walls, SIGN, 3, Quiet()))
    for found in arrays.values():
        for layer in (Layer.MASK, Layer.PROPOSAL):
            found[layer][found[layer] == SIGN] = 3
    assert_is(walls, arrays)
    assert [label.id for label in walls.classes()] == [0, 2, 3]
    assert [image.state for image in walls.images()] == list(STATES.values())
    entries, done = walls.history()
    assert entries[-1].text == "Merge sign into lamp"
    walls.turn([entries[done - 1].id], undo=True).result()
    assert everything(walls) == before


def test_a_reviewed_mask_that_keeps_a_proposal_is_proposed(walls):
    ids = np.full(SIZES[3], 2, np.uint8)
    old = walls.layers(walls.image(3)).proposal
    put = changes(walls.image(3), Layer.PROPOSAL, ids)
    assert len(put) >= len(old)
    walls.apply(Edit("Propose", tuple(put)))
    walls.apply(plan_delete(walls, SIGN, Quiet()))
    assert walls.image(3).state == State.PROPOSED


def test_what_is_on_no_picture_is_only_taken_off_the_list(walls):
    walls.apply(Edit("Add", rows=(Reclass(LabelClass(9, "tree", (1, 2, 3))).row.reversed(),)))
    edit = plan_delete(walls, 9, Quiet())
    assert edit.images == set()
    walls.apply(edit)
    assert [label.id for label in walls.classes()] == [0, 1, 2, 3]


def test_pictures_that_change_meanwhile_are_worked_out_again(walls, arrays):
    work = Reclassing(walls, Reclass.among(walls.classes(), SIGN))
    work.all(Quiet())
    erased = np.full(SIZES[1], UNLABELLED, np.uint8)
    erased[:40, :40] = SIGN
    erased[40:80, :40] = 0
    person = np.where(erased == UNLABELLED, erased, np.uint8(Source.PERSON))
    image = walls.image(1)
    tiles = [
        TileChange(1, layer, key, None, None)
        for layer in (Layer.MASK, Layer.SOURCE)
        for key in walls.layers(image)[layer]
    ]
    walls.apply(Edit("Erase", tuple(tiles)))
    walls.apply(
        Edit("Brush", (*changes(image, Layer.MASK, erased), *changes(image, Layer.SOURCE, person)))
    )
    painted = everything(walls)
    work.again({1}, Quiet())
    walls.apply(work.edit())
    mask, source = read(walls, 1)[Layer.MASK], read(walls, 1)[Layer.SOURCE]
    assert np.array_equal(mask, np.where(erased == SIGN, UNLABELLED, erased))
    assert np.array_equal(source, np.where(erased == SIGN, UNLABELLED, person))
    assert SIGN not in walls.shares()
    entries, _ = walls.history()
    walls.turn([entries[-1].id], undo=True).result()
    assert everything(walls) == painted


def test_what_cannot_be_done_is_said(walls):
    from dataclasses import replace

    classes = walls.classes()
    with pytest.raises(UserError, match="no class with the number 7"):
        plan_delete(walls, 7, Quiet())
    with pytest.raises(UserError, match="no class with the number 9"):
        plan_merge(walls, SIGN, 9, Quiet())
    with pytest.raises(UserError, match="sign cannot be merged into itself"):
        plan_merge(walls, SIGN, SIGN, Quiet())
    locked = [replace(label, locked=label.id == SIGN) for label in classes]
    for target, said in ((None, "deleted"), (2, "merged into another class")):
        with pytest.raises(UserError, match=f"sign is locked and cannot be {said}") as error:
            Reclass.among(locked, SIGN, target)
        assert error.value.hint == "unlock it first"
    assert Reclass.among(locked, 2, SIGN).target == locked[SIGN]


class Impatient(Quiet):
    def report(self, done, total, text):
        if text.startswith("Delete") and done:
            raise Cancelled


def test_cancelling_leaves_nothing_behind(walls, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 0)
    before = everything(walls)
    with pytest.raises(Cancelled):
        plan_delete(walls, SIGN, Impatient())
    assert everything(walls) == before
    assert (
        walls.change(lambda c: c.execute("SELECT COUNT(*) FROM staged").fetchone()[0]).result() == 0
    )


def test_the_use_of_a_class_is_told(walls, arrays):
    sign, lamp = (next(c for c in walls.classes() if c.name == n) for n in ("sign", "lamp"))
    pixels = sum(int((found[Layer.MASK] == SIGN).sum()) for found in arrays.values())
    use = use_of(walls, sign)
    assert (use.images, use.pixels) == (2, pixels)
    share = 100 * pixels / sum(h * w for h, w in SIZES.values())
    assert use.text == f"sign is on 2 pictures, {share:.0f} % of all pixels"
    assert use_of(walls, LabelClass(9, "tree", (1, 2, 3))).text == "tree is on no picture"
    assert use_of(walls, lamp).images == 1
    assert use_of(walls, lamp).text.startswith("lamp is on 1 picture, ")
