import threading

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.layers import accepted
from segstudio.domain.records import State
from segstudio.domain.tiles import TILE, Layer, Packed, Source
from segstudio.gui import proposals as module
from segstudio.gui.proposals import Proposals


@pytest.fixture
def proposals(session):
    return Proposals(session)


@pytest.fixture
def propose(session, wait_saved):
    """Put class 2 into the first tile's proposal."""

    def propose(id=1):
        tile = Packed(np.full((TILE, TILE), 2, np.uint8))
        session.apply(Edit("Predict", (TileChange(id, Layer.PROPOSAL, (0, 0), None, tile),)))
        wait_saved()

    return propose


@pytest.fixture
def held(monkeypatch):
    """Hold accepting back until `go` is set; `begun` tells that it has begun."""
    begun, go = threading.Event(), threading.Event()

    def slow(*args):
        found = list(accepted(*args))
        begun.set()
        assert go.wait(10)
        return found

    monkeypatch.setattr(module, "accepted", slow)
    return begun, go


def mask(session, layer=Layer.MASK):
    return session.read(layer, session.image.box)


def test_accepting_moves_the_proposal_into_the_mask_and_can_be_undone(
    session, open_image, proposals, propose, stroke, wait_idle
):
    open_image(1)
    stroke((100, 100), (400, 100), value=1)
    propose()
    before = mask(session)
    proposals.accept()
    wait_idle()
    found = mask(session)
    assert (found[:TILE, :TILE][before[:TILE, :TILE] == 1] == 1).all()
    assert (found[:TILE, :TILE][before[:TILE, :TILE] != 1] == 2).all()
    assert (found[:, TILE:] == before[:, TILE:]).all()
    assert mask(session, Layer.SOURCE)[0, 0] == Source.PROPOSAL
    assert len(session.layers.proposal) == 0
    assert session.image.state == State.IN_WORK
    session.undo()
    assert (mask(session) == before).all()
    assert len(session.layers.proposal) == 1


def test_discarding_leaves_the_mask(session, open_image, proposals, propose, wait_idle):
    open_image(1)
    propose()
    session.set_image([1], "Predict", state=State.PROPOSED)
    proposals.discard()
    wait_idle()
    assert len(session.layers.proposal) == 0
    assert (mask(session) == UNLABELLED).all()
    assert session.image.state == State.UNLABELLED
    session.undo()
    assert len(session.layers.proposal) == 1
    assert session.image.state == State.PROPOSED


def test_there_is_nothing_to_accept_without_a_proposal(session, open_image, proposals):
    assert proposals.accept() is None
    open_image(1)
    assert proposals.accept() is None
    assert proposals.discard() is None


def test_what_is_painted_while_accepting_stays(
    session, open_image, proposals, propose, stroke, wait_idle, held
):
    begun, go = held
    open_image(1)
    propose()
    proposals.accept()
    assert begun.wait(10)
    stroke((100, 100), (200, 100), value=0)
    go.set()
    wait_idle()
    found = mask(session)
    assert found[100, 150] == 0
    assert found[10, 10] == 2
    assert len(session.layers.proposal) == 0
    assert mask(session, Layer.SOURCE)[100, 150] == Source.PERSON


def test_a_stroke_in_progress_and_an_acceptance_both_stay(
    session, open_image, proposals, propose, stroke, wait_idle
):
    open_image(1)
    propose()
    stroke((100, 100), (200, 100), value=0, finish=False)
    proposals.accept()
    wait_idle()
    assert session.tile(Layer.MASK, (0, 0))[100, 150] == 0
    assert session.tile(Layer.MASK, (0, 0))[10, 10] == 2
    session.finish_draft("Brush")
    wait_idle()
    found = mask(session)
    assert found[100, 150] == 0
    assert found[10, 10] == 2
    image = session.project.image(1)
    assert (session.project.layers(image).mask.read(image.box) == found).all()
    session.undo()
    assert (mask(session)[:TILE, :TILE] == 2).all()


def test_an_image_left_while_accepting_is_accepted_all_the_same(
    session, open_image, proposals, propose, stroke, wait_idle, held
):
    begun, go = held
    open_image(1)
    propose()
    proposals.accept()
    assert begun.wait(10)
    stroke((100, 100), (200, 100), value=0)
    session.open_image(2)
    go.set()
    wait_idle()
    assert session.image.id == 2
    image = session.project.image(1)
    layers = session.project.layers(image)
    assert layers.mask.read(image.box)[10, 10] == 2
    assert layers.mask.read(image.box)[100, 150] == 0
    assert len(layers.proposal) == 0


def test_a_locked_class_is_not_accepted_over(session, open_image, proposals, propose, wait_idle):
    from dataclasses import replace

    open_image(1)
    ones = Packed(np.ones((TILE, TILE), np.uint8))
    session.apply(Edit("Import", (TileChange(1, Layer.MASK, (0, 0), None, ones),)))
    session.change_class(replace(session.class_of(1), locked=True))
    propose()
    proposals.accept()
    wait_idle()
    assert (mask(session)[:TILE, :TILE] == 1).all()
    assert len(session.layers.proposal) == 0
