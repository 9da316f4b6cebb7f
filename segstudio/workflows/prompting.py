"""Models that take clicks: where they lie, and what they have understood of pictures."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from segstudio.errors import UserError
from segstudio.inference.prompts import PromptModel

FOLDER = "prompts"
"""Folder of a project in which its own prompt model lies."""


@dataclass(frozen=True)
class Place:
    """Where an encoder and its decoder lie: two files, or a folder that names them."""

    path: Path
    decoder: Path | None = None

    @classmethod
    def of(cls, files: Sequence[Path]) -> "Place":
        """Return what a person means by some files; one file stands for its folder."""
        onnx = [file for file in files if file.suffix.lower() == ".onnx"]
        if len(onnx) == 1:
            return cls(onnx[0].parent)
        if len(onnx) != 2:
            raise UserError(
                f"a prompt model is two .onnx files, {len(onnx)} were chosen",
                "choose its encoder and its decoder",
            )
        first, second = sorted(onnx, key=lambda file: "decoder" in file.stem.lower())
        if ("decoder" in first.stem.lower()) == ("decoder" in second.stem.lower()):
            # The encoder of every known model is by far the larger half.
            first, second = sorted(onnx, key=lambda file: -file.stat().st_size)
        return cls(first, second)

    @property
    def name(self) -> str:
        """What the model is called: its folder, or its encoder without that word."""
        if self.decoder is None:
            own = self.path.name == FOLDER
            return f"the model of {self.path.parent.stem}" if own else self.path.name
        stem = self.path.stem
        for word in ("encoder", "Encoder"):
            stem = stem.replace(word, "")
        return stem.strip("._- ") or self.path.parent.name

    @property
    def there(self) -> bool:
        """Whether the files are on the disk."""
        if self.decoder is None:
            return self.path.is_dir() and any(self.path.glob("*.onnx"))
        return self.path.is_file() and self.decoder.is_file()

    def open(self, threads: int | None = None) -> PromptModel:
        """Open the model; raises `UserError` that says what is wrong with it."""
        return PromptModel.open(self.path, self.decoder, threads)

    def texts(self) -> list[str]:
        """Return it as texts to be kept; see `from_texts`."""
        return [str(self.path), *([] if self.decoder is None else [str(self.decoder)])]

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> "Place | None":
        return cls(*(Path(text) for text in texts)) if 1 <= len(texts) <= 2 else None


def find_place(project: Path | None, chosen: Place | None) -> Place | None:
    """Return the project's own prompt model, else the one that was chosen; None for neither.

    The project's own lies in its folder ``prompts`` or in the first folder inside that.
    """
    own = project / FOLDER if project is not None else None
    if own is not None and own.is_dir():
        inside = sorted(folder for folder in own.iterdir() if folder.is_dir())
        for folder in (own, *inside):
            place = Place(folder)
            if place.there:
                return place
    return chosen if chosen is not None and chosen.there else None


class Sized(Protocol):
    """Something that takes memory."""

    @property
    def nbytes(self) -> int: ...


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Sized)


class Kept(Generic[K, V]):
    """The values that were used last, within a limit of memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[K, V] = OrderedDict()

    def __getitem__(self, key: K) -> V:
        self._held.move_to_end(key)
        return self._held[key]

    def __contains__(self, key: K) -> bool:
        return key in self._held

    def keys(self) -> list[K]:
        """Return the keys; those used last come first."""
        return list(reversed(self._held))

    def put(self, key: K, value: V) -> None:
        """Keep a value; what has not been used for longest makes room. One is always kept."""
        self._held[key] = value
        self._held.move_to_end(key)
        while (
            len(self._held) > 1 and sum(held.nbytes for held in self._held.values()) > self._limit
        ):
            self._held.popitem(last=False)

    def clear(self) -> None:
        self._held.clear()
