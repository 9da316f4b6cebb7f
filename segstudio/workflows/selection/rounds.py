"""Making a study of selection: seed by seed, every arm labels and learns for some rounds."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from segstudio.domain.task import Part, Task
from segstudio.errors import Failure, UserError
from segstudio.inference.model import Model
from segstudio.learning.dataset import Example
from segstudio.workflows.selection.annotator import Annotator, Answered
from segstudio.workflows.selection.arms import FIRST, Arm, Terms, arms_of
from segstudio.workflows.selection.learner import Learner
from segstudio.workflows.selection.lines import Lines, Reached
from segstudio.workflows.selection.material import Material
from segstudio.workflows.selection.simulated_pool import SimulatedPool
from segstudio.workflows.strategies.candidates import Regional

Heard = Callable[[], object]


@dataclass(frozen=True)
class Bench:
    """Everything that all seeds and arms of one set of pictures share.

    ``work`` holds the models of arms that are not finished yet.
    """

    material: Material
    terms: Terms
    arms: Sequence[Arm]
    lines: Lines
    work: Path
    learner: Learner
    failed: list[Failure] = field(default_factory=list)

    @property
    def held(self) -> int:
        """How many pictures are labelled before anything begins."""
        return min(self.terms.held, len(self.material.pool) // 5)

    @property
    def first(self) -> Arm:
        return arms_of(self.terms)[FIRST]

    def key(self, arm: Arm) -> str:
        return arm.key(self.terms, self.material.fingerprint)

    def make(self, seed: int, task: Task, written: Heard = lambda: None) -> None:
        """Make what is missing of a seed; ``written`` hears of every round that is finished.

        Raises `Cancelled`; finished rounds are kept. An arm that fails is left out, and listed.
        """
        turn = Turn(self, seed, written)
        for done, arm in enumerate(self.arms):
            part = Part(task, done, len(self.arms), f"{self.material.name}, {seed}: {arm.title}")
            try:
                turn.run(arm, part)
            except UserError as error:
                name = f"{self.material.name}, seed {seed}, {arm.name}"
                self.failed.append(Failure(name, error.message))
        shutil.rmtree(turn.folder, ignore_errors=True)

    def wants(self, seed: int) -> bool:
        """Tell whether anything of a seed is missing."""
        return any(self.reached(arm, seed, self.last(arm)) is None for arm in self.arms)

    def last(self, arm: Arm) -> int:
        return 1 if arm.strategy is None else self.terms.rounds

    def reached(self, arm: Arm, seed: int, round: int) -> Reached | None:
        """Return what is known of a round; the first is shared unless the arm has its own."""
        owner = self.whose(arm, round)
        return self.lines.get(self.key(owner), seed, owner.name, round)

    def whose(self, arm: Arm, round: int) -> Arm:
        """Return the arm that a round is made for: the first one is for all together."""
        shared = round == 1 and arm.strategy is not None and not arm.own_first
        return self.first if shared else arm


class Turn:
    """One seed of one set of pictures."""

    def __init__(self, bench: Bench, seed: int, written: Heard) -> None:
        self._bench, self._seed, self._written = bench, seed, written
        self.folder = bench.work / f"{bench.material.fingerprint}-{seed}"
        pool = bench.material.pool
        random = np.random.default_rng([seed, len(pool)])
        back = {int(place) for place in random.permutation(len(pool))[: bench.held]}
        self.held = [pool[place] for place in sorted(back)]
        self._open = [image for place, image in enumerate(pool) if place not in back]

    def run(self, arm: Arm, task: Task) -> None:
        """Label and learn for as many rounds as are missing."""
        bench = self._bench
        last = bench.last(arm)
        if bench.reached(arm, self._seed, last) is not None:
            return
        annotator = Annotator(bench.material.references)
        models: list[Model] = []
        for round in range(1, last + 1):
            bundle = self._bundle(arm, round)
            known = bench.reached(arm, self._seed, round)
            if known is not None and bundle.exists():
                annotator.label(known.answered)
            else:
                self._make(arm, round, annotator, models, Part(task, round - 1, last))
            models.insert(0, bench.learner.open(bundle, arm.honest))

    def _bundle(self, arm: Arm, round: int) -> Path:
        """Return where the model of a round lies until the seed is finished."""
        return self.folder / self._bench.whose(arm, round).name / str(round)

    def _make(
        self, arm: Arm, round: int, annotator: Annotator, models: Sequence[Model], task: Task
    ) -> None:
        """Choose, label, learn and measure one round.

        A round that is known, and lacks only its model, is measured as it was before.
        """
        bench, bundle = self._bench, self._bundle(arm, round)
        known, owner = bench.reached(arm, self._seed, round), bench.whose(arm, round)
        began = time.perf_counter()
        asked = known.answered if known else None
        if asked is None or arm.strategy is None:
            asked = self._choose(owner, round, annotator, models, Part(task, 0, 10))
        looking = time.perf_counter() - began
        annotator.label(asked)
        training = bench.learner.learn(
            self._examples(annotator, round), self._validation(), bench.material.classes,
            owner.choice(bench.terms, self._seed, round), self._weights(arm, round), bundle,
            Part(task, 1, 10),
        )  # fmt: skip
        if known is None:
            found = self._measured(owner, round, bundle, Part(task, 9, 10))
            # All regions of all pictures would be a long list that says nothing.
            listed = [] if arm.strategy is None else [region.to_json() for region in asked]
            bench.lines.add(
                replace(
                    found, regions=annotator.regions, pixels=annotator.pixels, asked=listed,
                    training=training, looking=looking,
                )
            )  # fmt: skip
            self._written()

    def _weights(self, arm: Arm, round: int) -> Path | None:
        """Return what to go on from: the round before, or what all begin from; None: random."""
        terms = self._bench.terms
        if round == 1 or arm.anew or (terms.anew and (round - 1) % terms.anew == 0):
            return terms.choice.weights
        return self._bundle(arm, round - 1)

    def _measured(self, arm: Arm, round: int, bundle: Path, task: Task) -> Reached:
        """Return what a model reaches; what it took is not known here."""
        bench = self._bench
        model = bench.learner.open(bundle, True)
        found = bench.material.measured(model, task)
        names = {label.id: label.name for label in bench.material.classes}
        iou = {names[id]: value for id, value in zip(found.ids, found.iou, strict=True)}
        return Reached(
            bench.material.name, self._seed, arm.name, round, bench.key(arm), found.miou, iou,
            found.iou_variance, model.card.temperature, bench.learner.device,
        )  # fmt: skip

    def _choose(
        self, arm: Arm, round: int, annotator: Annotator, models: Sequence[Model], task: Task
    ) -> list[Answered]:
        """Ask the strategy for regions, or for as many whole pictures as cost the same."""
        bench = self._bench
        if arm.strategy is None:
            return [Answered(image.id, None) for image in self._open]
        pool = SimulatedPool(bench.material, self._open, annotator, models, self._seed)
        if isinstance(arm.strategy, Regional):
            found = arm.strategy.suggest(pool, task, bench.terms.budget)
            return [Answered(each.image, each.box) for each in found]
        target = round * bench.terms.budget * bench.material.mean_area(bench.terms.side)
        left = target - annotator.pixels
        taken: list[Answered] = []
        for each in arm.strategy.suggest(pool, task):
            asked = Answered(each.image, each.box)
            cost = annotator.cost(asked)
            if left < cost / 2:
                break
            taken.append(asked)
            left -= cost
        return taken

    def _examples(self, annotator: Annotator, round: int) -> list[Example]:
        """Return the pictures of which anything is labelled, with those labels alone."""
        bench, images = self._bench, {image.id: image for image in self._open}
        return [
            bench.material.example(images[id], mask, f"-{round}", id in annotator.fresh)
            for id, mask in sorted(annotator.answers.items())
        ]

    def _validation(self) -> list[Example]:
        material = self._bench.material
        return [material.example(image, material.references[image.id]) for image in self.held]
