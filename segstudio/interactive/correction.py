"""Network-assisted correction: a stroke or a box, and what a model thinks of the rest.

Random walkers from each pixel end at the stroke or, anywhere on their way, at what the model
says of the place; they cross neither edges of the picture nor changes of the model's mind
easily (Grady, "Multilabel random walker segmentation using prior models", 2005).
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.imaging.border import sharpened
from segstudio.imaging.gradients import Values
from segstudio.imaging.lab import Rgb
from segstudio.imaging.lattice import Lattice, Solver, colours
from segstudio.imaging.walker import SEED, reduced
from segstudio.interactive.grabcut import GrabCut
from segstudio.interactive.patch import NOWHERE, Patch

Probabilities = NDArray[np.float32]
"""Of each class at each pixel, classes × height × width."""

UNKNOWNS = 60_000
SHORTEST = 80.0
"""How far a small stroke reaches in an even area, in pixels; a long one half its length."""
BOX_REACH = 24.0
"""How far the surroundings of a box reach into it, in pixels."""
FURTHEST = 2.0
"""In reaches, what is looked at around a stroke."""
FAINTEST = 0.1
"""The share of walkers that meet the stroke below which a pixel is left as it is."""
MIND = 30.0
"""A model's change from one class to another, as a difference of colours."""
ALIKE = 6.0
"""The least spread of colours that counts as the stroke's own, ΔE."""
LIKENESS = 0.5
"""How sure it is that what looks like the stroke, to eye and model, is of its class too."""


def corrected(
    probabilities: Probabilities, rgb: Rgb, ids: Ids, stroke: Region, value: int, task: Task
) -> tuple[Box, Ids]:
    """Return a box of the window and its ids, changed to ``value`` around a stroke of it.

    ``rgb``, ``ids`` and ``stroke`` are as large as the window of ``probabilities``. The stroke
    has the class afterwards, and around it what its walkers reach and the model does not
    strongly deny; nothing else changes. A class that the model does not know is improbable
    everywhere; no stroke is an empty box. Ids count as much as the model: what a person has
    corrected before is not lost to it.
    """
    window = Box(0, 0, ids.shape[0], ids.shape[1])
    drawn = Patch(window, stroke).tight()
    if not drawn:
        return _nothing(ids)
    reach = max(SHORTEST, max(drawn.box.shape) / 2)
    crop = drawn.box.grown(math.ceil(FURTHEST * reach)).clipped(window)
    part = _Part.of(probabilities, rgb, ids, value, crop)
    mark = np.ascontiguousarray(stroke[crop.slices])
    thin = reduced(mark.astype(np.float32), part.shape)
    wanted = part.taught(thin)
    lattice = part.lattice()
    pull = _pull(lattice, reach / part.scale)
    solver = Solver(replace(lattice, pull=np.float32(SEED) * thin + pull))
    met = solver.solved(_mixed(thin, pull, np.zeros_like(wanted)), Part(task, 0, 3))
    values = solver.solved(_mixed(thin, pull, wanted), Part(task, 1, 3))
    values = np.where(met > FAINTEST, values, np.float32(0))
    inside = part.drawn(values, mark, np.zeros_like(mark), Part(task, 2, 3))
    return _written(Patch(crop, inside), ids, value)


def corrected_box(
    probabilities: Probabilities, rgb: Rgb, ids: Ids, box: Box, value: int, task: Task
) -> tuple[Box, Ids]:
    """Return a box of the window and its ids, where an object of a class lies in a box.

    Nothing changes outside the box. Inside it a GrabCut and what the model thinks, compared
    within the box, say where the object lies; what had its class beside it gets the most
    probable other one. A box outside the window is an empty box.
    """
    window = Box(0, 0, ids.shape[0], ids.shape[1])
    inner = box.clipped(window)
    if not inner:
        return _nothing(ids)
    crop = inner.grown(max(8, round(0.2 * max(inner.shape)))).clipped(window)
    part = _Part.of(probabilities, rgb, ids, value, crop)
    outside = np.ones(crop.shape, bool)
    outside[inner.within(crop)] = False
    cut = GrabCut(part.rgb)
    cut.begin(Box(0, 0, *crop.shape) if inner == crop else _shifted(inner, crop), Part(task, 0, 2))
    ring = reduced(outside.astype(np.float32), part.shape)
    seen = reduced(cut.region.astype(np.float32), part.shape)
    wanted = (_relative(part.belief, ring) + seen) / 2
    lattice = part.lattice()
    pull = _pull(lattice, BOX_REACH / part.scale)
    solver = Solver(replace(lattice, pull=np.float32(SEED) * ring + pull))
    known = pull * wanted / (np.float32(SEED) * ring + pull)
    values = solver.solved(np.asarray(known, np.float32), Part(task, 1, 2))
    inside = part.drawn(values, np.zeros_like(outside), outside, task)
    found = inside[inner.within(crop)]
    own = ids[inner.slices]
    others = _best_other(probabilities[(slice(None), *inner.slices)], own, value)
    return inner, np.where(found, np.uint8(value), others)


