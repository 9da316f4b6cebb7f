"""Finding picture files in folders, in the order in which people count."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from segstudio.errors import Failure, UserError
from segstudio.store.formats import PICTURE_SUFFIXES, kind_of
from segstudio.store.reading import DATABASE

_NUMBER, _DIGITS = re.compile(r"\d+"), 20

UNMISTAKABLE = ("JPEG", "PNG", "GIF", "WEBP")


def natural(text: str) -> str:
    """Return a key that sorts ``9`` before ``10``: the text with its numbers filled up by zeros."""
    return _NUMBER.sub(lambda found: found[0].zfill(_DIGITS), text.casefold())


def find_pictures(
    paths: Sequence[Path], apart: Sequence[Path] = ()
) -> tuple[list[Path], list[Failure]]:
    """Return the files named, and the pictures in the folders named and below them.

    In folders, files count whose name or content is that of a picture; hidden ones, projects
    and what lies in ``apart`` (the masks) do not. Raises `UserError` where a path is missing;
    folders that cannot be read are the failures.
    """
    for path in paths:
        if not path.exists():
            raise UserError(f"{path} does not exist", "check the path")
    skipped = {folder.resolve() for folder in apart}
    found: dict[Path, None] = {}
    failed: list[Failure] = []
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_below(path, skipped, failed)))
        else:
            found[path] = None
    return list(found), failed


def _below(folder: Path, skipped: set[Path], failed: list[Failure]) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda path: natural(path.name))
    except OSError as error:
        failed.append(Failure(str(folder), f"the folder cannot be read ({error.strerror})"))
        return
    for path in entries:
        if path.name.startswith("."):
            continue
        if path.is_dir():
            inside = path.resolve() in skipped or (path / DATABASE).exists()
            # A link could lead back up, and then on for ever.
            if not inside and not path.is_symlink():
                yield from _below(path, skipped, failed)
        elif path.suffix.lower() in PICTURE_SUFFIXES or _looks_like_one(path):
            yield path


def _looks_like_one(path: Path) -> bool:
    """Tell whether a file without a picture's name holds one all the same.

    Under foreign names only what can hardly be anything else: many other files are TIFFs
    inside, overviews and raw pictures of cameras among them.
    """
    with suppress(UserError):
        if path.is_file():
            kind = kind_of(path)
            return not path.suffix or kind in UNMISTAKABLE
    return False
