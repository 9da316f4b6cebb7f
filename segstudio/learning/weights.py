"""Beginning from the weights in a file: what fits is taken, the rest is said."""

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from segstudio.errors import UserError
from segstudio.learning.bundle import weights_file

ENOUGH = 0.8
"""Least share of the numbers of an encoder, or of a network without its heads, to be filled."""

HEADS = ("head", "classifier", "auxiliary")
"""Beginnings of the names of layers that depend on the classes: they need not fit."""

ENCODER = "encoder."
"""Beginning of the names of an encoder that others publish weights of."""

WRAPPINGS = ("module.", "model.", "network.", "backbone.", ENCODER)
"""Beginnings that programs put before all names, one inside the other."""

UNREADABLE = (
    SafetensorError, pickle.UnpicklingError, RuntimeError, ValueError, EOFError, OSError,
)  # fmt: skip
"""What the readers raise for damaged files."""

WRAPPED = ("state_dict", "model_state_dict", "model", "weights", "params")
"""Names under which files of others keep the weights themselves."""

SHOWN = 3
"""Names of layers that a sentence lists."""

State = dict[str, Tensor]


@dataclass(frozen=True)
class Fitted:
    """What of a network came from a file.

    ``share`` of the numbers of ``part`` (the encoder, or all but the heads) did; ``missing`` are
    names of the network's tensors that did not, ``unused`` those of the file's that had no
    place. ``adapted`` says what became of a first layer for other bands.
    """

    share: float
    part: str
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    adapted: str = ""

    def __str__(self) -> str:
        """Say it in a sentence or two."""
        said = [f"the weights fill {self.share:.0%} of {self.part}"]
        if self.adapted:
            said.append(self.adapted)
        if self.missing:
            said.append(f"these begin anew: {_listed(self.missing)}")
        if self.unused:
            said.append(f"these of the file are not used: {_listed(self.unused)}")
        return "; ".join(said)


def begin_from(module: nn.Module, file: Path, fresh: float = 0.0) -> Fitted:
    """Put the weights of a file into a network where name and shape agree.

    ``file`` is ``.safetensors``, a checkpoint of PyTorch that holds tensors only, or the
    folder of a bundle. It may hold the whole network or only its encoder, with or without the
    word before its names; a first layer that took other bands is adapted, see `adapted`. Raises
    `UserError`, and changes nothing, where the file cannot be read or fits less than `ENOUGH`
    of both. ``fresh`` is the share of the network's own weights, as they were drawn, that is
    mixed into those of the file; see `perturb`.
    """
    given = _read(weights_file(file))
    own = module.state_dict()
    renamed, (fitting, said) = max(
        ((names, _fitting(own, names)) for names in _renamed(given)),
        key=lambda pair: _share(own, pair[1][0]),
    )
    share, part = max(_shares(own, fitting))
    if share < ENOUGH:
        raise UserError(
            f"{file.name} fits {share:.0%} of {part}",
            f"take weights of the same network and width: {ENOUGH:.0%} must fit; "
            f"the file has {_listed(given)}, the network {_listed(own)}",
        )
    broken = [k for k, v in fitting.items() if v.is_floating_point() and not v.isfinite().all()]
    if broken:
        raise UserError(
            f"{file.name} holds weights that are no numbers, in {_listed(broken)}",
            "that training went wrong: take weights of another one",
        )
    drawn = {name: weight.detach().clone() for name, weight in module.named_parameters()}
    module.load_state_dict(fitting, strict=False)
    perturb(module, drawn, fresh)
    missing = tuple(k for k in own if k not in fitting and not k.endswith("num_batches_tracked"))
    return Fitted(share, part, missing, tuple(k for k in renamed if k not in fitting), said)


def perturb(module: nn.Module, fresh: Mapping[str, Tensor], share: float) -> None:
    """Mix a ``share`` of ``fresh`` weights into those of a network (Ash & Adams, 2020).

    What batch normalisation has counted stays as it is.
    """
    with torch.no_grad():
        for name, weight in module.named_parameters() if share else ():
            weight.lerp_(fresh[name].to(weight), share)


def adapted(weight: Tensor, bands: int) -> Tensor:
    """Return the weights of a first layer, outputs × bands × …, for another number of bands.

    A single band gets their sum, so that a grey picture gives what it gave before. Otherwise
    they are repeated in turn as far as needed, and made weaker or stronger in proportion.
    """
    before = weight.shape[1]
    if bands == 1:
        return weight.sum(1, keepdim=True)
    turns = -(-bands // before)
    repeated = weight.repeat(1, turns, *([1] * (weight.ndim - 2)))
    return repeated[:, :bands] * (before / bands)


def _renamed(given: State) -> Iterator[State]:
    """Yield the tensors as they are called, without wrappings, and as those of an encoder."""
    names = list(given)
    bare = {name: _unwrapped(name) for name in names}
    for rename in (
        {name: name for name in names},
        bare,
        {name: ENCODER + name for name in names},
        {name: ENCODER + bare[name] for name in names},
    ):
        if len(set(rename.values())) == len(names):
            yield {rename[name]: tensor for name, tensor in given.items()}


def _unwrapped(name: str) -> str:
    while name.startswith(WRAPPINGS):
        name = name.partition(".")[2]
    return name


def _fitting(own: State, given: State) -> tuple[State, str]:
    """Return the tensors of a file that have a place in a network, and what was adapted."""
    fitting = {k: v for k, v in given.items() if k in own and own[k].shape == v.shape}
    first = next((k for k, v in own.items() if v.ndim == 4), "")
    if first not in given or first in fitting or given[first].ndim != 4:
        return fitting, ""
    before, bands = given[first].shape[1], own[first].shape[1]
    # Networks of two branches look at the picture in two places.
    for name in own:
        if name in given and name not in fitting and given[name].ndim == 4:
            change = adapted(given[name], bands) if given[name].shape[1] == before else None
            if change is not None and change.shape == own[name].shape:
                fitting[name] = change
    if first not in fitting:
        return fitting, ""
    return fitting, f"its first layer took {before} bands, now {bands}: {_rule(before, bands)}"


def _rule(before: int, bands: int) -> str:
    if bands == 1:
        return "the weights of all were added up"
    return f"their weights were taken in turn, {before / bands:.2g} times as strong"


def _share(own: State, fitting: Iterable[str]) -> float:
    return max(_shares(own, fitting))[0]


def _shares(own: State, fitting: Iterable[str]) -> list[tuple[float, str]]:
    """Return which share of the numbers a file fills, of the encoder and of all but the heads."""
    known = set(fitting)
    parts = {
        "this network": [k for k in own if not k.startswith(HEADS)],
        "the encoder of this network": [k for k in own if k.startswith(ENCODER)],
    }
    return [
        (
            sum(own[k].numel() for k in names if k in known) / sum(own[k].numel() for k in names),
            part,
        )
        for part, names in parts.items()
        if names
    ]


def _listed(names: Iterable[str]) -> str:
    """List the first names, each layer once."""
    layers = list(dict.fromkeys(name.rpartition(".")[0] or name for name in names))
    more = len(layers) - SHOWN
    return ", ".join(layers[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _read(file: Path) -> State:
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
    found = data if isinstance(data, dict) else {}
    tensors = {str(k): v for k, v in found.items() if isinstance(v, Tensor)}
    if not tensors:
        raise _unreadable(file)
    return tensors


def _unreadable(file: Path) -> UserError:
    return UserError(
        f"{file.name} holds no weights that can be read",
        "a .safetensors file, or a .pth file with nothing but tensors, is safe to open",
    )
