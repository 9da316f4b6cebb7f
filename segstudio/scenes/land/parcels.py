"""How the country is divided, and what grows on the parts."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segstudio.scenes.land.ground import (
    BARE,
    CROPS,
    FIELD,
    SOILS,
    Ground,
    picked,
    tinted,
)
from segstudio.scenes.noise import Field, Rng, fractal, white

CROP, VILLAGE, WOOD, OPEN, WORKS = range(5)
"""Uses of a parcel: crop or meadow, houses, trees, bare ground, large sheds."""

SOWN = (0.16, 0.14, 0.08, 0.16, 0.11, 0.12, 0.12, 0.06, 0.01, 0.04)
"""How often each of the crops is grown."""

LENGTHWISE, CROSSWISE, TRACK = -1, -2, -3
"""Labels of roads, by the direction they run in, and of tracks."""


@dataclass
class Division:
    """Rectangles in the country's own frame: ``use`` of each; negative labels are roads."""

    labels: NDArray[np.int16]
    use: list[int] = field(default_factory=list)


def divide(rng: Rng, reach: int) -> Division:
    """Halve a square of ``2 × reach`` pixels again and again; the first cuts become roads."""
    division = Division(np.zeros((2 * reach, 2 * reach), np.int16))
    todo = [(0, 0, 2 * reach, 2 * reach)]
    while todo:
        top, left, bottom, right = todo.pop()
        high, wide = bottom - top, right - left
        if max(high, wide) < rng.uniform(110, 230):
            division.labels[top:bottom, left:right] = len(division.use)
            division.use.append(CROP)
            continue
        road = _road_width(rng, max(high, wide))
        share = rng.uniform(0.36, 0.64)
        if high > wide:
            cut = top + round(high * share)
            label = _road_label(road, LENGTHWISE)
            division.labels[cut : cut + road, left:right] = label
            todo += [(top, left, cut, right), (cut + road, left, bottom, right)]
        else:
            cut = left + round(wide * share)
            label = _road_label(road, CROSSWISE)
            division.labels[top:bottom, cut : cut + road] = label
            todo += [(top, left, bottom, cut), (top, cut + road, bottom, right)]
    _settle(rng, division, reach)
    return division


def _road_width(rng: Rng, extent: int) -> int:
    """Wide roads between large pieces, tracks between small ones, often nothing."""
    if extent > 420:
        return int(rng.integers(9, 15))
    return int(rng.integers(5, 8)) if rng.random() < 0.35 else 0


def _road_label(width: int, label: int) -> int:
    return label if width >= 9 else TRACK


def _settle(rng: Rng, division: Division, reach: int) -> None:
    """Give the parcels their uses; near the middle there is one of each."""
    count = len(division.use)
    division.use[:] = rng.choice(5, count, p=(0.52, 0.16, 0.14, 0.12, 0.06)).tolist()
    middle = division.labels[reach // 2 : -reach // 2 : 8, reach // 2 : -reach // 2 : 8]
    ids, sizes = np.unique(middle[middle >= 0], return_counts=True)
    large = rng.permutation(ids[np.argsort(sizes)][-7:])
    for place, use in zip(large, (VILLAGE, WOOD, OPEN, CROP), strict=False):
        division.use[int(place)] = use


def cultivate(
    rng: Rng, ground: Ground, labels: NDArray[np.int16], use: Field, along: Field, across: Field
) -> None:
    """Paint every parcel after its use: crops in rows with tramlines, lawns, soil."""
    height, width = ground.shape
    count = len(use)
    colours = np.stack([_cover(rng, int(kind)) for kind in use])
    parcel = np.maximum(labels, 0)
    rows = rng.uniform(3.2, 9, count).astype(np.float32)
    green = colours[:, 3] > 2 * colours[:, 0]
    # What is brown and sown shows its rows: without them nobody could tell it from bare ground.
    depth = np.where(green, rng.choice([0.0, 0.06, 0.12, 0.2], count), rng.uniform(0.1, 0.2, count))
    depth = np.where(use == CROP, depth, 0).astype(np.float32)
    upright = rng.random(count) < 0.5
    lane = np.where(upright[parcel], along, across)
    wave = np.sin(lane * (2 * np.pi / rows)[parcel]) * depth[parcel]
    tramline = (lane / rng.uniform(36, 54) % 1 < 0.055) & (depth[parcel] > 0.05)
    patches = fractal(rng, height, width, 90, 6, 0.6)
    rough = np.where(use == OPEN, 0.2, rng.uniform(0.03, 0.12, count)).astype(np.float32)
    factor = 1 + wave + patches * rough[parcel] + 0.05 * white(rng, height, width)
    factor[tramline] *= 0.8
    ground.colour[:] = colours[parcel] * np.clip(factor, 0.3, 2)[:, :, None]
    ground.ids[:] = np.where(use == OPEN, BARE, FIELD).astype(np.uint8)[parcel]
    _edges(rng, ground, parcel)
    _tracks(rng, ground, (use == OPEN)[parcel])


def _cover(rng: Rng, use: int) -> Field:
    if use == OPEN:
        return picked(rng, SOILS)
    if use in (VILLAGE, WORKS):
        return tinted(rng, CROPS[6 + int(rng.integers(2))])
    return tinted(rng, CROPS[int(rng.choice(len(CROPS), p=SOWN))])


def _edges(rng: Rng, ground: Ground, parcel: NDArray[np.int16]) -> None:
    """Let grass grow where two parcels meet."""
    import cv2

    edge = np.zeros(ground.shape, np.uint8)
    edge[1:] |= np.diff(parcel, axis=0) != 0
    edge[:, 1:] |= np.diff(parcel, axis=1) != 0
    wide = cv2.GaussianBlur(edge.astype(np.float32), (0, 0), 1.6) * 3
    wide = np.clip(wide + 0.15 * white(rng, *ground.shape) - 0.3, 0, 0.85)[:, :, None]
    grass = tinted(rng, CROPS[6])
    there = (ground.ids == FIELD)[:, :, None] * wide
    ground.colour[:] = ground.colour * (1 - there) + grass * there


def _tracks(rng: Rng, ground: Ground, bare: NDArray[np.bool_]) -> None:
    """Drive over bare ground: pairs of pale or dark ruts, and heaps."""
    import cv2

    if not bare.any():
        return
    height, width = ground.shape
    ruts = np.zeros((height, width), np.uint8)
    for _ in range(10):
        start = rng.uniform((0, 0), (width, height))
        heading = rng.uniform(0, 6.28) + np.cumsum(rng.normal(0, 0.12, 60))
        path = start + np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1) * 7, 0)
        for side in (-2, 2):
            normal = np.stack([-np.sin(heading), np.cos(heading)], 1) * side
            cv2.polylines(
                ruts, [np.round(path + normal).astype(np.int32)], False, 255, 1, cv2.LINE_AA
            )
    amount = ruts.astype(np.float32) / 255 * bare * np.float32(rng.choice([-0.25, 0.3]))
    ground.colour *= 1 + amount[:, :, None]
    heaps = np.clip(fractal(rng, height, width, 40, 3) - 1.5, 0, 1) * 30
    ground.relief[bare] = heaps[bare].astype(np.uint8)
