import numpy as np
import pytest

from segstudio.domain.task import Quiet
from segstudio.workflows.benchmarks.builtin import kmeans as module


def test_the_sum_of_squares_is_scikit_learns_inertia():
    from sklearn.cluster import KMeans

    pixels = np.random.default_rng(0).integers(0, 256, (300, 21, 3)).astype(np.uint8)
    found = KMeans(5, n_init=1, random_state=0, tol=0, max_iter=500).fit(pixels.reshape(-1, 3))
    ids = found.labels_.reshape(pixels.shape[:2]).astype(np.uint8)
    assert module.spread(pixels, ids) == pytest.approx(found.inertia_, rel=1e-6)


def test_rows_stand_beside_others_done_in_the_same_run(monkeypatch):
    small = np.clip(np.random.default_rng(0).normal(120, 50, (160, 192, 3)), 0, 255)
    monkeypatch.setattr(module, "photograph", lambda: small.astype(np.uint8))
    monkeypatch.setattr(module, "timed", lambda do, task, text: [0.5])
    rows = list(module.KMeans().measure(Quiet()))
    goals = sorted(row.goal for row in rows if row.goal)
    assert goals == [0.125, 0.3, 0.5, 1.02, 1.02, 1.02, 2.0, 2.0]
    tight = [row for row in rows if row.goal == module.WORSE]
    assert all(0.5 < row.figure <= module.WORSE for row in tight)
    compared = {row.compared_with.name for row in rows if row.compared_with}
    assert compared == {
        "cv2.kmeans", "sklearn.cluster.KMeans", "sklearn.cluster.MiniBatchKMeans",
        "sklearn.mixture.GaussianMixture", "sklearn.cluster.MeanShift",
    }  # fmt: skip
