"""The options of tools, kept from one start of the program to the next."""

from dataclasses import asdict
from typing import Any, TypeVar

from PySide6.QtCore import QSettings

from segstudio.errors import UserError
from segstudio.settings import build, settings_of

P = TypeVar("P")


def _kept() -> QSettings:
    return QSettings("segstudio", "segstudio")


def restored(tool: str, options: P) -> P:
    """Return a tool's options as they were kept; what is not valid any more stays as given."""
    kept = _kept()
    values: dict[str, Any] = asdict(options)  # type: ignore[call-overload]
    for setting in settings_of(type(options)):
        found = kept.value(f"tools/{tool}/{setting.name}")
        if found is not None:
            try:
                values[setting.name] = setting.check(found)
            except UserError:
                continue
    return build(type(options), values)


def remember(tool: str, options: Any) -> None:
    """Keep a tool's options."""
    kept = _kept()
    for name, value in asdict(options).items():
        written = list(value) if isinstance(value, tuple) else value
        kept.setValue(f"tools/{tool}/{name}", "none" if value is None else written)
