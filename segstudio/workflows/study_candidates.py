"""With which settings each method is tried where all of them are compared."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from segstudio.methods.segmenter import Segmenter, segmenters
from segstudio.settings import Setting, settings_of

COUNTS = ("clusters", "classes", "components", "groups")
"""Settings that say how many regions there shall be."""

MANY = 16

KINDS = ("method", "space")
"""Settings by which a method is several: each choice is measured."""


def candidates(classes: int) -> Iterator[Segmenter]:
    """Yield every method with the settings that are tried for so many classes, quick ones first."""
    parts = [segmenters[name] for name in segmenters]
    for part in sorted(parts, key=lambda part: (part.whole, part.seeds != "none")):
        yield from variants(part, classes)


def variants(part: type[Segmenter], classes: int) -> Iterator[Segmenter]:
    """Yield a method with its defaults, or with some numbers of regions, and in all its kinds."""
    settings = {setting.name: setting for setting in settings_of(part)}
    values: list[dict[str, Any]] = [{}]
    count = next((settings[name] for name in COUNTS if name in settings), None)
    if count is not None:
        values = [{count.name: number} for number in _numbers(count, classes, part.whole)]
    kind = next((settings[name] for name in KINDS if name in settings), None)
    if kind is not None and kind.kind == "choice":
        others = [choice for choice in kind.choices if choice != kind.default]
        values += [{**values[-1], kind.name: choice} for choice in others]
    for given in values:
        yield part(**given)


def _numbers(count: Setting, classes: int, slow: bool) -> list[int]:
    """Return numbers of regions: as many as classes, twice as many, and many."""
    low, high = count.low or 1, count.high or MANY
    wanted = (MANY,) if slow else (classes, 2 * classes, MANY)
    return sorted({int(min(max(number, low), high)) for number in wanted})


def told_settings(settings: Segmenter) -> dict[str, Any]:
    """Return the settings that tell a method from its others: numbers of regions, and changes."""
    values = asdict(settings)
    return {
        setting.name: values[setting.name]
        for setting in settings_of(type(settings))
        if setting.name in COUNTS or values[setting.name] != setting.default
    }
