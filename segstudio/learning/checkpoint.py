"""A training run on disk, so that it can go on where it was interrupted."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from segstudio.errors import UserError


@dataclass
class Checkpoint:
    """Everything that the rest of a run depends on.

    Random numbers are drawn anew from the seed in each step, so there is no generator to keep.
    """

    step: int
    module: dict[str, Any]
    average: dict[str, Any]
    optimiser: dict[str, Any]
    best: dict[str, Any]
    seconds: float

    def save(self, path: Path, settings: dict[str, Any], fingerprint: str) -> None:
        """Write the file beside and rename it, so that there is always a whole one."""
        data = vars(self) | {"settings": settings, "fingerprint": fingerprint}
        beside = path.with_name(path.name + ".part")
        torch.save(data, beside)
        os.replace(beside, path)

    @classmethod
    def load(cls, path: Path, settings: dict[str, Any], fingerprint: str) -> "Checkpoint":
        """Read a file; raise `UserError` if it belongs to other settings or labels."""
        data = torch.load(path, map_location="cpu", weights_only=True)
        hint = "start a new run instead"
        if data.pop("settings") != settings:
            raise UserError("the run to resume had other settings", hint)
        if data.pop("fingerprint") != fingerprint:
            raise UserError("the labels have changed since the run to resume", hint)
        return cls(**data)
