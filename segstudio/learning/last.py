"""The weights after the last step of a training, which no picture measured on has chosen."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Part, Task
from segstudio.errors import UserError
from segstudio.learning.checkpoint import CUT_SHORT
from segstudio.learning.dataset import Cache, Example
from segstudio.learning.evaluation import Evaluation
from segstudio.learning.trained import Trained


def last_module(trained: Trained, checkpoint: Path) -> nn.Module:
    """Return the network with the averaged weights of its run's last step, ready to predict.

    `Trained` itself holds the best of all evaluations. Raises `UserError` where the checkpoint
    of that step could not be written, or cannot be read.
    """
    try:
        saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
        step, state = saved["step"], saved["average"]
    except CUT_SHORT as error:
        raise _lost(trained) from error
    if step != trained.steps:
        raise _lost(trained)
    return replace(trained, state=state).module()


def _lost(trained: Trained) -> UserError:
    return UserError(
        f"the weights after step {trained.steps} could not be kept",
        "make room on the disk, then try again",
    )


def measured(
    trained: Trained, module: nn.Module, examples: Sequence[Example], device: str, task: Task
) -> dict[int | str, Confusion]:
    """Return the confusion matrix of each picture, by its number in the project, or its name.

    Windows of one picture count together.
    """
    place = torch.device(device)
    module = module.to(place)
    found: dict[int | str, Confusion] = {}
    for done, example in enumerate(examples):
        one = Evaluation(trained.card, [example], Cache([example]))
        part = Part(task, done, len(examples))
        key = example.name if example.image is None else example.image
        confusion = one.run(module, place, part, "Measuring")
        found[key] = found[key] + confusion if key in found else confusion
    return found
