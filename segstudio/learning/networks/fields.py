"""The settings that many networks share."""

from dataclasses import field
from typing import Any


def width_field(*, least: float, default: float = 1.0, step: float | None = None) -> Any:
    """Make the setting of what all numbers of channels are multiplied by; steps of ``least``."""
    return field(
        default=default, metadata={"label": "Width", "range": (least, 4), "step": step or least}
    )


def dropout_field(default: float) -> Any:
    """Make the setting of how many features are left out while training."""
    return field(default=default, metadata={"label": "Dropout", "range": (0, 0.9)})


def frozen_field() -> Any:
    """Make the setting of whether an encoder is kept as it came; see `Encoded`."""
    return field(
        default=False, metadata={"label": "Frozen encoder", "help": "it keeps its weights"}
    )


def base_field(default: int) -> Any:
    """Make the setting of the channels of the first stage, of which the others have multiples."""
    return field(
        default=default,
        metadata={"label": "Channels of the first stage", "range": (4, 128), "step": 4},
    )
