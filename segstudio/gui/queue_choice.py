"""How the queue is ordered next: by which strategy, how much at once, with which settings."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from segstudio.errors import UserError
from segstudio.settings import build
from segstudio.workflows.rank import DEFAULT
from segstudio.workflows.strategies.strategy import strategies

BATCH = 20
"""Items that are asked for at once."""

MOST = 500


@dataclass
class QueueChoice:
    """``values`` are the settings of each strategy by its name."""

    strategy: str = DEFAULT
    batch: int = BATCH
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str) -> "QueueChoice":
        """Read what `to_text` wrote; what it does not say well is as it is without it."""
        made = cls()
        try:
            found = json.loads(text or "{}")
            made.values = {str(name): dict(own) for name, own in found.get("values", {}).items()}
            made.batch = min(max(int(found.get("batch", BATCH)), 1), MOST)
            if found.get("strategy") in strategies:
                made.strategy = found["strategy"]
        except (ValueError, TypeError, AttributeError):
            return cls()
        return made

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    def change(
        self,
        strategy: str | None = None,
        batch: int | None = None,
        values: dict[str, Any] | None = None,
    ) -> None:
        """Take over what is given; ``values`` are those of the strategy."""
        self.strategy = strategy or self.strategy
        self.batch = batch or self.batch
        if values is not None:
            self.values[self.strategy] = values

    def part(self) -> Any:
        """Return the strategy with its settings; without them where they do not fit."""
        kind = strategies[self.strategy]
        try:
            return build(kind, asdict(kind()) | self.values.get(self.strategy, {}))
        except UserError:
            return kind()
