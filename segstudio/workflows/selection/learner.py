"""Training after a round, and opening what it gave, as the program does it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segstudio.domain.classes import LabelClass
from segstudio.domain.task import Task
from segstudio.inference.model import Model
from segstudio.learning.dataset import Example
from segstudio.workflows.choice import Choice


@dataclass(frozen=True)
class Learner:
    """Trains on a ``device`` and looks with ONNX Runtime, on so many ``threads``."""

    device: str = "cpu"
    threads: int | None = None

    def learn(
        self,
        examples: Sequence[Example],
        held: Sequence[Example],
        classes: Sequence[LabelClass],
        choice: Choice,
        weights: Path | None,
        bundle: Path,
        task: Task,
    ) -> float:
        """Train and write the model's bundle; return the seconds that both took."""
        # torch takes more than a second to import: not before there is something to train.
        from segstudio.learning.export import export
        from segstudio.learning.training import train

        began = time.perf_counter()
        trained = train(
            examples, held, classes, choice.training, choice.network, task,
            threads=self.threads, device=self.device, loss_settings=choice.loss,
            split="val", weights=weights,
        )  # fmt: skip
        export(trained, bundle)
        return time.perf_counter() - began

    def open(self, bundle: Path, honest: bool) -> Model:
        """Open a bundle; where not ``honest``, without the temperature that it was given."""
        model = Model.open(bundle, self.threads)
        if not honest:
            model.card = replace(model.card, temperature=1.0)
        return model
