"""Families of interchangeable parts, found by looking in their folder."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from segstudio.errors import UserError

T = TypeVar("T")
P = TypeVar("P", bound=type[Any])


class Registry(Generic[T]):
    """The parts of one family by name. A new file in ``package`` is a new part.

    A part is named after its file, unless it says otherwise; ``kind`` is the word that error
    messages use.
    """

    def __init__(self, package: str, kind: str) -> None:
        self._package = package
        self.kind = kind
        self._parts: dict[str, T] = {}
        self._scanned = False

    def add(self, part: P) -> P:
        """Enter a part under the name of the file it stands in."""
        return self.enter(part.__module__.rpartition(".")[2], part)

    def enter(self, name: str, part: P) -> P:
        """Enter a part under a name of its own: a file may hold a whole family."""
        if name in self._parts:
            raise ValueError(f"two parts are named {name!r} in {self._package}")
        self._parts[name] = part  # type: ignore[assignment]
        return part

    def __getitem__(self, name: str) -> T:
        self._scan()
        if name in self._parts:
            return self._parts[name]
        close = difflib.get_close_matches(name, self._parts, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(self)}"
        raise UserError(f"there is no {self.kind} called {name!r}", hint)

    def __iter__(self) -> Iterator[str]:
        self._scan()
        return iter(sorted(self._parts))

    def __contains__(self, name: object) -> bool:
        self._scan()
        return name in self._parts

    def name_of(self, part: object) -> str:
        """Return the name under which a part, or an instance of it, was entered."""
        self._scan()
        kind = part if isinstance(part, type) else type(part)
        return next(name for name, entered in self._parts.items() if entered is kind)

    def _scan(self) -> None:
        if self._scanned:
            return
        self._scanned = True
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self._package}.{module.name}")
