"""The settings that many steps share."""

from dataclasses import field
from typing import Any


def classes_field(help: str = "numbers of the classes, none for all") -> Any:
    """Make the setting of which classes a step is for."""
    return field(default=(), metadata={"label": "Classes", "help": help, "range": (0, 255)})
