"""What the database knows of pictures besides their records, for long lists of them."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from segstudio.domain.tiles import Key, Layer
from segstudio.store.reading import Reading


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What is labelled in a picture, and how unsure a model is of it (0…1, None: not known)."""

    classes: frozenset[int] = frozenset()
    labelled: int = 0
    """Pixels that have a class."""
    score: float | None = None


NOTHING = ImageFacts()


def facts_of_images(
    project: Reading, model: str = "", strategy: str = "", ids: Collection[int] | None = None
) -> dict[int, ImageFacts]:
    """Return the facts of pictures by id, read in one query; of all where no ids are given.

    Scores are those that a model got by a strategy, see `Reading.scores`. Pictures of which
    nothing is known are left out.
    """
    among = "" if ids is None else "AND image IN (SELECT value FROM json_each(:ids))"
    found = project.reading().execute(
        f"""
        WITH labelled AS (
            SELECT image, SUM(pixels) AS pixels, GROUP_CONCAT(class) AS classes
            FROM shares WHERE pixels > 0 {among} GROUP BY image),
        scored AS (
            SELECT image, score FROM scores WHERE model = :model AND strategy = :strategy {among})
        SELECT image, pixels, classes, score FROM labelled LEFT JOIN scored USING (image)
        UNION ALL
        SELECT image, 0, '', score FROM scored WHERE image NOT IN (SELECT image FROM labelled)
        """,
        {"model": model, "strategy": strategy, "ids": json.dumps(list(ids or ()))},
    )
    return {
        image: ImageFacts(_numbers(classes), pixels, score)
        for image, pixels, classes, score in found
    }


@lru_cache(maxsize=4096)
def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(number) for number in text.split(",") if number)


def places_of_tiles(project: Reading, image: int) -> Iterator[tuple[Layer, Key]]:
    """Yield where a picture has tiles, in all its layers; no tile is read."""
    found = project.reading().execute("SELECT layer, row, col FROM tiles WHERE image = ?", (image,))
    for layer, row, column in found:
        yield Layer(layer), (row, column)
