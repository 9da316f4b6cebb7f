import cv2
import numpy as np
import pytest

from segstudio.imaging.lattice import colours
from segstudio.imaging.slopes import Slopes


def step(first, second, height=40, width=60):
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[:, : width // 2], rgb[:, width // 2 :] = first, second
    return rgb


@pytest.mark.parametrize("turned", [False, True])
def test_a_step_is_as_steep_as_its_colours_are_apart(turned):
    rgb = step((50, 60, 70), (90, 60, 40))
    lab = colours(rgb)
    apart = float(np.linalg.norm(lab[0, 0] - lab[0, -1]))
    steep = Slopes.of(np.swapaxes(rgb, 0, 1) if turned else rgb, 2.0).steepness()
    steep = steep.T if turned else steep
    # The sum over a step is the step; its crest that of a Gaussian of the same width.
    assert steep[20].sum() == pytest.approx(apart, rel=0.02)
    assert steep[20].max() == pytest.approx(apart / (2.0 * np.sqrt(2 * np.pi)), rel=0.1)
    assert steep[20, :20].max() < 0.01


def test_colours_of_one_grey_have_an_edge_between_them():
    rgb = step((150, 60, 60), (60, 106, 60))
    greys = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    assert np.ptp(greys) <= 1
    assert Slopes.of(rgb, 1.0).steepness().max() > 15


def test_changes_of_opposite_bands_do_not_cancel():
    across = np.zeros((3, 3, 3), np.float32)
    across[1, 1] = (3, -4, 0)
    assert Slopes(across, np.zeros_like(across)).steepness()[1, 1] == pytest.approx(5)


def test_a_slope_counts_in_its_own_direction():
    across = np.full((2, 2, 3), (3, 0, 0), np.float32)
    along = np.full((2, 2, 3), (4, 0, 0), np.float32)
    assert Slopes(across, along).steepness() == pytest.approx(np.full((2, 2), 5))
    apart = np.full((2, 2, 3), (0, 4, 0), np.float32)  # another band: not the same slope
    assert Slopes(across, apart).steepness() == pytest.approx(np.full((2, 2), 4))


def test_a_thin_edge_is_one_pixel_wide_and_on_the_crest():
    lines = Slopes.of(step((40, 40, 40), (160, 150, 140)), 1.5).thin_edges(1.0)
    inner = lines[2:-2]
    assert (inner.sum(1) == 1).all()
    assert set(np.flatnonzero(inner.any(0))) <= {29, 30}


def test_weak_edges_stay_only_where_they_go_on_from_strong_ones():
    rgb = np.full((80, 80, 3), 60, np.uint8)
    rgb[:, 40:] = np.linspace(75, 160, 80)[:, None, None]  # the border fades towards the top
    slopes = Slopes.of(rgb, 1.5)
    strong = float(slopes.steepness()[15].max()) * 1.5
    assert slopes.thin_edges(strong)[15, 37:43].any()
    weak = Slopes.of(np.ascontiguousarray(rgb[:20]), 1.5)  # without its strong part
    assert not weak.thin_edges(strong).any()
