"""A pixel classifier that learns and labels again after every stroke, on one open picture.

What costs most is what the surroundings of pixels look like; that does not change with the
strokes, and is kept: of the pixels learned from, and of the parts of the picture in sight.
"""

import mmap
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile, Valid
from segstudio.methods.colours import Encoding
from segstudio.methods.described import Features, Known
from segstudio.methods.greys import usable
from segstudio.methods.pixels import Classified, PixelClassifier, stacked
from segstudio.methods.samples import Picture, Samples
from segstudio.methods.smoothing import (
    Shares,
    coded,
    entropy_of,
    likeliest,
    reach_of,
    smoothed,
)

MEMORY = 448 << 20

BLOCK = 128
"""Side of the blocks in which features are kept, in pixels of the reduced picture."""

PIECE = 4 * BLOCK
"""Side of the pieces in which they are computed, together with their surroundings."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """The classes of a part of the picture, and how doubtful they are.

    ``doubt`` is the entropy of the probabilities, 0…255 from sure to no idea. Both may be
    reduced: ``box`` is what they stand for.
    """

    box: Box
    ids: Ids
    doubt: NDArray[np.uint8]


@dataclass(eq=False)
class _Block:
    """The features of a block, height × width × features."""

    features: Features
    valid: Valid | None
    round: int = 0
    """When it was looked at last."""

    @property
    def nbytes(self) -> int:
        return self.features.nbytes + (0 if self.valid is None else self.valid.nbytes)


class Live:
    """Learns from strokes and labels ``picture``; keeps up to ``memory`` bytes of features.

    What is kept does not give way to what comes later in the same round (`begin_round`): if not
    all of a view has room, each round would else let go of all that the next begins with.
    For one thread at a time.
    """

    def __init__(self, picture: Picture, memory: int = MEMORY) -> None:
        self._picture, self._memory = picture, memory
        self._known: Known = {}
        self._encodings: tuple[tuple[Picture, ...], Encoding] | None = None
        self._blocks: OrderedDict[tuple[Any, ...], _Block] = OrderedDict()
        self._bytes = self._round = 0

    def begin_round(self) -> None:
        """Begin to look: what nobody looks at from now on may be let go, the oldest first."""
        self._round += 1

    def learn(self, segmenter: PixelClassifier, samples: Samples, task: Task) -> Classified:
        """Learn as `PixelClassifier.fit` does; of known pictures only new strokes are looked at.

        A picture is known again by being equal: the same object, unless it says otherwise.
        """
        encoding = self._encoding(segmenter, samples, Part(task, 0, 20))
        seen = segmenter.seen(samples, encoding, Part(task, 1, 3), self._known)
        return segmenter.learned(encoding, seen, Part(task, 2, 3))

    def _encoding(self, segmenter: PixelClassifier, samples: Samples, task: Task) -> Encoding:
        pictures = tuple(samples.pictures)
        if self._encodings is None or self._encodings[0] != pictures:
            self._encodings = pictures, segmenter.encoding(samples, task)
        return self._encodings[1]

    def label(
        self, segmenter: PixelClassifier, state: Classified, box: Box, stride: int, task: Task
    ) -> Labelled:
        """Label a box of the picture, reduced by ``stride``, a power of two.

        The box that comes back begins at multiples of the stride.
        """
        whole = Box(0, 0, self._picture.height, self._picture.width)
        asked = _reduced(box.clipped(whole), stride)
        deviation = segmenter.smoothing_at(stride)
        wide = asked.grown(reach_of(deviation)).clipped(_reduced(whole, stride))
        shares, valid = self._shares(segmenter, state, wide, stride, task)
        inside = asked.within(wide)
        found = [
            share[inside]
            for share in smoothed(shares, None if valid.all() else valid, deviation, task)
        ]
        ids = np.array(state.classes, np.uint8)[likeliest(found)]
        doubt = entropy_of(found)
        ids[~valid[inside]] = UNLABELLED
        doubt[~valid[inside]] = 0
        return Labelled(_enlarged(asked, stride).clipped(whole), ids, doubt)

    def _shares(
        self, segmenter: PixelClassifier, state: Classified, asked: Box, stride: int, task: Task
    ) -> tuple[Shares, Valid]:
        """Return the probabilities in a box of the reduced picture, and which pixels are valid."""
        shares = np.zeros((*asked.shape, len(state.classes)), np.uint8)
        valid = np.ones(asked.shape, bool)
        pieces = list(asked.tiles(PIECE))
        for done, piece in enumerate(pieces):
            part = Part(task, done, len(pieces), "Classifying what is in sight")
            for at, block in self._features(segmenter, state.encoding, piece, stride, part):
                part.report(0, 1, "")
                here = at.clipped(asked)
                inside, out = here.within(at), here.within(asked)
                features = block.features[inside]
                votes = state.votes(features.reshape(-1, features.shape[2]))
                shares[out] = coded(segmenter.shares(votes)).reshape(*here.shape, -1)
                if block.valid is not None:
                    valid[out] = block.valid[inside]
        return shares, valid

    def _features(
        self, segmenter: PixelClassifier, encoding: Encoding, piece: Box, stride: int, task: Task
    ) -> Iterator[tuple[Box, _Block]]:
        """Yield the blocks that a piece touches, computing together those that are missing."""
        image = _reduced(Box(0, 0, self._picture.height, self._picture.width), stride)
        grid = Box(
            piece.top // BLOCK * BLOCK, piece.left // BLOCK * BLOCK,
            -(-piece.bottom // BLOCK) * BLOCK, -(-piece.right // BLOCK) * BLOCK,
        ).clipped(image)  # fmt: skip
        boxes = list(grid.tiles(BLOCK))
        names = [(segmenter.bank, encoding, stride, at) for at in boxes]
        missing = [at for at, name in zip(boxes, names, strict=True) if name not in self._blocks]
        fresh: dict[Box, _Block] = {}
        if missing:
            together = missing[0]
            for at in missing:
                together = together.joined(at)
            fresh = self._computed(segmenter, encoding, together, stride, task)
        # All are in hand before any is kept: what is kept lets others go.
        found = [fresh.get(at) or self._blocks[name] for at, name in zip(boxes, names, strict=True)]
        for at, name, block in zip(boxes, names, found, strict=True):
            yield at, block
            self._keep(name, block)

    def _computed(
        self, segmenter: PixelClassifier, encoding: Encoding, together: Box, stride: int, task: Task
    ) -> dict[Box, _Block]:
        whole = Box(0, 0, self._picture.height, self._picture.width)
        reach = segmenter.bank.reach(encoding.bands, float(stride))
        read = together.grown(reach).clipped(_reduced(whole, stride))
        tile = self._picture.read(_enlarged(read, stride).clipped(whole), stride)
        # What a reduced pixel stands for does not end with the picture: the scale is the stride.
        tile = Tile(tile.pixels, _enlarged(read, stride), tile.valid)
        planes = segmenter.features_of(tile, encoding, task)
        valid = usable(tile)
        found = {}
        for at in together.tiles(BLOCK):
            inside = at.within(read)
            merged = stacked([plane[inside] for plane in planes])
            own = None if valid is None else valid[inside]
            found[at] = _Block(_apart(merged.reshape(*at.shape, -1)), own)
        return found

    def _keep(self, name: tuple[Any, ...], block: _Block) -> None:
        """Keep a block if there is room, or older ones to let go; it is now the newest."""
        block.round = self._round
        if name in self._blocks:
            self._blocks.move_to_end(name)
            return
        while self._bytes + block.nbytes > self._memory and self._blocks:
            oldest = next(iter(self._blocks))
            if self._blocks[oldest].round == self._round:
                return
            self._bytes -= self._blocks.pop(oldest).nbytes
        self._blocks[name] = block
        self._bytes += block.nbytes


def _reduced(box: Box, stride: int) -> Box:
    return Box(
        box.top // stride, box.left // stride, -(-box.bottom // stride), -(-box.right // stride)
    )


def _enlarged(box: Box, stride: int) -> Box:
    return Box(box.top * stride, box.left * stride, box.bottom * stride, box.right * stride)


def _apart(features: Features) -> Features:
    """Return a copy whose memory goes back to the system as soon as it is let go.

    Every preview has a thread of its own; what one of them has freed the C library would keep
    for it, and the next would take new memory.
    """
    memory = mmap.mmap(-1, features.nbytes)
    copy = np.frombuffer(memory, np.float32).reshape(features.shape)
    copy[...] = features
    return copy
