"""What more labels will bring."""

import numpy as np
import pytest

from segstudio.domain.forecast import forecast

LABELS = [20, 40, 60, 80, 100]


def law(x, top=0.8, fall=1.2, bend=0.6):
    return top - fall * np.asarray(x, float) ** -bend


def test_a_curve_that_follows_the_law_is_drawn_on():
    found = forecast(LABELS, law(LABELS), 20, [0.001] * 5)
    expected = law([120])[0] - law([100])[0]
    assert found.gain == pytest.approx(expected, abs=0.002)
    assert found.low <= expected <= found.high
    assert found.high - found.low < 0.01


def test_more_labels_never_take_away_and_never_lead_beyond_1():
    falling = forecast(LABELS, [0.6, 0.55, 0.5, 0.45, 0.4], 20, [0.001] * 5)
    assert (falling.gain, falling.low) == (0, 0)
    steep = forecast(LABELS, [0.1, 0.5, 0.8, 0.95, 0.99], 10_000, [0.001] * 5)
    assert 0 < steep.gain <= 0.02


def test_what_is_not_known_well_is_estimated_with_a_wide_interval():
    sure = forecast(LABELS, law(LABELS), 20, [0.001] * 5)
    unsure = forecast(LABELS, law(LABELS), 20, [0.05] * 5)
    assert unsure.high - unsure.low > 3 * (sure.high - sure.low)
    assert forecast(LABELS, law(LABELS), 20) is not None


@pytest.mark.parametrize(
    ("labels", "figures"), [([], []), ([10, 20], [0.1, 0.2]), ([10, 10, 10, 20], [0.1] * 4),
                            ([0, 1, 2], [0.1, 0.2, 0.3])]
)  # fmt: skip
def test_too_little_is_no_forecast(labels, figures):
    assert forecast(labels, figures, 20) is None


def test_the_same_figures_give_the_same_forecast():
    assert forecast(LABELS, law(LABELS), 20) == forecast(LABELS, law(LABELS), 20)
