"""k-means and its relatives on 12 million pixels, beside OpenCV and scikit-learn."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from segstudio.domain.task import Quiet, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels
from segstudio.methods.segmenter import Segmenter
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed
from segstudio.workflows.benchmarks.pictures import photograph

K = 6
ROUNDS = 10
SEEDS = 3
"""How often OpenCV's k-means, which takes seconds, is measured; each time from another seed."""

FASTER = 8
WORSE = 1.02
REDUCED, SMALL, TINY = 4, 8, 32
"""Parts of a side at which scikit-learn's slower methods are compared."""

Labels = Callable[[int], Ids]
"""Groups all pixels of the picture, from a seed."""


@benchmarks.add
@dataclass(frozen=True)
class KMeans:
    """k-means fitted and applied through the tiling engine: time, and how tight its groups are."""

    title: ClassVar[str] = "k-means"

    def measure(self, task: Task) -> Iterator[Row]:
        from segstudio.methods.builtin import gaussian_mixture, kmeans, mean_shift

        whole = photograph()
        yield from _beside_opencv(whole, task)
        yield from _beside_scikit_learn(whole, task)
        yield _row(f"k-means in CIELAB, k = {K}", whole, kmeans.KMeans(K, "lab"), task)
        placed = kmeans.KMeans(K, position=1.0)
        yield _row(f"k-means with position, k = {K}", whole, placed, task, 2.0)
        yield _row("Gaussian mixture, 4 Gaussians", whole, gaussian_mixture.GaussianMixture(), task)
        yield _row("mean shift", whole, mean_shift.MeanShift(), task)
        yield from _relatives(whole, task)
        yield _curve(whole, task)
        yield _slider(whole, task)


def _beside_opencv(pixels: Pixels, task: Task) -> Iterator[Row]:
    """Measure both in the same run: RGB, all pixels, k-means++, one attempt, ten rounds."""
    row = _row(f"k-means, k = {K}", pixels, _segmenter(0), task, 0.5)
    times, sums = [], []
    for seed in range(SEEDS):  # in turn, so that what else the machine does hits both
        task.report(seed, SEEDS, "k-means of OpenCV")
        pairs = [_measured(labels, pixels, seed) for labels in (_ours(pixels), _opencvs(pixels))]
        times.append([seconds for seconds, _ in pairs])
        sums.append([total for _, total in pairs])
    row.compared_with = Comparison("cv2.kmeans", float(np.median(times, axis=0)[1]))
    yield row
    yield Row(
        f"k-means, k = {K}: its time as a part of cv2.kmeans'", "ratio", 1 / FASTER,
        samples=[own / others for own, others in times],
    )  # fmt: skip
    best = min(others for _, others in sums)
    yield Row(
        f"k-means, k = {K}: sum of squares over all pixels, as a part of cv2.kmeans' best",
        "ratio", WORSE, "max", [own / best for own, _ in sums],
    )  # fmt: skip


def _measured(labels: Labels, pixels: Pixels, seed: int) -> tuple[float, float]:
    """Return the seconds that grouping takes, and the sum of squares that it comes to."""
    began = time.perf_counter()
    ids = labels(seed)
    seconds = time.perf_counter() - began
    return seconds, spread(pixels, ids)


def _beside_scikit_learn(whole: Pixels, task: Task) -> Iterator[Row]:
    """Measure both on all pixels, MiniBatchKMeans on a reduced picture."""
    from sklearn.cluster import KMeans as Reference
    from sklearn.cluster import MiniBatchKMeans

    settings: dict[str, Any] = {"n_clusters": K, "n_init": 1, "max_iter": ROUNDS}
    small = np.ascontiguousarray(whole[::REDUCED, ::REDUCED])
    tests = (
        (whole, "sklearn.cluster.KMeans", Reference(random_state=0, algorithm="lloyd", **settings)),
        (small, "sklearn.cluster.MiniBatchKMeans", MiniBatchKMeans(random_state=0, **settings)),
    )
    for pixels, name, reference in tests:
        task.report(0, 1, name)
        points = pixels.reshape(-1, 3).astype(np.float32)
        began = time.perf_counter()
        found = reference.fit(points).labels_
        others = time.perf_counter() - began
        row = _row(f"k-means, k = {K}", pixels, _segmenter(0), task)
        row.compared_with = Comparison(name, others)
        yield row
        ids = found.reshape(pixels.shape[:2]).astype(np.uint8)
        ratio = spread(pixels, _ours(pixels)(0)) / spread(pixels, ids)
        yield Row(
            _title(f"k-means, k = {K}: sum of squares as a part of that of {name}", pixels),
            "ratio", WORSE, samples=[ratio],
        )  # fmt: skip


