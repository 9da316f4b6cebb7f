"""What a study of networks compares: arms, each a way to train, and what a paper says of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from segstudio.domain.records import Split
from segstudio.errors import UserError
from segstudio.learning.bundle import weights_file
from segstudio.learning.networks.network import networks
from segstudio.learning.settings import TrainSettings
from segstudio.store.files import content_hash
from segstudio.store.project import Project
from segstudio.workflows.choice import Choice, choose

STEPS = 1000
"""Of each run where nobody says otherwise: enough to see which arm is ahead, not to end."""

LIGHT, FULL = 16, 64
"""Channels in the first stage of a U-Net: on a processor, and as the papers have it."""

LIGHT_WIDTH = LIGHT / FULL
"""The same as a factor, for the networks that have one."""

CROPS = {False: 4, True: 8}
"""Crops a step, light and full: the same for every arm, whatever would fit into the memory."""

EVALUATIONS = 8
"""Points of a curve."""


@dataclass(frozen=True)
class Wanted:
    """What a person asks of a study.

    Every arm is trained once for each of ``seeds`` and measured on the labelled pictures of
    ``split``. ``full`` takes the networks at the papers' width. ``settings`` are those of the
    training or the loss for all arms alike; ``weights`` lie at a path and are called by a name.
    """

    steps: int = STEPS
    seeds: tuple[int, ...] = (0, 1, 2)
    split: Split = Split.VAL
    full: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    weights: tuple[Path, str] | None = None

    @property
    def base(self) -> int:
        return FULL if self.full else LIGHT

    @property
    def width(self) -> float:
        return 1.0 if self.full else LIGHT_WIDTH


@dataclass(frozen=True)
class Arm:
    """One of the ways to train that are compared.

    ``name`` is unique in its study; ``printed`` is what the paper says of it, by column.
    """

    name: str
    title: str
    choice: Choice
    printed: Mapping[str, str] = field(default_factory=dict)

    def key(self, seed: int, about: str) -> str:
        """Return what a run of this arm is known by; ``about`` says what else it depends on."""
        weights = self.choice.weights
        begun = weights and content_hash(weights_file(weights))
        settings = self.seeded(seed).to_json() | {"weights": begun}
        text = json.dumps([settings, about], sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()

    def seeded(self, seed: int) -> Choice:
        return replace(self.choice, training=replace(self.choice.training, seed=seed))


@dataclass(frozen=True)
class Group:
    """Arms that stand in one table and one chart; all are compared with the first of the study.

    ``by_work`` draws the curves over multiplications in place of steps.
    """

    title: str
    arms: tuple[Arm, ...]
    by_work: bool = False


@dataclass(frozen=True)
class Plan:
    """A study before it is made.

    ``source`` is the paper; ``about`` are sentences on what is compared, and how it differs
    from the paper.
    """

    name: str
    title: str
    source: str
    about: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def arms(self) -> list[Arm]:
        return [arm for group in self.groups for arm in group.arms]

    def colours(self) -> dict[str, int]:
        """Return the place of each arm's colour: arms that differ in steps alone share one."""
        seen: dict[str, int] = {}
        found = {}
        for arm in self.arms:
            training = replace(arm.choice.training, steps=1)
            same = str(replace(arm.choice, training=training))
            found[arm.name] = seen.setdefault(same, len(seen))
        return found


def width_said(wanted: Wanted) -> str:
    """Return the sentence on how wide the networks are."""
    if wanted.full:
        return f"The networks have the papers' widths: {FULL} channels in a U-Net's first stage."
    return (
        f"This was made for a processor: U-Nets have {LIGHT} channels in their first stage and "
        f"not {FULL} as in the paper (--full takes those)."
    )


@dataclass(frozen=True)
class Maker:
    """Makes the arms of a study; ``usual`` are settings of its paper for all of them.

    What a person wants stands above ``usual``. Raises `UserError` where they want something
    that the study compares (``compared``).
    """

    wanted: Wanted
    usual: Mapping[str, Any] = field(default_factory=dict)
    compared: Sequence[str] = ()

    def arm(
        self,
        name: str,
        title: str,
        network: str,
        own: Mapping[str, Any],
        printed: Mapping[str, str],
        weights: Path | None = None,
    ) -> Arm:
        """Make an arm of a network; ``own`` are its settings, of the network and the training."""
        fixed = {"network", "seed", "steps", *self.compared, *own}
        for setting in self.wanted.settings:
            if setting in fixed:
                raise UserError(
                    f"the study decides on {setting} itself", "leave it out, or see its options"
                )
        usual = {
            "steps": self.wanted.steps,
            "batch": CROPS[self.wanted.full],
            "evaluations": EVALUATIONS,
            "patience": 0,
        }
        values = usual | dict(self.usual) | dict(self.wanted.settings) | dict(own)
        choice = replace(choose("default", network, values), weights=weights)
        return Arm(name, title, choice, printed)


def with_steps(arm: Arm, name: str, title: str, steps: int) -> Arm:
    """Return the same arm, trained for another number of steps."""
    training = replace(arm.choice.training, steps=max(1, steps))
    return Arm(name, title, replace(arm.choice, training=training), arm.printed)


def bands_of(project: Project) -> int:
    """Return the bands of the labelled pictures; 3 where there are none yet."""
    return next((image.bands for image in project.labelled()), 3)


def macs_of(arm: Arm, project: Project) -> int:
    """Return the multiplications that an arm's network does on a picture of 256 × 256."""
    # torch takes more than a second to import: not before a study begins.
    from segstudio.learning.step_costs import macs
    from segstudio.settings import build

    network = build(networks[arm.choice.training.network], arm.choice.network)
    return macs(network, bands_of(project), len(project.classes()))


def told(settings: TrainSettings) -> dict[str, Any]:
    """Return the settings that differ from those of the preset."""
    usual = asdict(choose().training)
    return {k: v for k, v in asdict(settings).items() if v != usual[k] and k != "seed"}
