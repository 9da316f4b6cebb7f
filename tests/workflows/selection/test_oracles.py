"""Orders that know the answers."""

import numpy as np
import pytest

from segstudio.domain.task import Quiet
from segstudio.workflows.selection.arms import arms_of
from segstudio.workflows.selection.oracles import TrueClasses, TrueErrors
from segstudio.workflows.selection.simulated_pool import SimulatedPool

SIDE = 16


@pytest.fixture
def pool(material, person, untrained):
    return SimulatedPool(material, material.pool[:6], person, [untrained], 3)


def part(values, each):
    return values[each.image][each.box.slices]


def test_true_classes_come_as_often_as_each_other(material, pool):
    found = TrueClasses(SIDE).suggest(pool, Quiet(), 30)
    assert len({(each.image, each.box) for each in found}) == 30
    shares = np.array(
        [[(part(material.references, each) == id).mean() for id in (0, 1, 2)] for each in found]
    )
    whole = np.mean([[(mask == id).mean() for id in (0, 1, 2)]
                     for mask in material.references.values()], axis=0)  # fmt: skip
    assert (shares.mean(0)[1:] > 1.3 * whole[1:]).all()


def test_what_is_predicted_wrongly_comes_first(material, pool, untrained):
    wrong = {
        image.id: (material.predicted(untrained, image) != material.references[image.id])
        & (material.references[image.id] != 255)
        for image in pool.images
    }
    found = TrueErrors(SIDE).suggest(pool, Quiet(), 10)
    drawn = np.mean([part(wrong, each).mean() for each in found])
    assert 0 < np.mean([values.mean() for values in wrong.values()]) < drawn - 0.05
    assert all(part(wrong, each).any() for each in found)


def test_they_have_keys_of_their_own(terms):
    arms = arms_of(terms)
    names = ("true_classes", "true_errors", "class_random")
    assert len({arms[name].key(terms, "pictures") for name in names}) == 3
