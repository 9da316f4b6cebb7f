"""The settings that many steps share."""

from dataclasses import field
from typing import Any


def classes_field(
    help: str = "numbers of the classes, none for all", label: str = "Classes"
) -> Any:
    """Make the setting of which classes a step is for, or of others that it looks at."""
    return field(default=(), metadata={"label": label, "help": help, "range": (0, 255)})
