"""The settings of a training run."""

from dataclasses import dataclass, field
from typing import Literal

from segstudio.learning.augment import Augmentation, read_part


@dataclass(frozen=True)
class TrainSettings:
    """All that decides what a training run does, apart from the data."""

    network: str = field(default="ddrnet23_slim", metadata={"label": "Network"})
    steps: int = field(default=2400, metadata={"label": "Steps", "range": (1, 1_000_000)})
    batch: int | None = field(
        default=None,
        metadata={
            "label": "Crops a batch",
            "range": (2, 256),
            "help": "At least 2, for batch normalisation; left open, 4 on a processor and what "
            "fits into the memory, up to 16, on a GPU",
        },
    )
    accumulate: int = field(
        default=1,
        metadata={
            "label": "Batches a step",
            "range": (1, 64),
            "help": "Their gradients are added up: as large a step as the memory has no room for",
        },
    )
    crop: int = field(
        default=256, metadata={"label": "Crop side (pixels)", "range": (32, 2048), "step": 32}
    )
    learning_rate: float = field(
        default=2e-3, metadata={"label": "Learning rate", "range": (1e-6, 1.0), "step": 1e-4}
    )
    weight_decay: float = field(
        default=0.01, metadata={"label": "Weight decay", "range": (0, 1), "step": 0.01}
    )
    optimiser: Literal["adamw", "adam", "sgd"] = field(
        default="adamw", metadata={"label": "Optimiser"}
    )
    momentum: float = field(
        default=0.9, metadata={"label": "Momentum of SGD", "range": (0, 0.999), "step": 0.05}
    )
    nesterov: bool = field(default=True, metadata={"label": "Nesterov in SGD"})
    schedule: Literal["cosine", "one_cycle", "poly", "constant"] = field(
        default="cosine", metadata={"label": "Rate over the run"}
    )
    warm_up: float = field(
        default=0.1,
        metadata={
            "label": "Warm-up",
            "range": (0, 0.9),
            "step": 0.05,
            "help": "The share of the steps in which the rate rises; for cosine and poly",
        },
    )
    clip: float = field(
        default=0.0,
        metadata={
            "label": "Longest gradient",
            "range": (0, 1000),
            "help": "A longer one is shortened to it before the step; 0: never",
        },
    )
    average: float = field(
        default=0.99,
        metadata={
            "label": "Weight average",
            "range": (0, 0.9999),
            "help": "The decay: 0.99 spans about a hundred steps, 0 takes the weights as they are",
        },
    )
    mixed: bool = field(
        default=True,
        metadata={
            "label": "Mixed precision",
            "help": "Half the memory and more speed on GPUs that have it; nothing on a processor",
        },
    )
    loss: str = field(
        default="cross_entropy",
        metadata={"label": "Loss", "help": "Several are added up: cross_entropy+dice"},
    )
    balance: float = field(
        default=0.5,
        metadata={
            "label": "Class balance",
            "range": (0, 1),
            "step": 0.1,
            "help": "0: every pixel counts alike, 1: every class does (inverse frequency)",
        },
    )
    class_weights: tuple[float, ...] = field(
        default=(),
        metadata={
            "label": "Class weights",
            "range": (0, 1000),
            "help": "One number a class, in their order, instead of the balance",
        },
    )
    augment: tuple[str, ...] = field(
        default=("balanced", "zoom", "flip", "hsv:0.2", "contrast:0.2"),
        metadata={
            "label": "Augmentation",
            "help": "NAME, NAME:STRENGTH or NAME:FIELD=VALUE each, or none; "
            "see segstudio list augmentations",
        },
    )
    rare: float | None = field(
        default=None,
        metadata={
            "label": "Crops around rare classes",
            "range": (0, 1),
            "step": 0.1,
            "help": "The share of crops for which a class is drawn first, then a pixel of it; "
            "balanced in augment",
        },
    )
    flip: bool | None = field(default=None, metadata={"label": "Mirror", "help": "flip in augment"})
    turn: bool | None = field(
        default=None,
        metadata={
            "label": "Quarter turns",
            "help": "For pictures without an up, as from above; rot90 in augment",
        },
    )
    zoom: float | None = field(
        default=None,
        metadata={
            "label": "Zoom",
            "range": (1, 4),
            "step": 0.1,
            "help": "From 1/zoom to zoom; zoom in augment",
        },
    )
    colour: float | None = field(
        default=None,
        metadata={
            "label": "Colour changes",
            "range": (0, 1),
            "step": 0.1,
            "help": "hsv and contrast in augment",
        },
    )
    noise: float | None = field(
        default=None,
        metadata={"label": "Noise", "range": (0, 1), "step": 0.1, "help": "noise in augment"},
    )
    unlabelled: float = field(
        default=0.0,
        metadata={
            "label": "Unlabelled crops",
            "range": (0, 7),
            "step": 0.5,
            "help": "Crops of pictures without labels for each labelled one: an average of the "
            "network teaches it what they show. 0: learn from labels alone",
        },
    )
    confidence: float = field(
        default=0.95,
        metadata={
            "label": "Teacher sure from",
            "range": (0, 1),
            "step": 0.05,
            "help": "What it is less sure of is not learned from crops without labels",
            "more": True,
        },
    )
    unlabelled_weight: float = field(
        default=1.0,
        metadata={
            "label": "Teacher's weight",
            "range": (0, 10),
            "step": 0.1,
            "help": "Of what it says of crops without labels, beside labels",
            "more": True,
        },
    )
    ramp: float = field(
        default=0.3,
        metadata={
            "label": "Teacher's ramp-up",
            "range": (0, 1),
            "step": 0.05,
            "help": "The share of the steps in which its weight rises: at first it knows nothing",
            "more": True,
        },
    )
    harder: tuple[str, ...] = field(
        default=("hsv", "contrast:2", "blur:share=0.5", "cutmix"),
        metadata={
            "label": "Harder view",
            "help": "How crops without labels are changed before the network has to say what the "
            "teacher has seen in them; written as the augmentation",
            "more": True,
            "fits": lambda text: Augmentation.read([text]),
        },
    )
    perturb: float = field(
        default=0.0,
        metadata={
            "label": "Fresh weights mixed in",
            "range": (0, 1),
            "step": 0.1,
            "help": "Share of newly drawn weights in those a run begins from (shrink and perturb): "
            "what was learned from few labels gives way more easily",
            "more": True,
        },
    )
    fresh: float = field(
        default=0.0,
        metadata={
            "label": "Crops of new labels",
            "range": (0, 1),
            "step": 0.1,
            "help": "Share of crops from pictures labelled since the training before",
            "more": True,
        },
    )
    evaluations: int = field(
        default=8,
        metadata={
            "label": "Evaluations",
            "range": (1, 1000),
            "help": "How often the labels held back are predicted, the end included",
        },
    )
    patience: int = field(
        default=0,
        metadata={
            "label": "Patience",
            "range": (0, 1000),
            "help": "Evaluations without a better mIoU after which the run ends; 0: never",
        },
    )
    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 2**31 - 1)})

    def __post_init__(self) -> None:
        """Refuse an augmentation that does not exist before anything begins."""
        Augmentation.read(self.augment)
        Augmentation.read(self.harder)

    @property
    def augmentation(self) -> Augmentation:
        """What ``augment`` says, changed by those of the short settings that are given."""
        made = Augmentation.read(self.augment)
        short = {
            "balanced": self.rare, "flip": self.flip, "rot90": self.turn, "zoom": self.zoom,
            "hsv": self.colour, "contrast": self.colour, "noise": self.noise,
        }  # fmt: skip
        for name, value in short.items():
            if value is not None:
                made = made.without(name)
            if value:
                made = made.having(read_part(name if value is True else f"{name}:{value}"))
        return made

    def evaluated_after(self) -> frozenset[int]:
        """Return the numbers of steps after which the model is evaluated."""
        count = min(self.evaluations, self.steps)
        return frozenset(round(self.steps * n / count) for n in range(1, count + 1))
