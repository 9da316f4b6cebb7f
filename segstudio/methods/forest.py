"""A random forest on colour and position: the figure that a network has to beat."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels, Tile
from segstudio.errors import UserError
from segstudio.methods.greys import FILL, plain, usable

PIXELS_AT_ONCE = 50_000
"""So few that Cancel is heard within a second."""


@dataclass(frozen=True)
class ForestBaseline:
    """Learns each pixel's class from its bands and from where in the picture it lies.

    The forest (Breiman 2001) sees ``per_image`` labelled pixels of every image, at random.
    """

    trees: int = 24
    depth: int = 16
    least: int = 4
    per_image: int = 2000
    seed: int = 0

    def fit(self, images: Iterable[tuple[Pixels, Ids]], total: int, task: Task) -> "Forest":
        """Learn from ``total`` images with their masks (255 is left out)."""
        random = np.random.default_rng(self.seed)
        features, classes = [], []
        for done, (pixels, mask) in enumerate(images):
            task.report(done, total + self.trees, "Collecting labelled pixels")
            places = np.flatnonzero(mask.ravel() != UNLABELLED)
            if len(places):
                places = random.choice(places, min(self.per_image, len(places)), replace=False)
                rows, columns = np.divmod(places, mask.shape[1])
                features.append(_features(pixels, rows, columns, mask.shape, (0, 0)))
                classes.append(mask[rows, columns])
        if not classes:
            raise UserError("no pixel is labelled", "label some, or add masks")
        if len({found.shape[1] for found in features}) > 1:
            raise UserError("the pictures differ in their number of bands", "use those of one kind")
        return Forest(self._grow(np.concatenate(features), np.concatenate(classes), total, task))

    def _grow(self, features: NDArray[np.float32], classes: Ids, images: int, task: Task) -> Any:
        from sklearn.ensemble import RandomForestClassifier

        forest = RandomForestClassifier(
            max_depth=self.depth,
            min_samples_leaf=self.least,
            max_features="sqrt",
            random_state=self.seed,
            warm_start=True,
        )
        for grown in range(self.trees):
            task.report(images + grown, images + self.trees, "Growing a forest")
            forest.set_params(n_estimators=grown + 1)
            forest.fit(features, classes)
        return forest


class Forest:
    """A grown forest."""

    def __init__(self, forest: Any) -> None:
        self._forest = forest

    def predict(self, tile: Tile, height: int, width: int, task: Task) -> Ids:
        """Return the classes of a tile of a picture of that size; 255 where it is not valid."""
        ids: Ids = np.full(tile.pixels.shape[:2], UNLABELLED, np.uint8)
        valid = usable(tile)
        places = np.arange(ids.size) if valid is None else np.flatnonzero(valid)
        flat = ids.reshape(-1)
        for start in range(0, len(places), PIXELS_AT_ONCE):
            task.report(start, len(places), "Predicting by the forest")
            some = places[start : start + PIXELS_AT_ONCE]
            rows, columns = np.divmod(some, ids.shape[1])
            corner = (tile.box.top, tile.box.left)
            flat[some] = self._classes(
                _features(tile.pixels, rows, columns, (height, width), corner)
            )
        return ids

    def _classes(self, features: NDArray[np.float32]) -> Ids:
        trees = self._forest.estimators_
        total = trees[0].predict_proba(features)
        for tree in trees[1:]:
            total += tree.predict_proba(features)
        return np.asarray(self._forest.classes_[total.argmax(1)], np.uint8)


def _features(
    pixels: Pixels,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    size: tuple[int, ...],
    corner: tuple[int, int],
) -> NDArray[np.float32]:
    """Return n × (bands + 2): the bands as they are, then x and y as shares of the picture."""
    bands = plain(pixels[rows, columns]).astype(np.float32)
    np.copyto(bands, 0, where=~(np.abs(bands) < FILL))
    x = (columns + corner[1] + 0.5) / size[1]
    y = (rows + corner[0] + 0.5) / size[0]
    return np.column_stack([bands, x.astype(np.float32), y.astype(np.float32)])
