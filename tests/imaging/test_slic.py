import numpy as np
import pytest
from scipy.ndimage import label as parts_of

from segstudio.domain.task import Cancelled, Quiet
from segstudio.imaging import slic
from segstudio.imaging.slic import _Cells, _factors, superpixels


@pytest.mark.parametrize("size", [6, 10, 16, 24])
def test_borders_lie_on_the_edges_of_the_picture(size, scene, borders, recall):
    rgb, truth = scene()
    labels = superpixels(rgb, size, 10, Quiet())
    rows, columns = np.indices(truth.shape)
    grid = rows // size * 1000 + columns // size
    assert recall(labels, truth) > 0.97
    # No more borders were needed for that than a grid has, which misses the edges.
    assert borders(labels).sum() < 1.3 * borders(grid).sum()
    assert recall(grid, truth) < recall(labels, truth) - 0.05


@pytest.mark.parametrize("size", [10, 16, 24])
def test_whole_superpixels_can_make_up_the_shapes(size, scene):
    """The best mask of whole superpixels errs by less than 2 % of the picture."""
    rgb, truth = scene()
    labels = superpixels(rgb, size, 10, Quiet())
    counts = np.zeros((labels.max() + 1, 5), int)
    np.add.at(counts, (labels, truth), 1)
    assert (counts.argmax(1)[labels] != truth).mean() < 0.02


@pytest.mark.parametrize(("size", "compactness", "noise"), [(8, 10, 6), (16, 1, 60), (12, 40, 60)])
def test_each_is_connected_and_none_is_a_speck(size, compactness, noise, scene):
    rgb, _ = scene(noise=noise)
    labels = superpixels(rgb, size, compactness, Quiet())
    areas = np.bincount(labels.ravel())
    assert areas.min() >= size * size // 8
    assert 0.4 < len(areas) * size * size / labels.size < 1.9
    for n in range(len(areas)):
        assert parts_of(labels == n)[1] == 1


def test_the_same_picture_gives_the_same_superpixels(scene):
    rgb, _ = scene()
    first = superpixels(rgb, 12, 10, Quiet())
    assert first.dtype == np.int32
    assert (superpixels(rgb.copy(), 12, 10, Quiet()) == first).all()


def test_nothing_to_see_gives_a_grid():
    labels = superpixels(np.full((64, 96, 3), 99, np.uint8), 16, 10, Quiet())
    rows, columns = np.indices((64, 96)) // 16
    assert (labels == rows * 6 + columns).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (37, 2), (5, 5), (61, 83), (0, 7)])
def test_pictures_of_any_size(shape):
    rgb = np.random.default_rng(1).integers(0, 255, (*shape, 3)).astype(np.uint8)
    labels = superpixels(rgb, 16, 10, Quiet())
    assert labels.shape == shape
    assert sorted(np.unique(labels)) == list(range(labels.max(initial=-1) + 1))


def test_a_round_is_that_of_lloyd():
    """Each pixel goes to the nearest of nine centres, each centre to the mean of its pixels."""
    rows, columns, side = 3, 4, 5
    lab = np.random.default_rng(0).uniform(0, 60, (rows * side, columns * side, 3))
    cells = _Cells.of(lab.astype(np.float32), (rows, columns), 40)
    y, x = (np.indices(lab.shape[:2]) + 0.5) / side * 40
    points = np.dstack([lab, y, x])
    best = cells.nearest(_factors(cells.means(), 40))
    means = points.reshape(rows, side, columns, side, 5).mean((1, 3))
    away = ((points[:, :, None, None] - means) ** 2).sum(-1)
    cell_y, cell_x = np.indices(lab.shape[:2]) // side
    for row in range(rows):
        for column in range(columns):
            far = (abs(cell_y - row) > 1) | (abs(cell_x - column) > 1)
            away[far, row, column] = np.inf
    nearest = away.reshape(*lab.shape[:2], -1).argmin(-1)
    assert (cells.labels(best, 0) == nearest).all()
    moved = cells.moved(cells.means(), best)
    for n in range(rows * columns):
        at = moved[n // columns, n % columns, :5].astype(float)
        at[3:] += (n // columns + 0.5) * 40, (n % columns + 0.5) * 40
        assert np.allclose(at, points[nearest == n].mean(0), atol=1e-2)


def test_cancelling_stops_it_at_each_step(scene):
    class Stop:
        calls = 0

        def report(self, done, total, text):
            self.calls += 1
            if self.calls == self.limit:
                raise Cancelled

    rgb, _ = scene(60, 60)
    for limit in range(1, 9):
        task = Stop()
        task.limit = limit
        with pytest.raises(Cancelled):
            superpixels(rgb, 16, 10, task)


@pytest.mark.parametrize("shape", [(180, 260), (181, 259), (9, 200)])
def test_strips_cannot_be_told(shape, monkeypatch, scene):
    rgb, _ = scene(*shape)
    whole = superpixels(rgb, 12, 10, Quiet())
    monkeypatch.setattr(slic, "STRIP", 1)
    assert (superpixels(rgb, 12, 10, Quiet()) == whole).all()
