"""Making a training fit into the memory of the device."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from segstudio.errors import UserError

ORDINARY, MOST = 4, 16
"""Crops a batch on a processor, and the most that are chosen on a GPU."""

ROOM = 0.7
"""Share of the free memory that a batch may take: the loss and the average need some too."""


def lacks_memory(error: BaseException) -> bool:
    """Tell whether an exception says that memory ran out; torch has no one type for it."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and ("out of memory" in text or "allocate" in text)
    )


@contextmanager
def advised_on_memory(batch: int | None, crop: int) -> Iterator[None]:
    """Turn running out of memory into advice."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not lacks_memory(error):
            raise
        raise UserError(
            "there is not enough memory for this training",
            f"take fewer crops a batch (batch, now {batch or ORDINARY}) or smaller ones "
            f"(crop, now {crop})",
        ) from error


def batch_for(module: nn.Module, bands: int, side: int, device: torch.device) -> int:
    """Return how many crops of ``side`` pixels a batch shall have.

    On a GPU of NVIDIA it is the largest power of two up to `MOST` that fits, judged by what
    batches of two and of four take; elsewhere memory cannot be asked for, and it is `ORDINARY`.
    """
    if device.type != "cuda":
        return ORDINARY
    free, _ = torch.cuda.mem_get_info(device)
    try:
        two, four = (_peak(module, (n, bands, side, side), device) for n in (2, 4))
    except RuntimeError as error:
        if lacks_memory(error):
            return 2
        raise
    finally:
        torch.cuda.empty_cache()
    each = (four - two) / 2
    batch = MOST
    while batch > 2 and two + (batch - 2) * each > ROOM * free:
        batch //= 2
    return batch


def _peak(module: nn.Module, shape: tuple[int, ...], device: torch.device) -> int:
    """Return the bytes that a forward and backward pass takes at most, in full precision."""
    torch.cuda.reset_peak_memory_stats(device)
    before = torch.cuda.memory_allocated(device)
    tried = copy.deepcopy(module).train()
    heads = tried(torch.zeros(shape, device=device))
    torch.autograd.backward(sum(head.float().sum() for head in heads))
    return torch.cuda.max_memory_allocated(device) - before


def release(device: torch.device) -> None:
    """Give memory that is no longer in use back to the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
