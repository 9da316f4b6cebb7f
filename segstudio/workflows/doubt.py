"""How unsure a model is of each pixel of one picture, to be looked at."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.metrics import entropy
from segstudio.domain.task import Task
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.inference.model import Model
from segstudio.inference.predict import Measure, predict
from segstudio.store.pictures import Picture
from segstudio.store.project import Project
from segstudio.workflows.models import in_use
from segstudio.workflows.pool import ProjectPool

PIXELS = 16_000_000
"""Pixels up to which a picture is looked at in full; larger ones are reduced first."""

REGION = 128
"""Side of the regions among which the most uncertain one is sought, in pixels."""

HELD = 16_000_000
"""Probabilities of two models that are held at once; a larger picture is reduced further."""


class Kind(StrEnum):
    """What is looked at: how spread a pixel's probabilities are, how close the two highest of
    them, or how far the model in use and the one before it are apart."""

    ENTROPY = "entropy"
    MARGIN = "margin"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True)
class Doubt:
    """Doubt × 255 over ``box`` of the picture, reduced by ``stride``."""

    box: Box
    values: NDArray[np.uint8]
    stride: int = 1

    def worst_region(self, side: int = REGION) -> Box:
        """Return the square of the picture in which the mean entropy is highest."""
        import cv2

        cells = max(1, side // self.stride)
        mean = cv2.blur(
            self.values.astype(np.float32), (cells, cells), borderType=cv2.BORDER_REFLECT
        )
        y, x = np.unravel_index(int(mean.argmax()), mean.shape)
        top, left = int(y) * self.stride - side // 2, int(x) * self.stride - side // 2
        return Box(top, left, top + side, left + side).clipped(self.box)


def doubt_in(project: Project, picture: Picture, kind: Kind, task: Task) -> Doubt:
    """Return how unsure the project's models are of a picture.

    Raises `UserError` where there is no model, and for disagreement where there is only one of
    the same classes.
    """
    if kind != Kind.DISAGREEMENT:
        return doubt_of(in_use(project).open(1), picture, task, kind)
    pool = ProjectPool(project, [], threads=1)
    found = pool.found
    if len(found) < 2:
        raise UserError(
            pool.why_none or "there is only one model of these classes",
            "train once more: two models can disagree",
        )
    return disagreement_of([found[0].open(1), found[1].open(1)], picture, task)


def doubt_of(model: Model, picture: Picture, task: Task, kind: Kind = Kind.ENTROPY) -> Doubt:
    """Return how unsure one model is of a picture."""
    stride = _stride(picture, PIXELS)
    measure = margin if kind == Kind.MARGIN else entropy
    return _doubt(picture, stride, _planes(model, picture, stride, 1, measure, task)[0])


def disagreement_of(models: list[Model], picture: Picture, task: Task) -> Doubt:
    """Return how far models of the same classes are apart: 1 is as far as so many can be.

    That is the mutual information between pixel and model: the entropy of their mean less the
    mean of their entropies.
    """
    classes = len(models[0].card.ids)
    stride = _stride(picture, HELD // (classes * len(models)))

    def shares(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        return probabilities

    answers = [_planes(model, picture, stride, classes, shares, task) for model in models]
    rows = [answer.astype(np.float32) / np.float32(255) for answer in answers]
    mean = np.asarray(np.mean(rows, axis=0), np.float32)
    apart = entropy(mean) - np.mean([entropy(row) for row in rows], axis=0)
    # So many models cannot be further apart than log of their number; entropies are / log C.
    apart *= math.log(max(classes, 2)) / math.log(min(max(classes, 2), max(len(models), 2)))
    return _doubt(picture, stride, np.round(np.clip(apart, 0, 1) * 255).astype(np.uint8))


def margin(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return 1 − (p1 − p2) of each pixel, the two highest probabilities of C × H × W."""
    if len(probabilities) < 2:
        return np.zeros(probabilities.shape[1:], np.float32)
    two = np.partition(probabilities, len(probabilities) - 2, 0)[-2:]
    return np.asarray(1 - (two[1] - two[0]), np.float32)


def _stride(picture: Picture, pixels: int) -> int:
    stride = 1
    while picture.info.height * picture.info.width > pixels * stride * stride:
        stride *= 2
    return stride


def _planes(
    model: Model, picture: Picture, stride: int, count: int, measure: Measure, task: Task
) -> NDArray[np.uint8]:
    """Return what ``measure`` says, × 255, of a picture reduced by ``stride``."""
    info = picture.info
    whole = Box(0, 0, info.height, info.width)
    height, width = -(-info.height // stride), -(-info.width // stride)
    out = np.zeros((count, height, width), np.uint8)

    def read(box: Box) -> Tile:
        part = Box(*(side * stride for side in (box.top, box.left, box.bottom, box.right)))
        tile = picture.read(part.clipped(whole), stride)
        return Tile(tile.pixels, box, tile.valid)

    parts = predict(model, height, width, read, task, want_entropy=True, measure=measure)
    for box, _, said in parts:
        if said is not None:
            out[(..., *box.slices)] = np.round(said * 255)
    return out


def _doubt(picture: Picture, stride: int, said: NDArray[np.uint8]) -> Doubt:
    return Doubt(Box(0, 0, picture.info.height, picture.info.width), said, stride)
