"""Labelled pictures, and what must be known of them before training."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import InputSpec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError


@dataclass(frozen=True)
class Example:
    """A picture and its mask: H × W × bands numbers of the file, H × W class ids, 255 ignored.

    Either may be a function that reads it, called whenever it is needed and not in the cache.
    ``content`` is a hash of the picture's file, where one is known; ``image`` the number of the
    picture of a project that it is, or is a part of. ``fresh`` says that it has labels that no
    training has seen.
    """

    name: str
    pixels: Pixels | Callable[[], Pixels] = field(repr=False)
    mask: Ids | Callable[[], Ids] = field(repr=False)
    content: str = ""
    image: int | None = None
    fresh: bool = False

    def read_pixels(self) -> Pixels:
        pixels = self.pixels() if callable(self.pixels) else self.pixels
        return pixels if pixels.ndim == 3 else pixels[:, :, None]

    def read_mask(self) -> Ids:
        return self.mask() if callable(self.mask) else self.mask

    def content_hash(self) -> str:
        return self.content or hashlib.sha256(self.read_pixels().tobytes()).hexdigest()


class Cache:
    """The pictures and masks read last, within a budget of bytes. Threads may share one."""

    def __init__(self, examples: Sequence[Example], budget: int = 1 << 30) -> None:
        self._examples, self._budget, self._bytes = examples, budget, 0
        self._held: OrderedDict[int, tuple[Pixels, Ids]] = OrderedDict()
        self._first: tuple[str, int] | None = None
        self._lock = threading.Lock()

    def read(self, place: int) -> tuple[Pixels, Ids]:
        """Return picture and mask of an example.

        Raises `UserError` where it cannot be read, where the two differ in size, or the picture
        in its number of bands from those before.
        """
        with self._lock:
            return self._read(place)

    def _read(self, place: int) -> tuple[Pixels, Ids]:
        if place in self._held:
            self._held.move_to_end(place)
            return self._held[place]
        example = self._examples[place]
        try:
            pair = example.read_pixels(), example.read_mask()
        except UserError as error:
            raise UserError(f"{example.name}: {error.message}", error.hint) from error
        if pair[0].shape[:2] != pair[1].shape:
            raise UserError(f"the mask of {example.name} has another size than the picture")
        self._check_bands(example.name, pair[0].shape[2])
        self._held[place] = pair
        self._bytes += pair[0].nbytes + pair[1].nbytes
        while self._bytes > self._budget and len(self._held) > 1:
            _, (pixels, mask) = self._held.popitem(last=False)
            self._bytes -= pixels.nbytes + mask.nbytes
        return pair

    def name(self, place: int) -> str:
        return self._examples[place].name

    def _check_bands(self, name: str, bands: int) -> None:
        first, expected = self._first = self._first or (name, bands)
        if bands != expected:
            raise UserError(
                f"{name} has {bands} band{'s' * (bands != 1)}, {first} has {expected}",
                "train on pictures of one kind",
            )


def channel_table(ids: Sequence[int]) -> NDArray[np.uint8]:
    """Return a table that turns class ids into the places of the model's output channels."""
    table = np.full(256, UNLABELLED, np.uint8)
    table[list(ids)] = np.arange(len(ids))
    return table


@dataclass(frozen=True)
class Survey:
    """What one pass over the labels finds.

    ``counts`` is examples × classes; ``places`` holds for each example and class some pixels
    (row, column) that have it.
    """

    counts: NDArray[np.int64]
    places: list[dict[int, NDArray[np.int32]]]
    largest_side: int
    fingerprint: str


KEPT = 256
"""How many pixels of each class are remembered in each picture, to cut crops around."""


def survey(examples: Sequence[Example], ids: Sequence[int], seed: int, task: Task) -> Survey:
    """Read every mask once; count and sample its labels."""
    table = channel_table(ids)
    counts = np.zeros((len(examples), len(ids)), np.int64)
    places: list[dict[int, NDArray[np.int32]]] = []
    largest = 0
    digest = hashlib.sha256()
    for place, example in enumerate(track(task, examples, "Reading the labels")):
        mask = table[example.read_mask()]
        digest.update(example.content_hash().encode())
        digest.update(hashlib.sha256(mask.tobytes()).digest())
        counts[place] = np.bincount(mask.ravel(), minlength=256)[: len(ids)]
        places.append(_sample(mask, counts[place], np.random.default_rng([seed, place])))
        largest = max(largest, *mask.shape)
    return Survey(counts, places, largest, digest.hexdigest())


def _sample(
    mask: Ids, counts: NDArray[np.int64], rng: np.random.Generator
) -> dict[int, NDArray[np.int32]]:
    found = {}
    for channel in np.flatnonzero(counts):
        where = np.flatnonzero(mask == channel)
        if len(where) > KEPT:
            where = np.sort(rng.choice(where, KEPT, replace=False))
        found[int(channel)] = np.stack(np.unravel_index(where, mask.shape), 1).astype(np.int32)
    return found


def check_labels(found: Survey, names: Sequence[str]) -> None:
    """Raise `UserError` where there is nothing to learn from."""
    present = np.flatnonzero(found.counts.sum(0))
    if not len(present):
        raise UserError(
            "nothing is labelled yet", "paint a few strokes of each class, then train again"
        )
    if len(present) == 1:
        raise UserError(
            f"only the class {names[present[0]]} is labelled",
            "label at least one other class too: a background is a class as well",
        )


def input_spec(cache: Cache, count: int, sample: int = 64, unit: bool = False) -> InputSpec:
    """Choose how pixels become input.

    Three bands of 8 bits are taken for RGB and normalised as ImageNet's pictures are, so that
    weights trained elsewhere fit; with ``unit`` they become 0…1. Anything else is normalised by
    the mean and standard deviation of each band over the pictures, of which at most ``sample``
    of ``count`` are read.
    """
    chosen = np.unique(np.linspace(0, count - 1, sample).astype(int))
    pictures = [cache.read(int(place))[0] for place in chosen]
    bands = pictures[0].shape[2]
    eight_bits = all(p.dtype == np.uint8 for p in pictures)
    if eight_bits and bands == 3:
        return InputSpec(mean=(0.0,) * 3, std=(1.0,) * 3) if unit else InputSpec()
    scale = 1 / 255 if eight_bits else 1.0
    values = np.concatenate([_finite(p) for p in pictures]) * scale
    std = np.maximum(values.std(0), 1e-6 * max(1.0, float(np.abs(values).max(initial=0))))
    return InputSpec(bands, scale, _floats(values.mean(0)), _floats(std))


def _finite(pixels: Pixels) -> NDArray[np.float64]:
    """Return up to ten thousand pixels that are numbers in all bands, as rows."""
    flat = pixels.reshape(-1, pixels.shape[2])
    rows = flat[:: max(1, len(flat) // 10_000)].astype(np.float64)
    return rows[np.isfinite(rows).all(1)]


def _floats(values: NDArray[Any]) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
