from dataclasses import replace

import pytest

from segstudio.workflows.selection.arms import chosen, terms_of
from segstudio.workflows.selection.chart import points
from segstudio.workflows.selection.figures import SetFigures, goals, penalised, verdicts
from segstudio.workflows.selection.lines import Reached
from segstudio.workflows.selection.study import Shard

SEEDS = range(8)


def rounds(seed, rise, looking=0.0):
    """Return three rounds of an arm whose mIoU rises by so much after the shared first one."""
    start = 0.3 + seed / 100
    mious = [start, start + rise / 2, start + rise]
    return [
        Reached("one", seed, "an arm", n + 1, "key", miou, {"wall": miou, "window": miou - 0.1},
                0.02 - rise / 100, regions=4 * (n + 1), pixels=1000 * (n + 1), training=10.0,
                looking=looking if n else 0.0)
        for n, miou in enumerate(mious)
    ]  # fmt: skip


def figures(name="one", ours=0.3, tuned=False):
    terms = terms_of({"rounds": 3})
    arms = chosen(terms, ["random", "class_random", "recommended", "full"])
    runs = {
        "random": {s: rounds(s, 0.1) for s in SEEDS},
        "class_random": {s: rounds(s, 0.2) for s in SEEDS},
        "recommended": {s: rounds(s, ours + s / 1000, looking=1.5) for s in SEEDS},
        "full": {s: [replace(rounds(s, 0.4)[2], pixels=20_000)] for s in SEEDS},
    }
    return SetFigures(name, tuned, terms, arms, runs, 12, 3, 20_000, 2000.0, 1000.0)


def test_a_row_says_what_an_arm_reached_and_cost():
    one = figures()
    row = {arm.name: one.row(arm) for arm in one.arms}
    assert row["random"]["area"] == pytest.approx(0.335 + 0.05)
    assert row["class_random"]["miou"] == pytest.approx(0.335 + 0.2)
    assert row["class_random"]["worst"] == pytest.approx(0.335 + 0.1)
    assert row["recommended"]["labelled"] == pytest.approx(0.15 + 0.1)
    assert row["recommended"]["time_ratio"] == pytest.approx(1.1)
    assert row["class_random"]["of_full"] == pytest.approx(0.535 / 0.735)
    assert row["recommended"]["seconds"] == pytest.approx(33)
    assert row["full"]["area"] is None
    assert row["full"]["of_full"] == 1
    assert row["full"]["enough"] is None


def test_a_pause_of_the_machine_for_one_seed_moves_no_curve():
    runs = {s: rounds(s, 0.2) for s in SEEDS}
    runs[3] = [replace(one, training=900.0) for one in runs[3]]
    one = replace(figures(), runs={"random": runs})
    assert one.row(one.arms[0])["seconds"] == pytest.approx(30)
    drawn = points(runs, lambda rounds: [found.training for found in rounds])
    assert [point.cost for point in drawn] == [10, 10, 10]


def test_ours_is_better_where_no_chance_explains_it():
    sets = [figures("a"), figures("b"), figures("c", ours=0.1), figures("d", tuned=True)]
    told = {v.set: v for v in verdicts(sets, "class_random")}
    assert [told[name].said for name in "abcd"] == ["better", "better", "worse", "tuned on"]
    assert told["a"].p == 2 / 256
    assert told["a"].corrected == pytest.approx(6 / 256)  # three sets are judged
    assert told["d"].corrected is None
    assert told["c"].difference < 0
    found = dict(goals(sets))
    assert found["better than class-aware random in area, corrected p < 0.05"] == (
        "a, b; significantly worse: c"
    )
    assert found["variance over classes below random's"] == "a, b, c of 3 judged sets"
    few = [replace(one, runs={n: {0: c[0]} for n, c in one.runs.items()}) for one in sets]
    assert {v.said for v in verdicts(few, "class_random")} == {"no difference shown", "tuned on"}


def test_the_first_round_that_nearly_does_what_all_labels_do_says_what_is_enough():
    one = figures(ours=0.78)  # 0.7 and 1.1 in the second and third round; all labels reach 0.735
    assert one.enough("recommended") == pytest.approx((2000 + 2000) / 20_000)
    assert one.enough("random") is None
    assert replace(one, runs={"recommended": one.runs["recommended"]}).enough("recommended") is None
    wanted = "95 % of the mIoU of all labels, with at most 25 % labelled"
    assert dict(goals([one]))[wanted] == "one with 20.0%"
    assert dict(goals([figures()]))[wanted] == "one not (87% with 25.0%)"


def test_penalties_leave_out_what_is_shared_or_tuned_on():
    sets = [figures("a"), figures("d", ours=0.0, tuned=True)]
    matrix = penalised(sets, ["random", "class_random", "recommended"])
    assert matrix == [[0, 0, 0], [1, 0, 0], [1, 1, 0]]


def test_arms_whose_rounds_cost_other_amounts_are_compared_over_the_same_pixels():
    one = figures()
    dear = [replace(r, pixels=2 * r.pixels) for r in rounds(0, 0.1)]
    other = replace(one, runs={"random": {0: dear}})
    # Level until 2000 pixels, then a quarter of the whole rise until 3000.
    assert other.areas("random")[0] == pytest.approx(0.3 + 0.05 * 0.5 * 0.25)


def test_a_shard_is_one_of_several():
    assert Shard.read("2/8") == Shard(2, 8)
    assert str(Shard(2, 8)) == "2/8"
