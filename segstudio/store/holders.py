"""Which pictures hold a class, in their masks and in their proposals."""

from collections.abc import Iterator

from segstudio.domain.tiles import Layer
from segstudio.store.reading import Reading


def holders(project: Reading, id: int) -> dict[int, int]:
    """Return the pixels that have a class, by picture; those without any are left out."""
    found = project.reading().execute(
        "SELECT image, pixels FROM shares WHERE class = ? AND pixels > 0 ORDER BY image", (id,)
    )
    return dict(found.fetchall())


def proposed(project: Reading) -> list[int]:
    """Return the pictures that have a proposal."""
    found = project.reading().execute(
        "SELECT id FROM images WHERE EXISTS"
        " (SELECT 1 FROM tiles WHERE image = images.id AND layer = ?) ORDER BY id",
        (int(Layer.PROPOSAL),),
    )
    return [row[0] for row in found]


def tiles_of(project: Reading, image: int, layer: Layer) -> Iterator[bytes]:
    """Yield the tiles of one layer of a picture, packed."""
    found = project.reading().execute(
        "SELECT data FROM tiles WHERE image = ? AND layer = ?", (image, int(layer))
    )
    return (bytes(row[0]) for row in found)
