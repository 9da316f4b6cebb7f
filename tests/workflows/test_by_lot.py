"""What was drawn by lot, is labelled, and was not learned from yet."""

from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain import states
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import State
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows import train as workflow
from segstudio.workflows.by_lot import KEPT, keep_labelled, labelled_by_lot, note_learned
from segstudio.workflows.choice import Choice, choose
from segstudio.workflows.rank import rank
from segstudio.workflows.train import train

LEFT, RIGHT = Box(0, 0, 64, 48), Box(0, 48, 64, 96)


def paint(project: Project, id: int, part: Box) -> None:
    """Label a part of a picture."""
    tile = blank()
    tile[part.slices] = 1
    before = project.layers(project.image(id)).mask.get((0, 0))
    if before is not None:
        tile = np.where(tile == 255, before.array, tile)
    change = TileChange(id, Layer.MASK, (0, 0), before, Packed.of(tile))
    state = states.changed(project.image(id), state=State.IN_WORK)
    project.apply(Edit("Brush", tiles=(change,)).with_rows([state]))


def places(project):
    names = {image.id: image.name for image in project.images()}
    return [(names[item.image], item.box) for item in labelled_by_lot(project)]


def test_only_what_was_drawn_by_lot_and_is_labelled_counts(asked):
    project, one, other = asked
    assert places(project) == []
    paint(project, one, Box(0, 0, 64, 96))
    assert places(project) == [("p5.png", LEFT)]
    paint(project, other, RIGHT)
    assert places(project) == [("p5.png", LEFT), ("p6.png", RIGHT)]


def test_a_new_order_forgets_none_of_them(asked):
    project, one, _ = asked
    paint(project, one, LEFT)
    rank(project, Quiet(), threads=1)
    rank(project, Quiet(), threads=1)
    assert LEFT not in [item.box for item in project.queue()]
    assert places(project) == [("p5.png", LEFT)]


def test_what_is_not_labelled_is_forgotten_with_its_queue(asked):
    project, one, _ = asked
    keep_labelled(project)
    project.set_queue([]).result()
    paint(project, one, LEFT)
    assert places(project) == []


def test_a_training_learns_from_them_and_what_comes_later_counts_anew(asked):
    project, one, other = asked
    paint(project, one, LEFT)
    note_learned(project, labelled_by_lot(project))
    assert places(project) == []
    paint(project, other, RIGHT)
    assert places(project) == [("p6.png", RIGHT)]
    note_learned(project, labelled_by_lot(project))
    assert places(project) == []  # what was learned from before is still known to be


def test_a_finished_training_notes_what_it_has_learned_from(asked, tiny):
    project, one, other = asked
    paint(project, one, LEFT)
    paint(project, other, RIGHT)
    keep_labelled(project)
    project.set_queue([]).result()
    train(project, choose("quick", "fast_scnn", tiny), Quiet(), threads=1)
    assert project.runs()[0].metrics["lot"]["regions"] == 2
    assert places(project) == []


def test_who_gets_the_number_of_a_removed_picture_was_not_drawn(asked):
    project, one, _ = asked
    paint(project, one, LEFT)
    keep_labelled(project)
    project.set_queue([]).result()
    image = project.image(one)
    other = replace(image, hash="other").row()
    change = RowChange.between("images", image.id, image.row(), other)
    project.apply(Edit("Change", rows=(change,)))
    assert places(project) == []


def test_what_is_labelled_while_the_labels_are_read_is_taken_for_learned(asked, monkeypatch):
    project, one, _ = asked

    def collect(*_):
        paint(project, one, LEFT)

    def lot_of(project, items, task):
        raise UserError(f"{[item.box for item in items]}", "that is all to see")

    monkeypatch.setattr(workflow, "collect", collect)
    monkeypatch.setattr(workflow, "lot_of", lot_of)
    with pytest.raises(UserError) as told:
        workflow.train(project, Choice(), Quiet())
    assert told.value.message == str([LEFT])


@pytest.mark.parametrize("text", ["{", "[[1]]", "[1]", '[["a", "b", null]]', "null"])
def test_what_is_no_place_is_left_out(trained, text):
    trained.set_fact(KEPT, text).result()
    assert labelled_by_lot(trained) == []
