"""Settings of a part, read from the fields of its frozen dataclass.

The window makes its forms from them, the command line its ``--set FIELD=VALUE``.
A field may carry ``metadata={"label", "range", "step", "help", "more", "fits"}``.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from segstudio.errors import UserError

T = TypeVar("T")


@dataclass(frozen=True)
class Setting:
    """One field: what it is called, what it holds, and within which bounds.

    ``kind`` is int, float, bool, str or choice; ``many`` means a list of them.
    """

    name: str
    label: str
    kind: str
    default: Any
    many: bool = False
    optional: bool = False
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""
    more: bool = False
    """Whether few people change it, so that a form shows it only when asked."""

    fits: Callable[[Any], object] | None = None
    """Raises `UserError` for a value of the right kind that still makes no sense."""

    def check(self, value: Any) -> Any:
        """Return the value in the field's type; raise `UserError` where it does not fit."""
        if value is None or (self.optional and value in ("", "none")):
            if self.optional:
                return None
            raise self._wrong(value)
        if self.many:
            items = value.split(",") if isinstance(value, str) else value
            items = items if isinstance(items, list | tuple) else [items]
            return tuple(self._one(item) for item in items if item != "")
        return self._one(value)

    def _one(self, value: Any) -> Any:
        try:
            converted = _CONVERT[self.kind](value)
        except (ValueError, TypeError, KeyError):
            raise self._wrong(value) from None
        if self.kind == "choice" and converted not in self.choices:
            raise self._wrong(value)
        if self.low is not None and not self.low <= converted <= (self.high or converted):
            raise self._wrong(value)
        if self.fits is not None:
            self.fits(converted)
        return converted

    def _wrong(self, value: Any) -> UserError:
        return UserError(f"{self.name} cannot be {value!r}", f"{self.name} is {self.describe()}")

    def describe(self) -> str:
        """Say in words what the setting takes."""
        if self.kind == "choice":
            text = "one of " + ", ".join(self.choices)
        else:
            text = {"int": "a whole number", "float": "a number", "bool": "true or false",
                    "str": "a text"}[self.kind]  # fmt: skip
        if self.low is not None:
            text += f" from {self.low:g} to {self.high:g}"
        return f"{text}, or several with commas between" if self.many else text


def _to_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "yes": True, "1": True, "on": True,
            "false": False, "no": False, "0": False, "off": False}[str(value).lower()]  # fmt: skip


def _to_int(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    return int(value)


def _to_float(value: Any) -> float:
    number = float(value)
    if number != number:
        raise ValueError(value)
    return number


_CONVERT: dict[str, Any] = {
    "int": _to_int,
    "float": _to_float,
    "bool": _to_bool,
    "str": str,
    "choice": str,
}


def settings_of(part: type[Any]) -> tuple[Setting, ...]:
    """Return the settings of a dataclass, in the order of its fields."""
    hints = get_type_hints(part)
    return tuple(_setting(f, hints[f.name]) for f in fields(part) if f.init)


def _setting(field: "Field[Any]", hint: Any) -> Setting:
    optional = many = False
    choices: tuple[str, ...] = ()
    if get_origin(hint) in (Union, types.UnionType):
        optional = type(None) in get_args(hint)
        hint = next(a for a in get_args(hint) if a is not type(None))
    if get_origin(hint) is tuple:
        many, hint = True, get_args(hint)[0]
    if get_origin(hint) is Literal:
        kind, choices = "choice", tuple(str(a) for a in get_args(hint))
    else:
        kind = hint.__name__
    if kind not in _CONVERT:
        raise TypeError(f"field {field.name!r} has a type that no form can show: {hint!r}")
    default = field.default
    if default is MISSING and field.default_factory is not MISSING:
        default = field.default_factory()
    meta = field.metadata
    low, high = meta.get("range", (None, None))
    return Setting(
        field.name, meta.get("label", field.name.replace("_", " ").capitalize()), kind, default,
        many, optional, low, high, meta.get("step"), choices, meta.get("help", ""),
        bool(meta.get("more")), meta.get("fits"),
    )  # fmt: skip


def build(part: type[T], values: Mapping[str, Any]) -> T:
    """Make the dataclass from values by name, each checked; raise `UserError` for a bad one."""
    known = {setting.name: setting for setting in settings_of(part)}
    for name in values:
        if name not in known:
            raise UserError(
                f"there is no setting called {name!r}",
                f"the settings are: {', '.join(known)}" if known else "it has no settings",
            )
    return part(**{name: known[name].check(value) for name, value in values.items()})


def assignments(texts: Sequence[str]) -> dict[str, str]:
    """Read ``FIELD=VALUE`` texts, as the command line gives them."""
    values = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UserError(f"{text!r} is not a setting", "write it as FIELD=VALUE")
        values[name.strip()] = value.strip()
    return values
