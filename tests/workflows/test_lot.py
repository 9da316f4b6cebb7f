"""How good a model is on regions drawn by lot."""

import numpy as np

from segstudio.domain import states
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, State
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.store.project import Project
from segstudio.workflows import lot as module
from segstudio.workflows.by_lot import labelled_by_lot
from segstudio.workflows.lot import lot_of
from segstudio.workflows.models import IN_USE

LEFT, RIGHT = Box(0, 0, 64, 48), Box(0, 48, 64, 96)


def paint(project: Project, id: int, part: Box, value: int) -> None:
    """Label a part of a picture with one class."""
    tile = blank()
    tile[part.slices] = value
    change = TileChange(id, Layer.MASK, (0, 0), None, Packed.of(tile))
    state = states.changed(project.image(id), state=State.IN_WORK)
    project.apply(Edit("Brush", tiles=(change,)).with_rows([state]))


def test_the_model_is_measured_on_them_alone(asked, monkeypatch):
    project, one, other = asked
    paint(project, one, Box(0, 0, 64, 96), 0)
    paint(project, other, RIGHT, 0)
    seen = []
    real = module.measured_on

    def watched(project, found, pieces, task):
        seen.extend(pieces)
        return real(project, found, seen, task)

    monkeypatch.setattr(module, "measured_on", watched)
    figure = lot_of(project, labelled_by_lot(project), Quiet())
    assert figure["regions"] == 2
    assert figure["run"] == int(project.fact(IN_USE))
    assert 0 <= figure["miou"] <= 1
    assert figure["interval"][0] <= figure["miou"] <= figure["interval"][1]
    pixels, mask = seen[0]
    assert pixels.shape == (64, 96, 3)  # with what lies around it
    assert (mask[:, :48] == 0).all()
    assert (mask[:, 48:] == 255).all()
    assert np.unique(seen[1][1][:, :48]).tolist() == [255]


def test_too_few_regions_or_no_model_are_no_figure(asked, monkeypatch):
    project, one, _ = asked
    items = [QueueItem(one, 0.5, "recommended", LEFT, by_lot=True)] * 2
    paint(project, one, LEFT, 0)
    assert lot_of(project, items[:1], Quiet()) is None
    whole = [QueueItem(one, 0.5, "random", by_lot=True)] * 2
    with monkeypatch.context() as small:
        small.setattr(module, "LARGEST", 64 * 96 - 1)
        assert lot_of(project, whole, Quiet()) is None  # not read in one piece
    assert lot_of(project, items, Quiet()) is not None
    project.set_fact(IN_USE, "file:gone.onnx").result()
    assert lot_of(project, items, Quiet()) is None
