import json
import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.features import FeatureMap
from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, State, class_row
from segstudio.domain.regions import RegionTable
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import TILE, Layer, Packed
from segstudio.errors import UserError
from segstudio.store.regions import keep_tables, pass_over, tables_of
from segstudio.workflows import pool as pools
from segstudio.workflows import scoring
from segstudio.workflows.add import plan_add
from segstudio.workflows.models import in_use
from segstudio.workflows.pool import ProjectPool, candidates, lot, some_of
from segstudio.workflows.rank import rank, usable
from segstudio.workflows.remove import plan_remove
from segstudio.workflows.strategies.strategy import Suggestion, strategies


@pytest.fixture
def wide(trained, tmp_path):
    """The trained project with two larger pictures of different sizes, and one of a single band."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "wide"
    folder.mkdir()
    for name, size in (
        ("a.png", (256, 384, 3)),
        ("b.png", (300, 200, 3)),
        ("grey.png", (256, 256)),
    ):
        cv2.imwrite(str(folder / name), rng.integers(0, 255, size, np.uint8))
    trained.apply(plan_add(trained, [folder], Quiet()).edit)
    return trained


def by_name(project):
    return {image.name: image for image in project.images()}


def paint(project, image, box):
    """Label a box that lies in the first tile of a picture."""
    ids = np.full((TILE, TILE), UNLABELLED, np.uint8)
    ids[box.slices] = 1
    change = TileChange(image.id, Layer.MASK, (0, 0), None, Packed(ids))
    row = RowChange("images", image.id, {"state": str(image.state)}, {"state": "in_work"})
    project.apply(Edit("paint", (change,), (row,)))


@pytest.mark.parametrize("name", list(strategies))
def test_every_strategy_suggests_what_nobody_has_labelled(wide, name):
    ranking = rank(wide, Quiet(), strategies[name](), threads=1)
    names = {image.id: image.name for image in wide.images()}
    found = {names[item.image] for item in ranking.items}
    assert {"p5.png", "p6.png", "a.png", "b.png"} <= found <= {*names.values()} - {"p1.png"}
    assert all(math.isfinite(item.score) for item in ranking.items)
    assert all(item.reason and item.strategy == name for item in ranking.items)
    places = [(item.image, item.box) for item in ranking.items]
    assert len(set(places)) == len(places)
    assert wide.queue() == ranking.items
    assert rank(wide, Quiet(), strategies[name](), threads=1).items == ranking.items


@pytest.mark.parametrize("name", [name for name in strategies if name != "mean_entropy"])
def test_small_pictures_are_suggested_whole_and_larger_ones_in_regions(wide, name):
    items = rank(wide, Quiet(), strategies[name](), threads=1).items
    images = by_name(wide)
    boxes = {item.box for item in items if item.image == images["a.png"].id}
    assert boxes == {Box(t, x, t + 128, x + 128) for t in (0, 128) for x in (0, 128, 256)}
    assert {item.box for item in items if item.image == images["p5.png"].id} == {None}


def test_a_picture_with_other_bands_fails_and_the_others_are_ordered(wide):
    ranking = rank(wide, Quiet(), strategies["margin"](), threads=1)
    assert [failure.path.endswith("grey.png") for failure in ranking.failed] == [True]
    assert "1 band" in ranking.failed[0].reason
    assert len(ranking.items) == 2 + 6 + 4


def test_regions_that_are_half_labelled_or_passed_over_are_not_suggested(wide):
    image = by_name(wide)["a.png"]
    paint(wide, image, Box(0, 0, 128, 256))
    pass_over(wide, image.id, Box(128, 256, 256, 384)).result()
    items = rank(wide, Quiet(), strategies["recommended"](), threads=1).items
    boxes = {item.box for item in items if item.image == image.id}
    assert boxes == {Box(0, 256, 128, 384), Box(128, 0, 256, 128), Box(128, 128, 256, 256)}


def test_a_little_paint_leaves_a_region_and_ends_the_whole_picture(wide):
    image = by_name(wide)["a.png"]
    paint(wide, image, Box(0, 0, 128, 63))
    items = rank(wide, Quiet(), strategies["margin"](), threads=1).items
    assert Box(0, 0, 128, 128) in {item.box for item in items if item.image == image.id}
    items = rank(wide, Quiet(), strategies["mean_entropy"](), threads=1).items
    assert image.id not in {item.image for item in items}


def test_a_picture_never_to_be_asked_for_is_not_suggested(wide):
    image = by_name(wide)["a.png"]
    pass_over(wide, image.id, None).result()
    items = rank(wide, Quiet(), threads=1).items
    assert items
    assert image.id not in {item.image for item in items}


def test_what_a_model_said_is_remembered_and_whole_pictures_get_their_mean(wide, monkeypatch):
    strategy = strategies["margin"]()
    items = rank(wide, Quiet(), strategy, threads=1).items
    key = in_use(wide).key
    assert len(tables_of(wide, key, 128)) == 4
    assert len(wide.scores(key, "mean_entropy")) == 4
    looked = []
    monkeypatch.setattr(scoring, "seen", lambda *args: looked.append(args))
    monkeypatch.setattr(ProjectPool, "reduced", None)
    images = by_name(wide)
    left = [images[name] for name in ("p5.png", "p6.png", "a.png", "b.png")]
    pool = ProjectPool(wide, left, threads=1)
    assert set(pool.regions(Quiet(), 128)) == {image.id for image in left}
    assert looked == []
    assert len(items) == 12


def test_a_core_set_asks_for_features_of_its_own_and_leaves_the_others_as_they_were(
    wide, monkeypatch
):
    others = rank(wide, Quiet(), strategies["margin"](), threads=1).items
    key = in_use(wide).key
    tables = tables_of(wide, key, 128)
    ranking = rank(wide, Quiet(), strategies["coreset"](), threads=1)
    assert ranking.notes == []
    kept = tables_of(wide, f"{key}-features", 128)
    assert set(tables) < set(kept)  # labelled ones too
    found = {id: RegionTable.from_bytes(data) for id, data in kept.items()}
    assert {table.features.shape[1] for table in found.values()} == {32}
    assert all(np.abs(table.features).max() > 0 for table in found.values())
    for id, data in tables.items():
        plain = RegionTable.from_bytes(data)
        assert plain.features.shape == (len(plain), 0)
        assert np.allclose(plain.entropy, found[id].entropy, atol=1e-4)
    assert tables_of(wide, key, 128) == tables

    def refuse(*args):
        raise UserError("looked again", "it is remembered")

    monkeypatch.setattr(scoring, "seen", refuse)  # only what failed before is looked at
    assert rank(wide, Quiet(), strategies["coreset"](), threads=1).items == ranking.items
    assert rank(wide, Quiet(), strategies["margin"](), threads=1).items == others


def test_a_core_set_of_a_model_that_names_no_features_goes_by_looks_and_says_so(wide):
    file = in_use(wide).path / "card.json"
    card = json.loads(file.read_text())
    del card["features"]
    file.write_text(json.dumps(card))
    ranking = rank(wide, Quiet(), strategies["coreset"](), threads=1)
    assert len(ranking.items) == 2 + 6 + 4
    assert "colour and texture" in ranking.notes[0]
    assert tables_of(wide, f"{in_use(wide).key}-features", 128) == {}


def test_a_damaged_table_is_made_again(wide):
    items = rank(wide, Quiet(), strategies["margin"](), threads=1).items
    image = by_name(wide)["a.png"].id
    keep_tables(wide, in_use(wide).key, 128, {image: b"damaged"}).result()
    assert rank(wide, Quiet(), strategies["margin"](), threads=1).items == items


def test_removed_pictures_leave_nothing_behind(wide):
    rank(wide, Quiet(), strategies["margin"](), threads=1)
    image = by_name(wide)["a.png"]
    wide.apply(plan_remove(wide, [image], Quiet()))
    assert image.id not in {item.image for item in wide.queue()}
    assert image.id not in tables_of(wide, in_use(wide).key, 128)


def test_a_budget_keeps_the_first(wide):
    everything = rank(wide, Quiet(), strategies["top_decile"](), threads=1).items
    few = rank(wide, Quiet(), strategies["top_decile"](), budget=3, threads=1).items
    assert few == everything[:3]
    assert len(rank(wide, Quiet(), budget=5, threads=1).items) == 5


def test_what_is_no_number_never_orders(trained):
    images = trained.images()
    ids = [image.id for image in images]
    values = [0.2, math.nan, 0.9, math.inf, 0.3]
    suggestions = [Suggestion(id, v) for id, v in zip(ids, values, strict=False)]
    found = [s.image for s in usable([*suggestions, Suggestion(999, 0.5)], images)]
    assert found == [ids[0], ids[2], ids[4]]


@pytest.mark.parametrize("name", [name for name in strategies if strategies[name].needs_model])
def test_a_model_that_gives_no_number_orders_nothing(trained, monkeypatch, name):
    from segstudio.inference.model import Model

    def lost(self, pixels):
        return np.full((3, *pixels.shape[:2]), np.nan, np.float32)

    def all_lost(self, pixels):
        return lost(self, pixels), FeatureMap(np.full((4, 2, 2), np.nan, np.float32), (64, 64))

    monkeypatch.setattr(Model, "logits", lost)
    monkeypatch.setattr(Model, "logits_and_features", all_lost)
    before = [QueueItem(trained.images()[0].id, 0.5, "margin")]
    trained.set_queue(before).result()
    ranking = rank(trained, Quiet(), strategies[name](), threads=1)
    assert ranking.items == []
    assert trained.queue() == before
    assert len({failure.path for failure in ranking.failed}) >= 2
    assert trained.scores(in_use(trained).key, "mean_entropy") == {}


def test_of_many_labelled_pictures_some_are_compared_with(trained, monkeypatch):
    monkeypatch.setattr(pools, "KNOWN", 2)
    ranking = rank(trained, Quiet(), strategies["coreset"](), threads=1)
    assert "compared with 2 of 3 labelled pictures, drawn by lot" in ranking.notes
    key = f"{in_use(trained).key}-features"
    asked = {item.image for item in ranking.items}
    assert len(set(tables_of(trained, key, 128)) - asked) == 2


@pytest.mark.parametrize("name", ["mean_entropy", "margin"])
def test_an_interruption_keeps_what_was_done(trained, name):
    class Impatient(Quiet):
        def report(self, done, total, text):
            if done >= 50:
                raise Cancelled

    with pytest.raises(Cancelled):
        rank(trained, Impatient(), strategies[name](), threads=1)
    key = in_use(trained).key
    kept = tables_of(trained, key, 128) if name == "margin" else trained.scores(key, name)
    assert len(kept) == 1


@pytest.mark.parametrize("name", list(strategies))
def test_without_a_model_it_says_what_it_does_instead(project, name):
    ranking = rank(project, Quiet(), strategies[name]())
    assert len(ranking.items) == 2
    if name == "random":
        assert (ranking.strategy, ranking.notes) == ("random", [])
        return
    assert ranking.strategy == "recommended"
    assert "no model yet" in ranking.notes[0]
    assert "colour and texture" in ranking.notes[1]


def test_without_a_model_what_was_drawn_without_looking_comes_last(project):
    ranking = rank(project, Quiet(), strategies["recommended"](side=32), budget=8)
    drawn = [item.by_lot for item in ranking.items]
    assert drawn == sorted(drawn)
    assert set(drawn) == {False, True}
    assert min(item.score for item in ranking.items if not item.by_lot) > 0
    assert project.queue() == ranking.items


def test_one_class_is_said_to_be_too_few(project):
    for label in project.classes()[1:]:
        row = class_row(label)
        project.apply(Edit("Delete", rows=(RowChange("classes", label.id, row, None),)))
    assert "add another" in rank(project, Quiet()).notes[-1]


def test_a_model_of_other_classes_is_not_asked(trained):
    other = [replace(c, name=f"{c.name} of others") for c in trained.classes()]
    place = in_use(trained).path
    copy = trained.root / "elsewhere"
    copy.mkdir()
    for file in place.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    from segstudio.workflows.models import use_file

    use_file(trained, copy)
    rows = [
        RowChange("classes", c.id, class_row(c), class_row(o))
        for c, o in zip(trained.classes(), other, strict=True)
    ]
    trained.apply(Edit("rename", (), tuple(rows)))
    ranking = rank(trained, Quiet(), strategies["margin"](), threads=1)
    assert "none of the model's classes" in ranking.notes[0]
    assert ranking.strategy == "recommended"


def test_classes_that_are_gone_are_not_asked_for(wide):
    gone = wide.classes()[2]
    wide.apply(Edit("delete", (), (RowChange("classes", 2, class_row(gone), None),)))
    for name in ("recommended", "class_random"):
        items = rank(wide, Quiet(), strategies[name](), threads=1).items
        assert items
        assert {item.predicted for item in items} <= {0, 1, None}


def test_one_model_cannot_disagree_and_two_can(wide):
    ranking = rank(wide, Quiet(), strategies["bald"](), threads=1)
    assert "only one model" in ranking.notes[0]
    bundle = wide.run_folder(1) / "model"
    second = wide.new_run("train", "fast_scnn", {})
    folder = wide.run_folder(second.id) / "model"
    folder.mkdir(parents=True)
    for file in bundle.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"temperature": 4.0}))
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"\x72\x00")  # an empty field of its metadata: another file, the same network
    ranking = rank(wide, Quiet(), strategies["bald"](), threads=1)
    assert ranking.notes == []
    assert all(item.reason == "2 models disagree" for item in ranking.items)
    scores = [item.score for item in ranking.items]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[0] <= 1


def test_labelled_pictures_and_those_to_measure_on_are_not_suggested(trained):
    ranking = rank(trained, Quiet(), strategies["random"]())
    states = {image.id: image.state for image in trained.images()}
    assert {states[item.image] for item in ranking.items} == {State.UNLABELLED}


def test_when_all_is_reviewed_it_says_so(trained):
    rows = [
        RowChange("images", i.id, {"state": str(i.state)}, {"state": "reviewed"})
        for i in candidates(trained.images())
    ]
    trained.apply(Edit("review", (), tuple(rows)))
    with pytest.raises(UserError, match="no picture left"):
        rank(trained, Quiet())


def test_a_pool_of_one_gives_what_there_is(wide):
    images = by_name(wide)
    for name in ("p5.png", "p6.png", "b.png", "grey.png"):
        pass_over(wide, images[name].id, None).result()
    for name in strategies:
        items = rank(wide, Quiet(), strategies[name](), budget=20, threads=1).items
        assert {item.image for item in items} == {images["a.png"].id}
        assert len(items) == (1 if name == "mean_entropy" else 6)


def test_a_large_pool_is_drawn_by_lot_from_its_contents(wide):
    images = wide.images()
    some = some_of(images, 3)
    assert len(some) == 3
    assert some_of(list(reversed(images)), 3) == some
    assert some == sorted(sorted(images, key=lambda i: lot(i, 0))[:3], key=lambda i: i.id)
    assert any(some_of(images, 3, seed) != some for seed in range(1, 5))
    ranking = rank(wide, Quiet(), pool=2, threads=1)
    assert "2 of 5 pictures" in ranking.notes[0]
    assert len({item.image for item in ranking.items}) <= 2
