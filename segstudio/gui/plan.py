"""What a proposal is to be made by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segstudio.domain.classes import UNLABELLED
from segstudio.interactive.cleanup import Cleanup

NO_CLASS = -1
"""What the mapping says of a region that gets no class."""


@dataclass
class Plan:
    """A method and its settings, the classes of its regions, what it learns from, what follows.

    ``together`` lets it learn from all pictures of the project, or from all that are labelled;
    ``steps`` clean up what it proposes.
    """

    method: str
    settings: Any = None
    mapping: dict[int, int] = field(default_factory=dict)
    together: bool = False
    steps: tuple[Cleanup, ...] = ()

    @property
    def seeds(self) -> str:
        """Whose strokes the method learns from: see `Segmenter`."""
        return str(type(self.settings).seeds)

    @property
    def places(self) -> dict[int, int]:
        """The chosen classes of regions as workflows want them: 255 for none."""
        if self.seeds != "none":
            return {}
        return {n: UNLABELLED if id == NO_CLASS else id for n, id in self.mapping.items()}

    def classes(self, count: int, ids: Sequence[int]) -> dict[int, int]:
        """Return the class of each of ``count`` regions that has one, of those that there are.

        It is the chosen one, else the i-th for the i-th; what learns from strokes says classes.
        """
        if self.seeds != "none":
            return {id: id for id in ids if id < count}
        chosen = {
            region: self.mapping.get(region, ids[region] if region < len(ids) else NO_CLASS)
            for region in range(count)
        }
        return {region: id for region, id in chosen.items() if id in ids}


def mapping_of(places: Mapping[int, int]) -> dict[int, int]:
    """Return what `Plan.places` came from."""
    return {n: NO_CLASS if id == UNLABELLED else id for n, id in places.items()}
