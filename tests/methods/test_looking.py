"""Looking at the pixels that are learned from."""

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.methods.builtin.pixel_forest import PixelForest
from segstudio.methods.samples import ArrayPicture, Samples

QUIET = Quiet()
FOREST = PixelForest(scales=(1.0, 2.0), per_class=100_000)
HEIGHT, WIDTH = 300, 900


class Watched(ArrayPicture):
    """A picture that remembers what was read of it."""

    def __init__(self, pixels, valid=None):
        super().__init__(pixels, valid)
        object.__setattr__(self, "read_boxes", [])

    def read(self, box, stride=1):
        self.read_boxes.append(box)
        return super().read(box, stride)


def strokes(*boxes):
    ids = np.full((HEIGHT, WIDTH), UNLABELLED, np.uint8)
    for id, box in enumerate(boxes):
        ids[box.slices] = id
    builder = LayerBuilder(HEIGHT, WIDTH)
    builder.write(Box(0, 0, HEIGHT, WIDTH), ids)
    return SparseLayer(HEIGHT, WIDTH, builder.finish()), ids


def looked_at(*boxes, valid=None):
    """Return the picture, what is known of the pixels under strokes, and the whole planes."""
    random = np.random.default_rng(0)
    picture = Watched(random.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8), valid)
    layer, ids = strokes(*boxes)
    samples = Samples([picture], strokes=[layer])
    encoding = FOREST.encoding(samples, QUIET)
    whole = picture.read(Box(0, 0, HEIGHT, WIDTH))
    planes = np.stack(FOREST.features_of(whole, encoding, QUIET), 2)
    del picture.read_boxes[:]
    known = {}
    seen = FOREST.seen(samples, encoding, QUIET, known)
    good = ids != UNLABELLED if valid is None else (ids != UNLABELLED) & valid
    return picture, seen, planes[good], ids[good]


def in_order(features, ids):
    return np.array(sorted(map(tuple, np.column_stack([ids, features]))))


def test_only_what_lies_near_is_read():
    """Reading in small pieces is faster than at once: their planes stay in the cache."""
    picture, seen, features, ids = looked_at(Box(20, 20, 30, 30), Box(270, 600, 280, 890))
    small = [box for box in picture.read_boxes if box.height < HEIGHT]
    reach = FOREST.bank.reach(3)
    assert Box(20, 20, 30, 30).grown(reach).clipped(Box(0, 0, HEIGHT, WIDTH)) in small
    assert sum(box.area for box in small) < 40_000
    assert (in_order(seen.features, seen.ids) == in_order(features, ids)).all()


def test_pixels_without_data_are_not_learned_from():
    valid = np.ones((HEIGHT, WIDTH), bool)
    valid[:, 250:260] = False
    _, seen, features, ids = looked_at(
        Box(100, 200, 104, 300), Box(140, 200, 144, 300), valid=valid
    )
    assert len(seen.ids) == 2 * 4 * 90
    assert (in_order(seen.features, seen.ids) == in_order(features, ids)).all()
