"""Regions first of which the project's models say different things, each of them sure."""

from dataclasses import dataclass, field
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.workflows.strategies.candidates import Candidates, Regional
from segstudio.workflows.strategies.choosing import by_score
from segstudio.workflows.strategies.strategy import MOST, Pool, Suggestion, strategies


@strategies.add
@dataclass(frozen=True)
class Bald(Regional):
    """Orders by the mutual information between the newest models (Houlsby et al. 2011)."""

    title: ClassVar[str] = "Disagreement of models"
    needs_model: ClassVar[bool] = True

    models: int = field(default=3, metadata={"label": "Models", "range": (2, 10)})

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        count = min(self.models, pool.models)
        found = Candidates.of(pool, pool.regions(task, self.side, count))
        scores = found.table.disagreement if count > 1 else found.table.entropy
        if count < 2:
            pool.say("there is only one model of these classes: its own doubt orders")
        chosen = found.batch().fill(by_score(scores), MOST if budget is None else budget)
        return [
            found.suggestion(
                place, scores[place],
                f"{count} models disagree" if count > 1 else found.unsure(place),
            )
            for place in chosen
        ]  # fmt: skip