@dataclass(frozen=True, eq=False)
class _Part:
    """What is looked at: its colours, and reduced: Lab, the model's mind, the class's chance."""

    rgb: Rgb
    lab: Values
    mind: Values
    belief: Values
    scale: float

    @classmethod
    def of(cls, probabilities: Probabilities, rgb: Rgb, ids: Ids, value: int, crop: Box) -> "_Part":
        whole = np.ascontiguousarray(rgb[crop.slices])
        scale = max(1.0, math.sqrt(crop.area / UNKNOWNS))
        shape = (max(1, round(crop.height / scale)), max(1, round(crop.width / scale)))
        bands = probabilities[(slice(None), *crop.slices)]
        mind = np.stack([reduced(np.asarray(band, np.float32), shape) for band in bands], 2)
        own = ids[crop.slices]
        given = reduced((own == value).astype(np.float32), shape)
        labelled = reduced((own != UNLABELLED).astype(np.float32), shape)
        model = mind[..., value] if value < len(bands) else np.zeros(shape, np.float32)
        belief = model + (given - labelled * model) / 2
        return cls(whole, colours(reduced(whole, shape)), mind, belief, scale)

    @property
    def shape(self) -> tuple[int, int]:
        return self.lab.shape[0], self.lab.shape[1]

    def lattice(self) -> Lattice:
        seen = np.concatenate([self.lab, np.float32(MIND) * self.mind], 2)
        return Lattice.of(seen, np.zeros(self.shape, np.float32))

    def taught(self, stroke: Values) -> Values:
        """Return the class's chance, larger where colours and model are as under a stroke."""
        under = stroke >= stroke.max() / 2
        lab, mind = self.lab[under], self.mind[under]
        spread = np.maximum(lab.std(0), ALIKE)
        far = (((self.lab - lab.mean(0)) / spread) ** 2).sum(2)
        far += (((self.mind - mind.mean(0)) / np.maximum(mind.std(0), 0.2)) ** 2).sum(2)
        alike = np.float32(LIKENESS) * np.exp(-far / 4)
        return np.asarray(self.belief + alike * (1 - self.belief), np.float32)

    def drawn(self, values: Values, yes: Region, no: Region, task: Task) -> Region:
        """Return where the values say so, at full size, given where it is known."""
        import cv2

        size = self.rgb.shape[1], self.rgb.shape[0]
        full = cv2.resize(values, size, interpolation=cv2.INTER_LINEAR)
        labels = ((full > 0.5) & ~no | yes).astype(np.int8)
        if self.scale > 1:
            radius = math.ceil(self.scale) + 1
            labels, _, _ = sharpened(self.rgb, labels, radius, yes | no, task)
        return np.asarray(labels == 1)


def _pull(lattice: Lattice, reach: float) -> np.float32:
    """Return how strongly every pixel is pulled so that walkers get so far, in pixels.

    In noise, where neighbours are joined weakly, they get as far as on an even ground.
    """
    return np.float32((lattice.right.mean() + lattice.down.mean()) / 2 / reach**2)


def _mixed(stroke: Values, pull: np.float32, wanted: Values) -> Values:
    """Return towards what pixels are pulled by a stroke of value 1 and what is wanted."""
    hard = np.float32(SEED) * stroke
    return np.asarray((hard + pull * wanted) / (hard + pull), np.float32)


def _relative(belief: Values, ring: Values) -> Values:
    """Return chances compared within the box: half of it has more than one half."""
    inside = belief[ring < 0.5]
    middle = float(np.clip(np.median(inside), 1e-3, 1 - 1e-3)) if inside.size else 0.5
    odds = belief / np.maximum(1 - belief, 1e-6) * np.float32((1 - middle) / middle)
    return np.asarray(odds / (1 + odds), np.float32)


def _best_other(probabilities: Probabilities, ids: Ids, value: int) -> Ids:
    """Return the ids, where they are ``value`` the model's most probable other class."""
    others = [id for id in range(len(probabilities)) if id != value]
    if not others:
        return ids
    best = np.array(others, np.uint8)[probabilities[others].argmax(0)]
    return np.where(ids == value, best, ids)


def _shifted(box: Box, origin: Box) -> Box:
    top, left = box.top - origin.top, box.left - origin.left
    return Box(top, left, top + box.height, left + box.width)


def _written(change: Patch, ids: Ids, value: int) -> tuple[Box, Ids]:
    small = change.tight()
    if not small:
        return _nothing(ids)
    out = ids[small.box.slices].copy()
    out[small.region] = value
    return small.box, out


def _nothing(ids: Ids) -> tuple[Box, Ids]:
    return NOWHERE, ids[:0, :0]
