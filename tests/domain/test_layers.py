import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers, accepted, discarded, lookup, replaced
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import TILE, Layer, LayerBuilder, Packed, Source, SparseLayer

SHAPE = (300, 400)
IMAGE = Box(0, 0, *SHAPE)


def sparse(ids):
    builder = LayerBuilder(*SHAPE)
    builder.write(IMAGE, ids)
    return SparseLayer(*SHAPE, builder.finish())


def noise(seed, choices):
    rng = np.random.default_rng(seed)
    return rng.choice(np.array(choices, np.uint8), SHAPE)


@pytest.fixture
def layers():
    mask = noise(0, [0, 1, 2, UNLABELLED])
    given = noise(1, [Source.PERSON, Source.PROPOSAL, Source.IMPORT])
    source = np.where(mask == UNLABELLED, np.uint8(UNLABELLED), given)
    proposal = noise(2, [0, 1, 2, UNLABELLED])
    proposal[:256, 256:] = UNLABELLED
    return Layers(sparse(mask), sparse(source), sparse(proposal))


def after(layers, changes):
    new = layers.copy()
    for change in changes:
        assert new[change.layer].get(change.key) is change.before
        new[change.layer].put(change.key, change.after)
    return new


def test_accepting_spares_people_and_locked_classes(layers):
    mask, source, proposal = (layers[layer].read(IMAGE) for layer in Layer)
    new = after(layers, accepted(1, layers, [2], Quiet()))
    take = (proposal != UNLABELLED) & (source != Source.PERSON) & (mask != 2)
    assert take.any()
    assert (new.mask.read(IMAGE) == np.where(take, proposal, mask)).all()
    assert (new.source.read(IMAGE) == np.where(take, Source.PROPOSAL, source)).all()
    assert len(new.proposal) == 0


def test_accepting_touches_only_tiles_with_a_proposal(layers):
    keys = {c.key for c in accepted(1, layers, (), Quiet())}
    assert keys == {(0, 0), (1, 0), (1, 1)}


def test_accepting_an_unlabelled_image_takes_no_memory():
    """Tiles that are taken whole go over as they are; their sources are one and the same."""
    proposal = noise(2, [0, 1, 2])
    proposal[:10, :10] = UNLABELLED
    empty = Layers.empty(*SHAPE)
    changes = list(accepted(1, Layers(empty.mask, empty.source, sparse(proposal)), (), Quiet()))
    by_place = {(c.layer, c.key): c for c in changes}
    assert len(changes) == 3 * 4
    for key in ((0, 0), (0, 1), (1, 0), (1, 1)):
        taken = by_place[Layer.MASK, key]
        assert taken.after is by_place[Layer.PROPOSAL, key].before
    source = by_place[Layer.SOURCE, (0, 0)].after.array
    assert (source[:10, :10] == UNLABELLED).all()
    assert (source[10:, 10:] == Source.PROPOSAL).all()


def test_whole_tiles_share_one_source():
    side = 2 * TILE
    whole = {(row, column): Packed(np.full((TILE, TILE), 3, np.uint8))
             for row in range(2) for column in range(2)}  # fmt: skip
    empty = Layers.empty(side, side)
    layers = Layers(empty.mask, empty.source, SparseLayer(side, side, whole))
    sources = [c.after for c in accepted(1, layers, (), Quiet()) if c.layer == Layer.SOURCE]
    assert len(sources) == 4
    assert all(tile is sources[0] for tile in sources)
    assert (sources[0].array == Source.PROPOSAL).all()


def test_what_accepting_makes_is_packed(layers):
    """Arrays of an image of 30000 × 30000 pixels would be gigabytes."""
    made = [c.after for c in accepted(1, layers, (), Quiet()) if c.after is not None]
    assert made
    assert all(tile.nbytes == len(tile.data) for tile in made)


def test_where_nothing_may_be_taken_only_the_proposal_goes(layers):
    ones = np.ones(SHAPE, np.uint8)
    mine = Layers(layers.mask, sparse(ones * Source.PERSON), layers.proposal)
    changes = list(accepted(1, mine, (), Quiet()))
    assert {c.layer for c in changes} == {Layer.PROPOSAL}
    assert all(c.after is None for c in changes)


def test_accepting_can_be_cancelled(layers):
    class Stop:
        def report(self, done, total, text):
            raise Cancelled

    with pytest.raises(Cancelled):
        list(accepted(1, layers, (), Stop()))


def test_discarding_leaves_the_mask(layers):
    new = after(layers, discarded(1, layers))
    assert len(new.proposal) == 0
    assert (new.mask.read(IMAGE) == layers.mask.read(IMAGE)).all()


def test_replacing_a_layer_drops_what_is_not_in_the_new_one(layers):
    tile = Packed(np.full((TILE, TILE), 1, np.uint8))
    changes = replaced(1, Layer.PROPOSAL, layers.proposal, {(0, 1): tile})
    new = after(layers, changes)
    assert set(new.proposal) == {(0, 1)}
    assert new.proposal.get((0, 1)) is tile


def test_a_copy_is_a_snapshot(layers):
    snapshot = layers.copy()
    layers.mask.put((0, 0), None)
    assert (0, 0) in snapshot.mask


def test_lookup():
    table = lookup([0, 7])
    assert table.shape == (256,)
    assert np.flatnonzero(table).tolist() == [0, 7]
    assert not lookup([]).any()
