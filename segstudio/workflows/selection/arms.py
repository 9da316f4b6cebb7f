"""What the study of selection compares, and the terms that are the same for all."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from segstudio.errors import UserError
from segstudio.learning.bundle import weights_file
from segstudio.settings import build
from segstudio.store.files import content_hash
from segstudio.workflows.choice import Choice, choose
from segstudio.workflows.selection.oracles import Oracle, TrueClasses, TrueErrors
from segstudio.workflows.strategies.strategy import Strategy, strategies

NETWORK = "fast_scnn"

STEPS = 200
"""Of each training: few, so that all of a study end within a night; the same for every arm."""

USUAL: Mapping[str, Any] = {
    "steps": STEPS,
    "batch": 8,
    "crop": 128,
    "evaluations": 1,
    "patience": 0,
    "fresh": 0.3,
}
"""Settings of a training between two rounds, where nobody says otherwise.

Chosen on CamVid by the arm that draws by lot. Crops as large as the regions hold no pixels that
nobody labelled; eight of them cost what four of 192 do, and teach more from round to round. From
the weights of another task 200 steps do what 400 do, without mixing drawn weights in.
"""


@dataclass(frozen=True)
class Amounts:
    """How much is labelled.

    ``budget`` regions of ``side`` in each of ``rounds``. ``held`` pictures, drawn for each seed,
    are labelled before anything begins: nobody learns from them, they only make probabilities
    honest. Every ``anew`` rounds begin from the first weights again; 0: none.
    """

    rounds: int = field(default=5, metadata={"range": (1, 100)})
    budget: int = field(default=16, metadata={"range": (1, 100_000)})
    side: int = field(default=128, metadata={"range": (8, 4096)})
    held: int = field(default=4, metadata={"range": (0, 1000)})
    anew: int = field(default=0, metadata={"range": (0, 100)})


@dataclass(frozen=True)
class Terms(Amounts):
    """What is the same for every arm; ``choice`` is the training of a round.

    ``begun`` tells the content of the weights that the first round begins from; empty: random.
    """

    choice: Choice = field(default_factory=Choice)
    begun: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"choice": self.choice.to_json()}


OWN = tuple(f.name for f in fields(Amounts))


def terms_of(values: Mapping[str, Any], weights: Path | None = None) -> Terms:
    """Return terms with some values by name: amounts, settings of training, network and loss.

    ``weights`` is the bundle or file that every arm begins from; without it they are random.
    Raises `UserError` for values that do not exist, or that the study decides on.
    """
    own = {name: value for name, value in values.items() if name in OWN}
    rest = {name: value for name, value in values.items() if name not in OWN}
    for name in ("seed", "evaluations", "patience"):
        if name in rest:
            raise UserError(f"the study decides on {name} itself", "leave it out")
    network = rest.pop("network", NETWORK)
    choice = replace(choose("default", network, dict(USUAL) | rest), weights=weights)
    begun = content_hash(weights_file(weights)) if weights else ""
    return Terms(**vars(build(Amounts, own)), choice=choice, begun=begun)


@dataclass(frozen=True)
class Arm:
    """A way to choose what is labelled.

    Without a ``strategy`` all is labelled at once. ``training`` are settings that differ from
    the others'; ``anew`` begins each round from the first weights, ``honest`` uses the
    temperature found, and ``own_first`` chooses the first regions too, by their look.
    """

    name: str
    title: str
    strategy: Strategy | None
    training: Mapping[str, Any] = field(default_factory=dict)
    anew: bool = False
    honest: bool = True
    own_first: bool = False

    def choice(self, terms: Terms, seed: int, round: int) -> Choice:
        """Return how this arm is trained after a round; arms alike but for what they choose."""
        settings = replace(terms.choice.training, seed=1000 * seed + round, **self.training)
        if self.strategy is None:
            settings = replace(settings, steps=settings.steps * terms.rounds, fresh=0.0)
        return replace(terms.choice, training=settings)

    def key(self, terms: Terms, material: str) -> str:
        """Return what its results are known by; ``material`` is what the pictures are known by."""
        about: dict[str, Any] = {"arm": self.name, "terms": terms.to_json(), "of": material}
        if self.strategy is not None:
            oracle = isinstance(self.strategy, Oracle)
            name = self.name if oracle else strategies.name_of(self.strategy)
            about["strategy"] = [name, asdict(self.strategy)]
            del about["terms"]["rounds"]
        about |= {"training": dict(self.training), "anew": self.anew, "honest": self.honest}
        text = json.dumps(about, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


FIRST, FULL = "first", "full"
"""Names of the round that all arms share, and of learning from all labels."""

CONTROL, BASE, OURS = "class_random", "random", "recommended"
"""What ours must beat, what time is measured against, and ours."""

JUDGED = (BASE, CONTROL, "mean_entropy", OURS)


def arms_of(terms: Terms) -> dict[str, Arm]:
    """Return all arms by name, in the order in which they are shown."""
    side, rounds = terms.side, terms.rounds

    def made(name: str, **values: Any) -> Strategy:
        return build(strategies[name], {"side": side} | values)

    def ours(**values: Any) -> Strategy:
        return made(OURS, rounds=rounds, **values)

    found = [
        Arm(FIRST, "The shared first round", made(BASE)),
        Arm(BASE, "By lot", made(BASE)),
        Arm(CONTROL, "By lot, classes alike", made(CONTROL)),
        Arm("mean_entropy", "Mean entropy of pictures (S1)", strategies["mean_entropy"]()),
        Arm(OURS, "Recommended", ours()),
        Arm("margin", "Margin", made("margin")),
        Arm("least_confidence", "Least confidence", made("least_confidence")),
        Arm("top_decile", "Most doubtful tenth", made("top_decile")),
        Arm("coreset", "CoreSet", made("coreset")),
        Arm("bald", "BALD over rounds", made("bald")),
        Arm("true_classes", "By lot, true classes alike", TrueClasses(side)),
        Arm("true_errors", "By lot, by true errors", TrueErrors(side)),
        Arm("without_lot", "Recommended − lot", ours(lot=0.0)),
        Arm("without_classes", "Recommended − classes", ours(classes=0.0)),
        Arm("without_presence", "Recommended − presence", ours(presence=False)),
        Arm("published", "As published", ours(presence=False, sharpest=100.0)),
        Arm("without_noise", "Recommended − noise", ours(noise=False)),
        Arm("without_bound", "Recommended − bound", ours(most=0)),
        Arm("without_fresh", "Recommended − new crops", ours(), {"fresh": 0.0}),
        Arm("with_perturb", "Recommended + fresh weights", ours(), {"perturb": 0.2}),
        Arm("from_scratch", "Recommended − old weights", ours(), anew=True),
        Arm("without_temperature", "Recommended − temperature", ours(), honest=False),
        Arm("cold_start", "Recommended + cold start", ours(), own_first=True),
        Arm(FULL, "All labels", None),
    ]
    return {arm.name: arm for arm in found}


def sets_named(names: Sequence[str]) -> set[str]:
    """Return the sets of pictures that arms are asked for alone."""
    return {name.rpartition(":")[0] for name in names if ":" in name}


def chosen(terms: Terms, names: Sequence[str], set: str = "") -> list[Arm]:
    """Return arms by name for a set of pictures, in the order in which they are shown.

    ``judged`` and ``all`` stand for several; ``SET:NAME`` is an arm for that set alone. Raises
    `UserError` for a name that does not exist.
    """
    known = arms_of(terms)
    open = [name for name in known if name != FIRST]
    wanted: list[str] = []
    for text in names:
        only, colon, rest = text.rpartition(":")
        found = {"judged": [*JUDGED], "all": open}.get(rest, [rest])
        if found[0] not in open:
            there = ", ".join([*open, "judged", "all"])
            raise UserError(f"there is no arm called {rest!r}", f"there are: {there}")
        wanted += found if not colon or only == set else []
    return [arm for name, arm in known.items() if name in wanted]
