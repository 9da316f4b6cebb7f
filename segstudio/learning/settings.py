"""The settings of a training run."""

from dataclasses import dataclass, field

from segstudio.learning.augment import Augmentation


@dataclass(frozen=True)
class TrainSettings:
    """All that decides what a training run does, apart from the data."""

    network: str = field(default="ddrnet23_slim", metadata={"label": "Network"})
    steps: int = field(default=2400, metadata={"label": "Steps", "range": (1, 1_000_000)})
    batch: int = field(
        default=4,
        metadata={
            "label": "Crops a step",
            "range": (2, 256),
            "help": "Fewer need less memory; at least 2, for batch normalisation",
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
    loss: str = field(default="cross_entropy", metadata={"label": "Loss"})
    balance: float = field(
        default=0.5,
        metadata={
            "label": "Class balance",
            "range": (0, 1),
            "step": 0.1,
            "help": "0: every pixel counts alike, 1: every class does",
        },
    )
    rare: float = field(
        default=0.5,
        metadata={
            "label": "Crops around rare classes",
            "range": (0, 1),
            "step": 0.1,
            "help": "The share of crops for which a class is drawn first, then a pixel of it",
        },
    )
    flip: bool = field(default=True, metadata={"label": "Mirror"})
    turn: bool = field(
        default=False,
        metadata={"label": "Quarter turns", "help": "For pictures without an up, as from above"},
    )
    zoom: float = field(
        default=1.5,
        metadata={"label": "Zoom", "range": (1, 4), "step": 0.1, "help": "From 1/zoom to zoom"},
    )
    colour: float = field(
        default=0.2, metadata={"label": "Colour changes", "range": (0, 1), "step": 0.1}
    )
    noise: float = field(default=0.0, metadata={"label": "Noise", "range": (0, 1), "step": 0.1})
    evaluations: int = field(
        default=8,
        metadata={
            "label": "Evaluations",
            "range": (1, 1000),
            "help": "How often the labels held back are predicted, the end included",
        },
    )
    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 2**31 - 1)})

    @property
    def augmentation(self) -> Augmentation:
        return Augmentation(self.flip, self.turn, self.zoom, self.colour, self.noise)

    def evaluated_after(self) -> frozenset[int]:
        """Return the numbers of steps after which the model is evaluated."""
        count = min(self.evaluations, self.steps)
        return frozenset(round(self.steps * n / count) for n in range(1, count + 1))
