import numpy as np
import pytest

from segstudio.domain.task import Quiet
from segstudio.imaging.lattice import Lattice, Solver, colours

QUIET = Quiet()


def exact(lattice, wanted):
    """The same from scipy's direct solver, in float64."""
    from scipy.sparse import coo_matrix, diags
    from scipy.sparse.linalg import spsolve

    place = np.arange(wanted.size).reshape(wanted.shape)
    pairs = [
        (place[:, :-1].ravel(), place[:, 1:].ravel(), lattice.right[:, :-1].ravel()),
        (place[:-1].ravel(), place[1:].ravel(), lattice.down[:-1].ravel()),
    ]
    one, other, weight = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    joined = coo_matrix((weight.astype(float), (one, other)), (wanted.size, wanted.size))
    joined = joined + joined.T
    pull = lattice.pull.astype(float).ravel()
    system = diags(np.asarray(joined.sum(1)).ravel() + pull) - joined
    return spsolve(system.tocsc(), pull * wanted.ravel()).reshape(wanted.shape)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (7, 3), (61, 83), (130, 97)])
def test_values_are_those_of_a_direct_solver(shape):
    random = np.random.default_rng(0)
    rgb = random.integers(0, 256, (*shape, 3), dtype=np.uint8)
    pull = np.where(random.random(shape) < 0.05, 1000, 0.01).astype(np.float32)
    wanted = random.random(shape, np.float32)
    lattice = Lattice.of(colours(rgb), pull)
    assert np.abs(Solver(lattice).solved(wanted, QUIET) - exact(lattice, wanted)).max() < 0.02
    fine = Solver(lattice).solved(wanted, QUIET, 1e-5)
    assert np.abs(fine - exact(lattice, wanted)).max() < 1e-3


def test_few_seeds_on_an_even_picture_reach_everywhere():
    pull = np.zeros((70, 90), np.float32)
    pull[3, 4] = pull[60, 80] = 1000
    wanted = np.zeros_like(pull)
    wanted[60, 80] = 1
    lattice = Lattice.of(np.zeros((70, 90, 3), np.float32), pull)
    found = Solver(lattice).solved(wanted, QUIET)
    assert np.abs(found - exact(lattice, wanted)).max() < 0.02


def test_where_nothing_pulls_the_values_are_finite():
    lattice = Lattice.of(np.zeros((40, 40, 3), np.float32), np.zeros((40, 40), np.float32))
    assert np.isfinite(Solver(lattice).solved(np.ones((40, 40), np.float32), QUIET)).all()
