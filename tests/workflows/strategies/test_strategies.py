"""Every strategy on a pool made of numbers."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from segstudio.domain.records import ImageRecord
from segstudio.domain.regions import RegionTable, boxes_of, table_of
from segstudio.domain.task import Quiet
from segstudio.workflows.strategies.strategy import strategies

SIDE = 16
NAMES = {0: "wall", 3: "window", 5: "graffiti"}
REGIONAL = [name for name in strategies if name != "mean_entropy"]


@dataclass
class NumberPool:
    """Pictures whose tables are made of probabilities that a test gives."""

    tables: dict[int, RegionTable]
    class_ids: tuple[int, ...] = (0, 3, 5)
    labelled_pixels: dict[int, int] = field(default_factory=lambda: {0: 9000, 3: 1500})
    models: int = 1
    round: int = 5
    seed: int = 0
    known: dict[int, RegionTable] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    class_names = NAMES

    @property
    def images(self):
        sizes = {id: t.boxes[:, 2:].max(0) for id, t in self.tables.items()}
        return [
            ImageRecord(id, f"{id}.png", f"{id}.png", int(w), int(h))
            for id, (h, w) in sizes.items()
        ]

    def say(self, text):
        self.said.append(text)

    def free(self, image, side):
        return boxes_of(image.height, image.width, side)

    def regions(self, task, side, models=1, features=False):
        assert models <= self.models
        return self.tables

    def looks(self, task, side):
        return self.tables

    def labelled(self, task, side, features=False):
        return self.known


def picture(seed, sharp=1.0, height=32, width=48):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(3, sharp), (height, width)).astype(np.float32)
    pixels = rng.integers(0, 60 + 30 * (seed % 5), (height, width, 3), np.uint8)
    return table_of(np.moveaxis(p, -1, 0).copy(), pixels, None, 1, SIDE, (height, width))


def pool(pictures=6, **more):
    return NumberPool({n: picture(n, 0.2 + n % 3) for n in range(1, pictures + 1)}, **more)


def suggest(name, pool, budget=None, **settings):
    return strategies[name](side=SIDE, **settings).suggest(pool, Quiet(), budget)


@pytest.mark.parametrize("name", REGIONAL)
def test_a_budget_is_kept_and_nothing_is_suggested_twice(name):
    for budget in (0, 1, 7, 36, 50):
        found = suggest(name, pool(), budget)
        assert len(found) == min(budget, 36)
        assert len({(s.image, s.box) for s in found}) == len(found)
        assert np.isfinite([s.score for s in found]).all()
        assert all(s.reason for s in found)


@pytest.mark.parametrize("name", REGIONAL)
def test_the_same_pool_gives_the_same_and_another_seed_other_random_ones(name):
    places = [(s.image, s.box) for s in suggest(name, pool(), 12)]
    assert places == [(s.image, s.box) for s in suggest(name, pool(), 12)]
    other = [(s.image, s.box) for s in suggest(name, pool(seed=1), 12)]
    assert (places != other) == (name in ("random", "class_random", "recommended"))


@pytest.mark.parametrize("name", REGIONAL)
def test_an_empty_pool_gives_nothing(name):
    assert suggest(name, NumberPool({})) == []


@pytest.mark.parametrize("name", [n for n in REGIONAL if n != "random"])
def test_regions_without_a_number_are_not_suggested(name):
    table = picture(1)
    for figures in (table.entropy, table.margin, table.confidence, table.top, table.disagreement):
        figures[2] = np.nan
    for figures in (table.doubt, table.share, table.area):
        figures[2] = np.nan
    found = suggest(name, NumberPool({1: table}))
    if name == "coreset":  # that goes by looks, too
        assert np.isfinite([s.score for s in found]).all()
    else:
        assert table.box(2) not in {s.box for s in found}
        assert len(found) == 5


def test_orders_by_one_number_begin_with_the_highest():
    made = pool()
    whole = RegionTable.joined(list(made.tables.values()))
    columns = {"margin": "margin", "least_confidence": "confidence", "top_decile": "top"}
    for name, column in columns.items():
        scores = [s.score for s in suggest(name, made)]
        assert scores == pytest.approx(sorted(getattr(whole, column), reverse=True))


def test_the_recommended_batch_is_spread_over_classes_with_the_rarest_first():
    found = suggest("recommended", pool(100), 40)
    assert sum(s.by_lot for s in found) == 6
    for_class = [s.predicted for s in found if ";" in s.reason]
    assert len(for_class) == 23
    assert for_class[:3] == [5, 3, 0]
    assert np.bincount(for_class)[[0, 3, 5]].tolist() == [7, 8, 8]
    reasons = {s.predicted: s.reason.split(";")[0] for s in found if ";" in s.reason}
    assert reasons == {
        0: "may show wall", 3: "little seen: window", 5: "never labelled: graffiti",
    }  # fmt: skip
    images = [s.image for s in found]
    assert max(images.count(image) for image in images) <= 2


def test_of_a_class_regions_come_first_that_show_much_of_it():
    """One picture suspects a little graffiti in much doubt, the other shows it with little."""
    lost, plain = picture(1), picture(2)
    for table, doubt, area in ((lost, 0.2, 0.05), (plain, 0.1, 0.9)):
        table.doubt[:, 2], table.area[:, 2] = doubt, area
    made = NumberPool({1: lost, 2: plain})
    usual = {"lot": 0.0, "classes": 1.0, "noise": False, "most": 0}
    first = {
        presence: next(
            s.image
            for s in suggest("recommended", made, 6, presence=presence, **usual)
            if s.predicted == 5
        )
        for presence in (True, False)
    }
    assert first == {True: 2, False: 1}


def test_of_two_regions_that_show_as_much_of_a_class_the_more_doubtful_comes_first():
    table = picture(1)
    table.area[:, 2], table.entropy[:] = 0.5, np.arange(1, 1 + len(table)) / 10
    usual = {"lot": 0.0, "classes": 1.0, "noise": False, "most": 0}
    found = suggest("recommended", NumberPool({1: table}), 6, **usual)
    graffiti = [s.box for s in found if s.predicted == 5]
    assert graffiti[0] == table.box(len(table) - 1)


def test_nothing_is_asked_for_the_sake_of_a_class_that_the_model_sees_nowhere():
    made = pool(20)
    for table in made.tables.values():
        table.area[:, 2] = 0
    usual = {"lot": 0.0, "classes": 1.0}
    assert {s.predicted for s in suggest("recommended", made, 12, **usual)} == {0, 3}
    found = suggest("recommended", made, 12, presence=False, **usual)
    assert {s.predicted for s in found} == {0, 3, 5}


def test_a_sharper_choice_goes_for_the_highest_scores():
    made = pool(100)
    usual = {"lot": 0.0, "classes": 0.0}
    mean = {
        last: np.mean([s.score for s in suggest("recommended", made, 20, sharpest=last, **usual)])
        for last in (1.0, 100.0)
    }
    everything = np.concatenate([table.entropy for table in made.tables.values()])
    assert mean[100.0] > np.quantile(everything, 0.8) > mean[1.0]


def test_classes_that_the_project_lacks_are_not_asked_for():
    found = suggest("recommended", pool(100, class_ids=(0, 255, 255)), 30)
    assert {s.predicted for s in found} <= {0, None}
    assert all("window" not in s.reason and "graffiti" not in s.reason for s in found)


def test_words_tell_edges_from_ground():
    p = np.zeros((2, 48, 16), np.float32)
    p[0] = 1
    p[:, 2:4, :] = 0.5  # an edge
    p[:, 16:32] = 0.5  # all of the second
    table = table_of(p, np.zeros((48, 16, 3), np.uint8), None, 1, SIDE, (48, 16))
    made = NumberPool({1: table}, class_ids=(0, 3))
    words = {s.box.top: s.reason for s in suggest("top_decile", made)}
    assert words == {
        0: "unsure along its edges",
        16: "unsure of most of it",
        32: "sure of most of it",
    }


def test_without_a_model_the_typical_come_first_and_no_picture_twice():
    made = pool(8, models=0)
    found = suggest("recommended", made, 12)
    typical = [s for s in found if not s.by_lot]
    assert 4 <= len(typical) <= 8
    assert len({s.image for s in typical}) == len(typical)
    assert all("typical of" in s.reason for s in typical)
    assert len(found) == 12
    assert "without a model" in made.said[0]


def test_a_core_set_keeps_away_from_what_is_labelled():
    made = pool(3)
    twin = {1: made.tables[1]}
    found = suggest("coreset", replace(made, known=twin))
    assert {s.image for s in found[-6:]} == {1}
    assert [s.score for s in found] == sorted([s.score for s in found], reverse=True)


def with_features(table, features):
    return replace(table, features=np.asarray(features, np.float32))


def test_a_core_set_goes_by_the_features_of_the_encoder_where_there_are_any():
    lots = np.random.default_rng(1).permutation(18)
    made = pool(3)
    for id in made.tables:
        # Six regions look like all others, and are far apart in the features.
        own = lots[6 * (id - 1) : 6 * id]
        made.tables[id] = with_features(made.tables[id], np.eye(18)[own] * (own < 6)[:, None])
    apart = {
        (id, table.box(place))
        for id, table in made.tables.items()
        for place in np.flatnonzero(table.features.any(1))
    }
    nothing = with_features(made.tables[1].taken(np.array([0])), np.zeros((1, 18)))
    found = suggest("coreset", replace(made, known={1: nothing}), 6)
    assert {(s.image, s.box) for s in found} == apart
    assert made.said == []


def test_a_core_set_says_when_there_are_no_features():
    made = pool(3)
    assert suggest("coreset", made, 6)
    assert "colour and texture" in made.said[0]


def test_models_that_disagree_come_before_models_that_are_unsure():
    table = picture(1)
    table.disagreement[:] = np.linspace(0.1, 0.6, len(table))
    found = suggest("bald", NumberPool({1: table}, models=5), models=3)
    assert [s.score for s in found] == pytest.approx(sorted(table.disagreement, reverse=True))
    assert found[0].reason == "3 models disagree"


def test_class_random_draws_rare_classes_as_often():
    found = suggest("class_random", pool(100), 90)
    counts = np.bincount([s.predicted for s in found], minlength=6)[[0, 3, 5]]
    assert counts.min() > 15
    assert found[0].reason.startswith("drawn by lot for ")


def test_noise_fades_over_the_rounds():
    def first(round):
        settings = {"lot": 0.0, "classes": 0.0, "most": 0}
        made = pool(10, round=round)
        best = [s.score for s in suggest("recommended", made, 10, **settings)]
        return np.mean(best)

    assert first(1) < first(5) <= first(9) + 0.02
