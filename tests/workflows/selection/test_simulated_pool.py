import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.regions import boxes_of
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.workflows.selection.annotator import Annotator, Answered
from segstudio.workflows.selection.arms import chosen, terms_of
from segstudio.workflows.selection.simulated_pool import SimulatedPool
from segstudio.workflows.strategies.strategy import strategies


def test_answers_are_the_reference_and_nothing_else_is_known():
    reference = np.arange(24, dtype=np.uint8).reshape(4, 6) % 3
    reference[0, 0] = 255
    person = Annotator({7: reference})
    person.label([Answered(7, Box(0, 0, 2, 3))])
    expected = np.full((4, 6), 255)
    expected[:2, :3] = reference[:2, :3]
    assert (person.answers[7] == expected).all()
    assert (person.regions, person.pixels, person.fresh) == (1, 6, {7})
    assert person.labelled_pixels == {0: 1, 1: 2, 2: 2}
    assert person.shares(7, boxes_of(4, 6, 2)).tolist() == [1, 0.5, 0, 0, 0, 0]
    assert person.cost(Answered(7, None)) == 18
    # A whole picture costs what is left of it; what is asked for again costs nothing.
    person.label([Answered(7, None)])
    assert (person.answers[7] == reference).all()
    assert person.pixels == 24
    person.label([])
    assert person.fresh == set()
    assert person.cost(Answered(7, Box(1, 1, 3, 3))) == 0


def test_an_answer_survives_as_a_list():
    for asked in (Answered(3, None), Answered(4, Box(1, 2, 3, 4))):
        assert Answered.from_json(asked.to_json()) == asked


def test_what_was_asked_for_or_cannot_be_answered_is_not_free(material, person):
    pool = SimulatedPool(material, material.pool, person, [], 0)
    image = material.pool[4]  # its last 16 columns are not in the reference
    assert pool.free(image, 16).tolist() == [
        box for box in boxes_of(48, 64, 16).tolist() if box[1] < 48
    ]
    person.label([Answered(image.id, Box(0, 0, 16, 24))])
    left = [box for box in boxes_of(48, 64, 16).tolist() if 32 <= box[1] < 48 or box[0] >= 16]
    assert pool.free(image, 16).tolist() == [box for box in left if box[1] < 48]
    assert len(pool.free(image, 0)) == 1
    person.label([Answered(image.id, None)])
    assert not len(pool.free(image, 0))


def test_strategies_choose_from_it_as_from_a_project(material, person):
    pool = SimulatedPool(material, material.pool[:6], person, [], 3)
    with pytest.raises(UserError, match="no model"):
        pool.model  # noqa: B018
    found = strategies["recommended"](side=16).suggest(pool, Quiet(), 8)
    known = {image.id for image in material.pool[:6]}
    assert len({(each.image, each.box) for each in found}) == 8
    assert {each.image for each in found} <= known
    assert pool.notes
    again = strategies["random"](side=16).suggest(pool, Quiet(), 5)
    other = SimulatedPool(material, material.pool[:6], person, [], 4)
    assert strategies["random"](side=16).suggest(other, Quiet(), 5) != again


def test_a_core_set_gets_features_of_the_encoder_from_it(material, person, untrained):
    pool = SimulatedPool(material, material.pool[:6], person, [untrained], 0)
    person.label([Answered(material.pool[0].id, Box(0, 0, 16, 16))])
    plain = pool.regions(Quiet(), 16)
    assert {table.features.shape[1] for table in plain.values()} == {0}
    deep = pool.regions(Quiet(), 16, features=True)
    assert {table.features.shape[1] for table in deep.values()} == {32}
    (known,) = pool.labelled(Quiet(), 16, features=True).values()
    assert known.features.shape == (1, 32)
    assert pool.regions(Quiet(), 16) is not deep
    found = strategies["coreset"](side=16).suggest(pool, Quiet(), 5)
    assert len(found) == 5
    assert pool.notes == []


def test_arms_are_named_or_taken_together():
    terms = terms_of({"side": 32, "rounds": 2})
    assert [arm.name for arm in chosen(terms, ["judged"])] == [
        "random", "class_random", "mean_entropy", "recommended",
    ]  # fmt: skip
    every = chosen(terms, ["all"])
    assert len({arm.name for arm in every}) == len(every) > 15
    assert all(getattr(arm.strategy, "side", 32) == 32 for arm in every)
    assert {arm.strategy.rounds for arm in every if hasattr(arm.strategy, "rounds")} == {2}
    for set, more in (("street", ["margin"]), ("cells", [])):
        found = chosen(terms, ["judged", "street:margin"], set)
        assert [arm.name for arm in found][4:] == more
    with pytest.raises(UserError, match="no arm called 'best'"):
        chosen(terms, ["street:best"], "cells")
    with pytest.raises(UserError, match="no arm called 'first'"):
        chosen(terms, ["first"])


def test_arms_learn_alike_but_for_what_is_compared():
    terms = terms_of({"steps": 7, "rounds": 3})
    for arm in chosen(terms, ["all"]):
        settings = arm.choice(terms, 2, 3).training
        assert settings.seed == 2003
        assert settings.steps == (21 if arm.strategy is None else 7)
        assert settings.network == "fast_scnn"
    with pytest.raises(UserError, match="decides on seed"):
        terms_of({"seed": 3})
    with pytest.raises(UserError, match="no setting called 'stepps'"):
        terms_of({"stepps": 3})
    with pytest.raises(UserError, match="budget cannot be 0"):
        terms_of({"budget": 0})
