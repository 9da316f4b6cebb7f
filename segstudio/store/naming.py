"""How the files that belong to pictures are called."""

import os
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path


def output_names(paths: Sequence[Path], georeferenced: Collection[Path] = ()) -> list[Path]:
    """Return the name of each picture's mask, relative to the folder of results.

    ``<stem>.png``, or ``<stem>.tif`` for georeferenced pictures. Where stems are equal, the
    folder below what all pictures share is kept, and in one folder the picture's whole name:
    ``01.jpg.png``. Upper and lower case count as equal, as some disks see them.
    """
    endings = [".tif" if path in georeferenced else ".png" for path in paths]
    folders = _folders_below_shared(paths)
    whole = _repeated([folder / path.stem for folder, path in zip(folders, paths, strict=True)])
    names = [path.name if w else path.stem for path, w in zip(paths, whole, strict=True)]
    foldered = _repeated([Path(path.stem) for path in paths], apart=folders)
    return _told_apart(paths, folders, names, endings, foldered)


def _told_apart(
    paths: Sequence[Path],
    folders: list[Path],
    names: list[str],
    endings: list[str],
    foldered: list[bool],
) -> list[Path]:
    """Put the names together; whatever is still equal gets its folder and its whole name."""
    while True:
        results = [
            (folder / name if keep else Path(name)).with_name(name + ending)
            for folder, name, ending, keep in zip(folders, names, endings, foldered, strict=True)
        ]
        again = _repeated(results)
        changed = [
            place
            for place, repeats in enumerate(again)
            if repeats and (names[place] != paths[place].name or not foldered[place])
        ]
        if not changed:
            return results
        for place in changed:
            names[place], foldered[place] = paths[place].name, True


def _repeated(names: Sequence[Path], apart: Sequence[Path] | None = None) -> list[bool]:
    """Tell of each name whether it occurs more than once (``apart``: in different folders)."""
    keys = [str(name).casefold() for name in names]
    if apart is not None:
        places = {(key, folder) for key, folder in zip(keys, apart, strict=True)}
        counts = Counter(key for key, _ in places)
    else:
        counts = Counter(keys)
    return [counts[key] > 1 for key in keys]


def _folders_below_shared(paths: Sequence[Path]) -> list[Path]:
    parents = [Path(os.path.abspath(path)).parent for path in paths]
    try:
        shared = Path(os.path.commonpath(parents)) if parents else Path()
    except ValueError:  # on different drives
        return [Path(*parent.parts[1:]) for parent in parents]
    return [parent.relative_to(shared) for parent in parents]
