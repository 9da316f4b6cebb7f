import threading
import time

import cv2
import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.interactive import livewire
from segstudio.interactive.livewire import LiveWire, closed, edge_costs
from segstudio.interactive.shapes import polygon


def disc(radius=60, size=200, noise=5.0):
    """Return a picture of a disc and which pixels are its own."""
    inside = np.zeros((size, size), np.uint8)
    cv2.circle(inside, (size // 2, size // 2), radius, 1, -1)
    colours = np.array([(120, 130, 110), (150, 100, 100)])
    noisy = colours[inside] + np.random.default_rng(0).normal(0, noise, (size, size, 3))
    return noisy.clip(0, 255).astype(np.uint8), inside.astype(bool)


def steps(path):
    return np.abs(np.diff(np.array(path), axis=0)).max(1)


def on_circle(angle, radius=60, middle=100.5):
    return middle + radius * np.cos(angle), middle + radius * np.sin(angle)


def test_a_path_keeps_to_the_edge():
    rgb, _ = disc()
    wire = LiveWire(rgb)
    seed = wire.seed(wire.snap(on_circle(0), 4), Quiet())
    path = seed.path(wire.snap(on_circle(2), 4))
    away = [abs(np.hypot(x - 100.5, y - 100.5) - 60) for x, y in path]
    assert max(away) < 2.5
    assert 60 * 2 * 0.8 < len(path) < 60 * 2 * 1.3  # along the arc, not across
    assert steps(path).max() <= 1
    assert path[0] == seed.point


def test_a_few_clicks_cut_out_the_disc():
    rgb, inside = disc()
    wire = LiveWire(rgb)
    corners = [wire.snap(on_circle(angle), 5) for angle in np.arange(4) * np.pi / 2]
    paths = [
        wire.seed(a, Quiet()).path(b)
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    ]
    found = polygon(closed(paths), wire.image).over(wire.image)
    assert (found & inside).sum() / (found | inside).sum() > 0.96
    straight = polygon(corners, wire.image).over(wire.image)
    assert (straight & inside).sum() / (straight | inside).sum() < 0.75


def test_an_edge_of_colour_alone_is_followed():
    """The two halves are equally light."""
    rgb = np.full((60, 80, 3), (150, 90, 90), np.uint8)
    rgb[30:] = (75, 117, 90)
    path = LiveWire(rgb).seed((3.5, 30.5), Quiet()).path((76.5, 29.5))
    assert {y for _, y in path} <= {29.5, 30.5}


def test_where_nothing_is_the_path_is_as_short_as_steps_to_eight_sides_allow():
    wire = LiveWire(np.full((50, 70, 3), 128, np.uint8))
    path = wire.seed((5.5, 5.5), Quiet()).path((45.5, 25.5))
    assert len(path) == 41


def test_snapping_finds_the_strongest_edge_within_reach():
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[:, 30:] = 60
    rgb[:, 40:] = 255
    wire = LiveWire(rgb)
    x, y = wire.snap((27.2, 20.5), 4)
    assert abs(x - 30) <= 0.5
    assert abs(y - 20.5) <= 0.5
    assert abs(wire.snap((33.0, 20.5), 9)[0] - 40) <= 0.5
    assert wire.snap((10.25, 20.75), 4) == (10.25, 20.75)
    assert wire.snap((-50.0, 900.0), 4) == (0.5, 39.5)


def small_windows(monkeypatch, near, far):
    monkeypatch.setattr(livewire, "NEAR", near)
    monkeypatch.setattr(livewire, "FAR", far)


def line_picture():
    rgb = np.full((80, 400, 3), 90, np.uint8)
    rgb[40:] = 180
    return rgb


def test_beyond_the_exact_window_edges_are_still_followed(monkeypatch):
    small_windows(monkeypatch, 40, 1000)
    wire = LiveWire(line_picture())
    path = wire.seed((10.5, 40.5), Quiet()).path((380.5, 39.5))
    assert max(abs(y - 40) for _, y in path) <= 4
    near = [step for (x, _), step in zip(path, steps(path), strict=False) if x < 45]
    assert max(near) == 1
    assert len(path) < 40 + 340 / 4 + 12


def test_beyond_all_windows_the_path_goes_straight_on(monkeypatch):
    small_windows(monkeypatch, 40, 100)
    path = LiveWire(line_picture()).seed((10.5, 40.5), Quiet()).path((380.5, 5.5))
    *_, before, last = path
    assert last == (380.5, 5.5)
    assert 95 < before[0] < 120


def test_a_quick_seed_is_coarse_but_keeps_to_the_edge_and_to_its_ends():
    wire = LiveWire(line_picture())
    path = wire.seed((10.25, 40.5), Quiet(), quick=True).path((380.75, 39.5))
    assert path[0] == (10.25, 40.5)
    assert path[-1] == (380.75, 39.5)
    assert max(abs(y - 40) for _, y in path) <= 4
    assert len(path) < 110


def test_a_point_inside_the_window_has_an_exact_path_even_if_the_coarse_one_strays(monkeypatch):
    small_windows(monkeypatch, 30, 1000)
    rgb = np.full((200, 200, 3), 90, np.uint8)
    cv2.circle(rgb, (100, 100), 60, (220, 40, 40), 3)
    seed = LiveWire(rgb).seed((100.5, 40.5), Quiet())
    assert steps(seed.path((125.5, 65.5))).max() == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (3, 2), (5, 4), (9, 1)])
def test_pictures_of_any_size_and_points_outside(shape):
    rgb = np.random.default_rng(0).integers(0, 255, (*shape, 3)).astype(np.uint8)
    wire = LiveWire(rgb)
    seed = wire.seed((-7.0, 99.0), Quiet())
    assert seed.point == (0.5, shape[0] - 0.5)
    path = seed.path((99.0, -5.0))
    assert path[-1] == (shape[1] - 0.5, 0.5)
    assert seed.path(seed.point) == [seed.point]


def test_costs_are_low_on_edges_and_high_elsewhere():
    rgb, inside = disc()
    costs = edge_costs(rgb)
    edge = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3)))
    assert costs[edge > 0].mean() < 0.5 * costs[edge == 0].mean()
    assert costs.min() >= livewire.CHEAPEST
    assert costs.max() <= 1


def test_cancelling_between_the_steps():
    class Stop:
        def __init__(self, at):
            self.at = at

        def report(self, done, total, text):
            if done == self.at:
                raise Cancelled

    wire = LiveWire(disc()[0])
    for at in (0, 1, 2):
        with pytest.raises(Cancelled):
            wire.seed((5, 5), Stop(at))


def test_paths_join_to_one_polygon():
    paths = [[(0, 0), (1, 0)], [(1, 0), (2, 0), (2, 1)], [(2, 1), (0, 0)]]
    assert closed(paths) == [(0, 0), (1, 0), (2, 0), (2, 1)]
    assert closed([]) == []
    assert closed([[(3, 3)], [(3, 3)]]) == [(3, 3)]


def test_other_threads_go_on_while_a_seed_grows():
    wire = LiveWire(np.random.default_rng(0).integers(0, 255, (900, 900, 3)).astype(np.uint8))
    thread = threading.Thread(target=wire.seed, args=((450, 450), Quiet()))
    turns = 0
    thread.start()
    while thread.is_alive():
        time.sleep(0.001)
        turns += 1
    assert turns > 5


def test_the_picture_is_known():
    assert LiveWire(np.zeros((4, 7, 3), np.uint8)).image == Box(0, 0, 4, 7)
