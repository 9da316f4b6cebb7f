import pytest
import torch

from segstudio.learning.schedule import learning_rate


def rates(schedule, steps=200, **more):
    return [learning_rate(step, steps, 0.5, schedule, **more) for step in range(steps)]


@pytest.mark.parametrize("schedule", ["cosine", "poly"])
def test_it_rises_over_the_warm_up_and_then_goes_down_to_zero(schedule):
    found = rates(schedule, warm_up=0.2)
    assert found[:40] == sorted(found[:40])
    assert found[39] == found[40] == max(found) == 0.5
    assert found[40:] == sorted(found[40:], reverse=True)
    assert 0 < found[-1] < 0.01


def test_constant_is_constant():
    assert set(rates("constant")) == {0.5}


def test_poly_is_the_papers_formula():
    found = rates("poly", warm_up=0.0)
    assert found[101] == pytest.approx(0.5 * (1 - 100 / 199) ** 0.9)


@pytest.mark.parametrize("steps", [10, 200])
def test_one_cycle_is_that_of_torch(steps):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.5, total_steps=steps)
    expected = []
    for _ in range(steps):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    assert rates("one_cycle", steps) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("schedule", ["cosine", "poly", "one_cycle", "constant"])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_shortest_runs_have_a_rate(schedule, steps):
    assert all(0 < rate <= 0.5 for rate in rates(schedule, steps)[:1])
    assert all(0 <= rate <= 0.5 for rate in rates(schedule, steps))
