"""What must be known of a network to use it, by its file or by a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from segstudio.domain.card import Form, InputSpec, Layout, Order, View
from segstudio.errors import UserError

Scale = Literal["unit", "signed", "imagenet", "raw"]

SCALES: dict[Scale, tuple[float, tuple[float, ...], tuple[float, ...]]] = {
    "unit": (1 / 255, (0.0,), (1.0,)),
    "signed": (1 / 127.5, (1.0,), (1.0,)),
    "imagenet": (1 / 255, InputSpec.mean, InputSpec.std),
    "raw": (1.0, (0.0,), (1.0,)),
}
"""Scale, mean and standard deviation by the name of the scaling."""


@dataclass(frozen=True)
class Facts:
    """What a person says of a network whose file does not."""

    classes: tuple[str, ...] = field(
        default=(),
        metadata={
            "label": "Classes",
            "help": "Their names in the network's order, as in the project; the background too",
        },
    )
    scale: Scale = field(
        default="unit",
        metadata={
            "label": "Scaling",
            "help": "unit: 0 to 1, signed: −1 to 1, imagenet: as ImageNet has it, raw: as stored",
        },
    )
    form: Form = field(
        default="logits",
        metadata={
            "label": "Answer",
            "help": "logits: any numbers, probabilities: they sum to 1, sigmoid: each class from "
            "0 to 1, ids: the class itself",
        },
    )
    view: View = field(
        default="whole",
        metadata={
            "label": "Looks at",
            "help": "For a network of one fixed size: whole pictures, such as portraits, or "
            "tiles at full size, such as of aerial pictures",
        },
    )
    order: Order = field(default="rgb", metadata={"label": "Order of bands"})
    layout: Layout = field(
        default="NCHW", metadata={"label": "Layout", "help": "Where the bands stand: C"}
    )
    mean: tuple[float, ...] = field(
        default=(),
        metadata={
            "label": "Mean",
            "help": "Subtracted after scaling, in the network's order of bands; else the scaling's",
            "more": True,
        },
    )
    std: tuple[float, ...] = field(
        default=(),
        metadata={
            "label": "Deviation",
            "help": "Divided by after that; else the scaling's",
            "more": True,
        },
    )

    def input(self, bands: int) -> InputSpec:
        """Return how numbers of a picture become the network's input.

        Raises `UserError` where mean or deviation are of another number of bands.
        """
        scale, mean, std = SCALES[self.scale]
        mean, std = self.mean or mean, self.std or std
        for name, values in (("mean", mean), ("deviation", std)):
            if len(values) not in (1, bands):
                raise UserError(
                    f"the network takes {bands} bands, its {name} has {len(values)}",
                    "give one number for each band, or one for all",
                )
        if 0 in std:
            raise UserError("a deviation of 0 cannot be divided by", "give larger ones")
        full = [values * bands if len(values) == 1 else values for values in (mean, std)]
        return InputSpec(bands, scale, full[0], full[1], self.layout, self.order)


class Unsaid(UserError):
    """A network's file does not say all that must be known; ``facts`` are what it does say.

    ``channels`` is how many it gives, where that is known.
    """

    def __init__(
        self, file: Path, missing: Sequence[str], facts: Facts, channels: int | None = None
    ) -> None:
        self.file, self.missing, self.facts = file, tuple(missing), facts
        self.channels = channels
        what = " and ".join(_WHAT[name] for name in missing)
        how = " ".join(_HOW[name] for name in missing)
        if channels is not None:
            names = ",".join(["NAME"] * channels) if channels < 5 else f"<{channels} names>"
            how = how.replace("NAME,NAME,…", names)
        super().__init__(
            f"{file.name} does not say {what}",
            f"say it once, as {how}: it is kept in {file.with_suffix('.card.json').name}",
        )


_WHAT = {
    "classes": "which classes it knows",
    "scale": "how its input is scaled",
    "form": "what its numbers mean",
    "layout": "where its bands stand",
}
_HOW = {
    "classes": "--classes NAME,NAME,…",
    "scale": "--scale unit|signed|imagenet|raw",
    "form": "--form logits|probabilities|sigmoid|ids",
    "layout": "--layout NCHW|NHWC",
}
