import pytest

from segstudio.domain import codec
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.records import Split, State
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import TILE, Layer, Packed, blank
from segstudio.store.facts_of_images import facts_of_images
from segstudio.workflows.clear import plan_clear

TABLES = ("images", "tiles", "shares", "classes")


def contents(project):
    """Return all that undo has to bring back, bit for bit."""
    project.writer.settle()
    return {
        table: sorted(tuple(row) for row in project.reading().execute(f"SELECT * FROM {table}"))
        for table in TABLES
    } | {"shares": facts_of_images(project)}


def undo(project, redo=False):
    entries, done = project.history()
    project.turn([entries[done - (not redo)].id], undo=not redo).result()


@pytest.fixture
def proposed(project):
    """The project with a proposal for its first picture too."""
    ids = blank()
    ids[3:9, 4:40] = 2
    place = project.images()[0].id, Layer.PROPOSAL, (0, 0)
    project.apply(Edit("Propose", (TileChange(*place, None, Packed.of(ids)),)))
    return project


def test_masks_and_proposals_go_and_the_split_stays(proposed):
    project = proposed
    first, *rest = project.images()
    kept = [project.layers(image).mask.counts().sum() for image in rest]
    assert len(project.layers(first).mask)
    assert len(project.layers(first).proposal)

    project.apply(plan_clear(project, [first], Quiet()))

    assert not any(len(project.layers(first)[layer]) for layer in Layer)
    now = project.image(first.id)
    assert (now.state, now.split) == (State.UNLABELLED, Split.VAL)
    assert project.shares(first.id) == {}
    assert [project.layers(image).mask.counts().sum() for image in rest] == kept


def test_it_is_one_change_that_undo_takes_back_bit_for_bit(proposed):
    project = proposed
    before, changes = contents(project), project.history()[1]
    project.apply(plan_clear(project, project.images(), Quiet()))
    cleared = contents(project)
    assert cleared["tiles"] == []
    assert project.history()[1] == changes + 1
    assert project.history()[0][-1].text == "Clear 6 pictures"
    undo(project)
    assert contents(project) == before
    undo(project, redo=True)
    assert contents(project) == cleared


def test_pictures_with_nothing_in_them_are_no_change(project):
    bare = [image for image in project.images() if image.state == State.UNLABELLED]
    assert bare
    assert not plan_clear(project, bare, Quiet())


class StopsAt:
    def __init__(self, place):
        self._place = place

    def report(self, done, total, text):
        if done >= self._place:
            raise Cancelled


def test_cancelling_leaves_nothing_behind(project, monkeypatch):
    monkeypatch.setattr("segstudio.store.staging.CHUNK", 0)  # what is staged is written at once
    before = contents(project)
    with pytest.raises(Cancelled):
        plan_clear(project, project.images(), StopsAt(2))
    assert contents(project) == before
    assert project.reading().execute("SELECT COUNT(*) FROM staged").fetchone()[0] == 0


def test_what_is_cleared_is_counted_away(proposed):
    project = proposed
    labelled = {i for i, facts in facts_of_images(project).items() if facts.labelled}
    assert len(labelled) == 4
    one = project.image(min(labelled))
    pixels = sum(
        int(codec.counts(tile.data, TILE)[:255].sum())
        for tile in map(project.layers(one).mask.get, project.layers(one).mask)
    )
    assert facts_of_images(project)[one.id].labelled == pixels
    project.apply(plan_clear(project, [one], Quiet()))
    assert one.id not in facts_of_images(project)
