"""The settings that many augmentations share."""

from dataclasses import field
from typing import Any


def share_field(default: float, help: str = "How many of the crops are changed") -> Any:
    """Make the setting of which share of the crops a part is for."""
    return field(
        default=default, metadata={"label": "Share", "range": (0, 1), "step": 0.05, "help": help}
    )


def strength_field(help: str, *, most: float = 2) -> Any:
    """Make the setting of how strong a part is; ``help`` says what 1 means."""
    return field(
        default=1.0,
        metadata={"label": "Strength", "range": (0, most), "step": 0.05, "help": help},
    )
