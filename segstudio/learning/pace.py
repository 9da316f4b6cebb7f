"""How long the steps of a training take, beside the bare network's forward and backward."""

import time
from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.task import Task
from segstudio.learning.dataset import Example
from segstudio.learning.prefetch import Ahead
from segstudio.learning.preparation import prepare
from segstudio.learning.settings import TrainSettings
from segstudio.learning.threads import drawing_threads, lent
from segstudio.learning.training import _Run

BLOCK = 4
"""Steps of one kind in a row: a batch is drawn during the step before, as in a training."""


def paces(
    examples: Sequence[Example],
    classes: Sequence[LabelClass],
    settings: TrainSettings,
    blocks: int,
    task: Task,
    threads: int | None = None,
) -> Iterator[tuple[float, float]]:
    """Yield the seconds of a training's step and of a bare one, in blocks by turns.

    A step draws crops, compares at full size, updates weights and their average; a bare one
    takes one batch forward, compares each head at its own size, and takes that backward. The
    first block is not counted.
    """
    with lent(threads), torch.random.fork_rng(devices=[]):
        device = torch.device("cpu")
        run = _Run(
            prepare(examples, [], classes, settings, {}, {}, task, device), task, lambda entry: None
        )
        run.begin(None, None)
        size = run.batch * settings.accumulate
        x, labels = run._tensors(*run.crops.batch(0, size))
        small = [_labels_for(head, labels) for head in run.module.train()(x)]
        with Ahead(run.prepared.crops, settings.steps, drawing_threads(device)) as run.crops:
            for block in range(blocks + 1):
                began = time.perf_counter()
                for step in range(block * BLOCK, (block + 1) * BLOCK):
                    run._step(step, settings.learning_rate)
                stepped = time.perf_counter()
                for _ in range(BLOCK):
                    task.report(block, blocks + 1, "Bare steps")
                    _bare(run.module, x, small)
                if block:
                    yield (stepped - began) / BLOCK, (time.perf_counter() - stepped) / BLOCK


def _labels_for(head: Tensor, labels: Tensor) -> Tensor:
    """Return labels of the size of a head, each the nearest."""
    return F.interpolate(labels[:, None].float(), head.shape[2:])[:, 0].long()


def _bare(module: nn.Module, x: Tensor, labels: Sequence[Tensor]) -> None:
    module.zero_grad(set_to_none=True)
    heads = module.train()(x)
    losses = [
        F.cross_entropy(head, each, ignore_index=UNLABELLED)
        for head, each in zip(heads, labels, strict=True)
    ]
    torch.autograd.backward(torch.stack(losses).sum())
