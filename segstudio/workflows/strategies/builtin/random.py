"""Pictures by lot: what every other order must beat."""

import hashlib
from dataclasses import dataclass, field
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.workflows.strategies.strategy import Pool, Suggestion, strategies


@strategies.add
@dataclass(frozen=True)
class Random:
    """Orders by lot; the same seed gives each picture the same number."""

    title: ClassVar[str] = "By lot"
    needs_model: ClassVar[bool] = False

    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 9999)})

    def suggest(self, pool: Pool, task: Task) -> list[Suggestion]:
        return [
            Suggestion(image.id, self._number(image.hash or image.path), reason="drawn by lot")
            for image in pool.images
        ]

    def _number(self, content: str) -> float:
        digest = hashlib.sha256(f"{self.seed}:{content}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48