def _relatives(whole: Pixels, task: Task) -> Iterator[Row]:
    """Measure mixtures and mean shift beside scikit-learn's, on pictures that it can do."""
    from sklearn.cluster import MeanShift as Shifting
    from sklearn.mixture import GaussianMixture as Mixture

    from segstudio.methods.builtin.gaussian_mixture import GaussianMixture
    from segstudio.methods.builtin.mean_shift import MeanShift

    tests: tuple[tuple[str, int, Segmenter, str, Any], ...] = (
        ("Gaussian mixture, 4 Gaussians", SMALL, GaussianMixture(),
         "sklearn.mixture.GaussianMixture", Mixture(4, random_state=0)),
        ("mean shift, bandwidth 30", TINY, MeanShift(30.0),
         "sklearn.cluster.MeanShift", Shifting(bandwidth=30.0, bin_seeding=True)),
    )  # fmt: skip
    for title, step, segmenter, name, reference in tests:
        pixels = np.ascontiguousarray(whole[::step, ::step])
        task.report(0, 1, name)
        began = time.perf_counter()
        reference.fit_predict(pixels.reshape(-1, 3).astype(np.float64))
        others = time.perf_counter() - began
        row = _row(title, pixels, segmenter, task)
        row.compared_with = Comparison(name, others)
        yield row


def _curve(whole: Pixels, task: Task) -> Row:
    from segstudio.methods.builtin.kmeans import KMeans, cluster_curve
    from segstudio.methods.samples import Samples

    samples = Samples.of(whole)
    row = Row(_title("curve over 2 … 12 clusters, colours known", whole), "s", 2.0)
    seeds = count()  # a curve that is known would come at once
    row.samples = timed(lambda: cluster_curve(samples, KMeans(seed=next(seeds))), task, "Curve")
    return row


def _slider(whole: Pixels, task: Task) -> Row:
    """Measure what the window does when the number of clusters is changed."""
    from PIL import Image

    from segstudio.methods.builtin.kmeans import KMeans
    from segstudio.store.pictures import open_picture
    from segstudio.workflows.preview import Previewer

    row = Row(_title("preview of a slider move, k-means", whole), "s", 0.3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.jpg"
        Image.fromarray(whole).save(path)
        picture = open_picture(path)
        try:
            previewer = Previewer(picture)
            previewer.regions(KMeans(2), Quiet())
            for clusters in range(3, 13):
                task.report(clusters, 13, "Preview")
                began = time.perf_counter()
                previewer.regions(KMeans(clusters), Quiet())
                row.samples.append(time.perf_counter() - began)
        finally:
            picture.close()
    return row


def _row(
    title: str, pixels: Pixels, segmenter: Segmenter, task: Task, goal: float | None = None
) -> Row:
    """Measure fitting and labelling a picture."""
    row = Row(_title(title, pixels), "s", goal)
    row.samples = timed(lambda: _labelled(pixels, segmenter), task, title)
    return row


def _title(name: str, pixels: Pixels) -> str:
    return f"{name}, {pixels.shape[1]} × {pixels.shape[0]}"


def _segmenter(seed: int) -> Segmenter:
    from segstudio.methods.builtin.kmeans import KMeans

    return KMeans(K, seed=seed)


def _ours(pixels: Pixels) -> Labels:
    return lambda seed: _labelled(pixels, _segmenter(seed))


def _labelled(pixels: Pixels, segmenter: Segmenter) -> Ids:
    from segstudio.methods.run import segment
    from segstudio.methods.samples import ArrayPicture, Samples

    picture = ArrayPicture(pixels)
    state = segmenter.fit(Samples([picture]), Quiet())
    ids = np.empty(pixels.shape[:2], np.uint8)
    for box, part in segment(segmenter, state, picture, Quiet()):
        ids[box.slices] = part
    return ids


def _opencvs(pixels: Pixels) -> Labels:
    import cv2

    def labels(seed: int) -> Ids:
        cv2.setRNGSeed(seed)
        points = pixels.reshape(-1, 3).astype(np.float32)
        stop = (cv2.TERM_CRITERIA_MAX_ITER, ROUNDS, 0.0)
        found = cv2.kmeans(points, K, None, stop, 1, cv2.KMEANS_PP_CENTERS)[1]
        return np.asarray(found.reshape(pixels.shape[:2]), np.uint8)

    return labels


def spread(pixels: Pixels, ids: Ids) -> float:
    """Return the sum of squared distances of all pixels to the mean of their group."""
    bands = pixels.shape[2]
    number, sums, squares = np.zeros(256), np.zeros((bands, 256)), 0.0
    for top in range(0, len(pixels), 256):  # as much as fits beside all the rest
        part, groups = pixels[top : top + 256].astype(np.float64), ids[top : top + 256].ravel()
        number += np.bincount(groups, minlength=256)
        squares += float((part**2).sum())
        for band in range(bands):
            sums[band] += np.bincount(groups, part[..., band].ravel(), minlength=256)
    return squares - float((sums**2 / np.maximum(number, 1)).sum())
