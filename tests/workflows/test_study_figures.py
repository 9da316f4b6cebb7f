import numpy as np
import pytest

from segstudio.workflows.choice import choose
from segstudio.workflows.study_arms import Arm, Group, Plan
from segstudio.workflows.study_figures import figures_of
from segstudio.workflows.study_results import Finished

PICTURES = 40


def run_of(seed: int, skill: float, noise: float = 0.0, pictures: int = PICTURES) -> Finished:
    """Return a run in which a share of each class is right; hard pictures are hard for all."""
    hard = np.random.default_rng(5).uniform(0.3, 1, (pictures, 2))
    luck = np.random.default_rng([seed, int(1000 * skill)]).normal(0, noise, (pictures, 2))
    reference = np.full((pictures, 2), 1000)
    right = (1000 * np.clip(skill * hard + luck, 0, 1)).astype(int)
    either = 2 * reference - right
    counts = np.stack([right, reference, either], 1)
    iou = right.sum(0) / either.sum(0)
    return Finished(
        seed, 100, float(iou.mean()), {"a": float(iou[0]), "b": float(iou[1])}, None,
        {f"p{n}": part.tolist() for n, part in enumerate(counts)}, [[100, float(iou.mean())]],
        0.5 + seed, 0.4, 60.0, 10, 10, 1000, 64, 4, 128, [], "cpu", "m", "p",
    )  # fmt: skip


def plan(*names: str) -> Plan:
    arms = tuple(Arm(name, name, choose()) for name in names)
    return Plan("tried", "Tried", "nobody", (), (Group("All", arms),))


def test_means_spread_and_times_are_over_the_seeds() -> None:
    runs = [run_of(seed, 0.5 + 0.1 * seed) for seed in range(3)]
    one = figures_of(plan("a"), {"a": runs})["a"]
    mious = [run.miou or 0.0 for run in runs]
    assert one.miou == pytest.approx(np.mean(mious))
    assert one.spread == pytest.approx(np.std(mious, ddof=1))
    assert one.iou["b"] == pytest.approx(np.mean([run.iou["b"] for run in runs]))
    assert one.step_seconds == 1.5
    assert one.training_seconds == 150
    assert one.difference is None
    assert one.difference_interval is None


def test_a_real_difference_leaves_out_zero_and_is_known_better_than_each_arm() -> None:
    runs = {
        "a": [run_of(seed, 0.6, 0.02) for seed in range(3)],
        "b": [run_of(seed, 0.65, 0.02) for seed in range(3)],
    }
    found = figures_of(plan("a", "b"), runs)
    ends, own = found["b"].difference_interval, found["b"].interval
    assert ends is not None
    assert own is not None
    assert 0 < ends[0] < (found["b"].difference or 0) < ends[1]
    assert own[0] < (found["b"].miou or 0) < own[1]
    # The pictures are the same: what is hard for one arm is hard for the other.
    assert ends[1] - ends[0] < (own[1] - own[0]) / 2


def test_no_difference_includes_zero() -> None:
    runs = {
        "a": [run_of(seed, 0.6, 0.1) for seed in range(3)],
        "b": [run_of(seed + 10, 0.6, 0.1) for seed in range(3)],
    }
    runs["b"] = [Finished(**{**vars(run), "seed": seed}) for seed, run in enumerate(runs["b"])]
    ends = figures_of(plan("a", "b"), runs)["b"].difference_interval
    assert ends is not None
    assert ends[0] < 0 < ends[1]


def test_seeds_that_differ_widen_the_interval() -> None:
    alike = [run_of(seed, 0.6) for seed in range(3)]
    apart = [run_of(seed, 0.5 + 0.1 * seed) for seed in range(3)]
    narrow = figures_of(plan("a"), {"a": alike})["a"].interval
    wide = figures_of(plan("a"), {"a": apart})["a"].interval
    assert narrow is not None
    assert wide is not None
    assert wide[1] - wide[0] > 1.5 * (narrow[1] - narrow[0])


def test_arms_that_are_not_done_are_compared_over_the_seeds_both_have() -> None:
    runs = {"a": [run_of(0, 0.6), run_of(1, 0.9)], "b": [run_of(0, 0.7)], "c": []}
    found = figures_of(plan("a", "b", "c"), runs)
    first = runs["a"][0].miou
    assert first is not None
    assert found["b"].difference == pytest.approx((runs["b"][0].miou or 0) - first)
    ends = found["b"].difference_interval
    assert ends is not None
    assert ends[0] > 0  # the second seed of the first arm is left out
    assert (found["c"].miou, found["c"].interval, found["c"].difference) == (None, None, None)
    assert found["c"].to_json()["steps"] is None


def test_one_picture_tells_no_interval() -> None:
    one = figures_of(plan("a"), {"a": [run_of(0, 0.6, pictures=1)]})["a"]
    assert one.interval is None
    assert one.spread is None
    assert one.miou is not None
