"""What tools compute, without a window: each as a person would wait for it."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import capsule
from segstudio.domain.task import Quiet, Task
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.domain.tiling import Pixels
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed
from segstudio.workflows.benchmarks.pictures import photograph

LARGE = (9000, 12000)
VIEW = (1080, 1920)
SPECKS = 10_000


@benchmarks.add
@dataclass(frozen=True)
class Tools:
    """Fill, GrabCut, superpixels, scissors, clicks, similar pixels, counting objects."""

    title: ClassVar[str] = "Tools"

    def measure(self, task: Task) -> Iterator[Row]:
        layer = specked(*LARGE)
        yield _fill(layer, task)
        yield _objects(layer, task)
        picture = photograph()
        yield _grabcut(picture[1000:2400, 1000:2400], task)
        view = np.ascontiguousarray(picture[: VIEW[0], 800 : 800 + VIEW[1]])
        yield _superpixels(view, task)
        yield from _scissors(view, task)
        yield _clicks(view, task)
        yield _similar(view, task)


def specked(height: int, width: int) -> SparseLayer:
    """Return a mask of one class with about ten thousand discs of another."""
    builder = LayerBuilder(height, width)
    across = math.ceil(math.sqrt(SPECKS * width / height))
    pitch = width / across
    for band in Box(0, 0, height, width).tiles(1024):
        y, x = np.ogrid[band.top : band.bottom, band.left : band.right]
        away = (y % pitch - pitch / 2) ** 2 + (x % pitch - pitch / 2) ** 2
        ids = np.where(away < (pitch / 4) ** 2, np.uint8(1), np.uint8(0))
        builder.write(band, ids)
    return SparseLayer(height, width, builder.finish())


def _fill(layer: SparseLayer, task: Task) -> Row:
    import cv2

    from segstudio.interactive.blocks import uniform_of
    from segstudio.interactive.flood import fill_mask

    row = Row(f"fill, {LARGE[1]} × {LARGE[0]}", "s", 0.5)

    def fill() -> None:
        for _ in fill_mask(layer.read, (1.5, 1.5), layer.box, 0, Quiet(), uniform_of(layer)):
            pass

    row.samples = timed(fill, task, "Filling")
    whole = layer.read(layer.box)
    plain = timed(lambda: cv2.floodFill(whole.copy(), None, (1, 1), 9), task, "OpenCV", runs=3)
    row.compared_with = Comparison("cv2.floodFill, ids unpacked", float(np.median(plain)))
    return row


def _objects(layer: SparseLayer, task: Task) -> Row:
    from segstudio.interactive.blocks import uniform_of
    from segstudio.interactive.census import Census

    row = Row(f"count {SPECKS:,} objects, {LARGE[1]} × {LARGE[0]}", "s")
    count = Census.of
    row.samples = timed(
        lambda: count(layer.read, layer.box, Quiet(), uniform_of(layer)), task, "Objects", runs=3
    )
    return row


def _grabcut(rgb: Pixels, task: Task) -> Row:
    from segstudio.interactive.grabcut import GrabCut

    row = Row("GrabCut, box of 1000 × 1000", "s", 1.5)
    box = Box(200, 200, 1200, 1200)
    pixels = np.ascontiguousarray(rgb)
    row.samples = timed(lambda: GrabCut(pixels).begin(box, Quiet()), task, "GrabCut")
    return row


def _superpixels(view: Pixels, task: Task) -> Row:
    from segstudio.interactive.superpixels import Superpixels

    row = Row(f"superpixels, {VIEW[1]} × {VIEW[0]}", "s", 1.0)
    row.samples = timed(lambda: Superpixels.of(view, 20, 10, Quiet()), task, "Superpixels")
    return row


def _scissors(view: Pixels, task: Task) -> Iterator[Row]:
    from segstudio.interactive.livewire import LiveWire

    edges = Row(f"edges for the scissors, {VIEW[1]} × {VIEW[0]}", "s", 0.3)
    edges.samples = timed(lambda: LiveWire(view), task, "Edges")
    yield edges
    preview = Row(f"scissors preview, {VIEW[1]} × {VIEW[0]}", "ms", 16, "p95")
    wire = LiveWire(view)
    for turn in range(3):
        task.report(turn, 3, "Scissors")
        seed = wire.seed((480.0 + 480 * turn, 540.0), Quiet())
        for n in range(100):
            angle, far = n * 0.37, 5 * n
            to = seed.point[0] + far * math.cos(angle), seed.point[1] + far * math.sin(angle)
            began = time.perf_counter()
            seed.path(to)
            preview.samples.append((time.perf_counter() - began) * 1000)
    yield preview


def _clicks(view: Pixels, task: Task) -> Row:
    from segstudio.imaging.walker import random_walker

    row = Row(f"random walker clicks, {VIEW[1]} × {VIEW[0]}", "s", 0.7)
    seeds = np.full(VIEW, -1, np.int8)
    for number, (x, y) in enumerate([(960, 540), (1000, 600), (200, 200), (1700, 900)]):
        box, inside = capsule((x, y), (x, y), 9, Box(0, 0, *VIEW))
        seeds[box.slices][inside] = number < 2
    row.samples = timed(lambda: random_walker(view, seeds, None, Quiet()), task, "Clicks")
    return row


def _similar(view: Pixels, task: Task) -> Row:
    from segstudio.imaging.lab import looks_like
    from segstudio.interactive.similar import reference_of

    row = Row("similar pixels of a dab of 200 px", "ms", 1.0, "p95")
    image, side = Box(0, 0, *VIEW), 200
    for n in range(100):
        task.report(n, 100, "Similar pixels")
        at = 200.0 + 15 * n, 400.0
        box, region = capsule(at, at, side, image)
        rgb = view[box.slices]
        reference = reference_of(rgb, region)
        assert reference is not None
        began = time.perf_counter()
        region &= looks_like(rgb, reference, 10)
        row.samples.append((time.perf_counter() - began) * 1000)
    return row
