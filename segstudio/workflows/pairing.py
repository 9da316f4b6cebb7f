"""Which mask belongs to which picture, by their names."""

from collections.abc import Sequence
from pathlib import Path

from segstudio.errors import UserError
from segstudio.workflows.finding import find_pictures


class MaskFiles:
    """The masks of a folder. A mask belongs to the picture with its stem, or its whole name.

    Where several have that name, the one in the folder of the same name as the picture's is
    taken. ``met`` says whether any was asked for and found.
    """

    def __init__(self, folder: Path, pictures: Sequence[Path] = ()) -> None:
        if not folder.is_dir():
            raise UserError(f"{folder} is not a folder", "give the folder that holds the masks")
        self.folder = folder
        self.met = False
        self._roots = [path.absolute() for path in pictures if path.is_dir()]
        self._by_stem: dict[str, list[Path]] = {}
        for file in find_pictures([folder])[0]:
            self._by_stem.setdefault(file.stem, []).append(file)

    def of(self, picture: Path) -> Path | None:
        """Return the mask of a picture; None where there is none or no single one."""
        for name in (picture.name, picture.stem):
            found = self._by_stem.get(name, [])
            if len(found) > 1:
                found = [f for f in found if self._place(f) in self._places(picture)] or found
            if len(found) == 1:
                self.met = True
                return found[0]
        return None

    def _place(self, mask: Path) -> Path:
        return mask.parent.relative_to(self.folder)

    def _places(self, picture: Path) -> list[Path]:
        """Return where the picture lies below the folders that were named."""
        folder = picture.absolute().parent
        return [folder.relative_to(root) for root in self._roots if folder.is_relative_to(root)]
