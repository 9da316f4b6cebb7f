"""Beginning from the weights in a file: what fits is taken, the rest is said."""

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from segstudio.errors import UserError

ENOUGH = 0.8
"""Least share of a network's numbers, its heads apart, that a file must fill."""

HEADS = ("head", "classifier", "auxiliary")
"""Beginnings of the names of layers that depend on the classes: they need not fit."""

UNREADABLE = (
    SafetensorError, pickle.UnpicklingError, RuntimeError, ValueError, EOFError, OSError,
)  # fmt: skip
"""What the readers raise for damaged files."""

WRAPPED = ("state_dict", "model", "weights")
"""Names under which files of others keep the weights themselves."""


@dataclass(frozen=True)
class Fitted:
    """How much of a network came from a file, its heads apart, and the names that did not."""

    share: float
    missing: tuple[str, ...]


def begin_from(module: nn.Module, file: Path) -> Fitted:
    """Put the weights of a file into a network where name and shape agree.

    ``file`` is ``.safetensors``, a checkpoint of PyTorch that holds tensors only, or the
    folder of a bundle. Raises `UserError`, and changes nothing, where the file cannot be read
    or fits less than `ENOUGH` of the network.
    """
    given = _read(file / "weights.safetensors" if file.is_dir() else file)
    own = module.state_dict()
    fitting = {k: v for k, v in given.items() if k in own and own[k].shape == v.shape}
    body = {k: v.numel() for k, v in own.items() if not k.startswith(HEADS)}
    share = sum(n for k, n in body.items() if k in fitting) / max(sum(body.values()), 1)
    if share < ENOUGH:
        raise UserError(
            f"{file.name} fits {share:.0%} of this network",
            "take weights of the same network and width",
        )
    module.load_state_dict(fitting, strict=False)
    return Fitted(share, tuple(k for k in own if k not in fitting))


def _read(file: Path) -> dict[str, Tensor]:
    if not file.is_file():
        raise UserError(f"there are no weights at {file}", "give a .safetensors or .pth file")
    try:
        if file.suffix == ".safetensors":
            return dict(load_file(file))
        data: Any = torch.load(file, map_location="cpu", weights_only=True)
    except UNREADABLE as error:
        raise _unreadable(file) from error
    for name in WRAPPED:
        if isinstance(data, dict) and isinstance(data.get(name), dict):
            data = data[name]
    if not isinstance(data, dict):
        raise _unreadable(file)
    return {str(k): v for k, v in data.items() if isinstance(v, Tensor)}


def _unreadable(file: Path) -> UserError:
    return UserError(
        f"{file.name} holds no weights that can be read",
        "a .safetensors file, or a .pth file with nothing but tensors, is safe to open",
    )
