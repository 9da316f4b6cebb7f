import math

import pytest

from segstudio.domain.records import State
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.workflows import rank as module
from segstudio.workflows.models import in_use
from segstudio.workflows.rank import ordered, rank
from segstudio.workflows.strategies.strategy import Suggestion, strategies


@pytest.mark.parametrize("name", list(strategies))
def test_every_strategy_orders_what_nobody_has_labelled(trained, name):
    ranking = rank(trained, Quiet(), strategies[name](), threads=1)
    names = {image.id: image.name for image in trained.images()}
    assert sorted(names[item.image] for item in ranking.items) == ["p5.png", "p6.png"]
    scores = [item.score for item in ranking.items]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= s <= 1 for s in scores)
    assert all(item.reason and item.strategy == name for item in ranking.items)
    assert trained.queue() == ranking.items
    assert rank(trained, Quiet(), strategies[name](), threads=1).items == ranking.items


def test_scores_are_remembered_for_the_model(trained, monkeypatch):
    rank(trained, Quiet(), threads=1)
    key = in_use(trained).key
    held = trained.scores(key, "mean_entropy")
    assert len(held) == 2

    def refuse(*args):
        raise AssertionError("measured again")

    monkeypatch.setattr(module.ProjectPool, "reduced", refuse)
    assert [item.score for item in rank(trained, Quiet()).items] == sorted(
        held.values(), reverse=True
    )


def test_a_budget_keeps_the_first(trained):
    everything = rank(trained, Quiet(), threads=1).items
    assert rank(trained, Quiet(), budget=1).items == everything[:1]


def test_what_is_no_number_never_orders(trained):
    images = trained.images()
    ids = [image.id for image in images]
    values = [0.2, math.nan, 0.9, math.inf, 0.2]
    suggestions = [Suggestion(id, v) for id, v in zip(ids, values, strict=False)]
    found = [s.image for s in ordered(suggestions, images)]
    assert found == [ids[2], ids[0], ids[4]]


def test_a_picture_that_gives_no_number_is_listed(trained, monkeypatch):
    from segstudio.inference import predict

    monkeypatch.setattr(predict, "mean_entropy", lambda *args: math.nan)
    ranking = rank(trained, Quiet())
    assert ranking.items == []
    assert len(ranking.failed) == 2
    assert trained.scores(in_use(trained).key, "mean_entropy") == {}


def test_an_interruption_keeps_the_scores(trained):
    class Impatient(Quiet):
        def report(self, done, total, text):
            if done >= 50:
                raise Cancelled

    with pytest.raises(Cancelled):
        rank(trained, Impatient())
    assert len(trained.scores(in_use(trained).key, "mean_entropy")) == 1


def test_without_a_model_it_says_what_to_do(project):
    with pytest.raises(UserError, match="no model yet"):
        rank(project, Quiet())
    assert rank(project, Quiet(), strategies["random"]()).strategy == "random"


def test_labelled_pictures_and_those_to_measure_on_are_not_suggested(trained):
    ranking = rank(trained, Quiet(), strategies["random"]())
    states = {image.id: image.state for image in trained.images()}
    assert {states[item.image] for item in ranking.items} == {State.UNLABELLED}
