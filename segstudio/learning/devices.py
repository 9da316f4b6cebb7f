"""Which processor a network runs on."""

import torch

from segstudio.errors import UserError

DEVICES = ("auto", "cpu", "cuda", "mps")


def device_named(name: str) -> str:
    """Return the device of a name, the fastest one for ``auto``.

    Raises `UserError` where the machine does not have it.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": _metal()}
    if name == "auto":
        return next(device for device in ("cuda", "mps", "cpu") if there[device])
    if name not in there:
        raise UserError(f"there is no device called {name!r}", f"there are: {', '.join(DEVICES)}")
    if not there[name]:
        raise UserError(f"this machine has no {name} that torch can use", "use --device cpu")
    return name


def _metal() -> bool:
    return bool(torch.backends.mps.is_available())
