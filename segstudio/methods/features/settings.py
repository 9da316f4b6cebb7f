"""Which filters a person has chosen."""

from dataclasses import dataclass, field

from segstudio.methods.features.bank import Bank


@dataclass(frozen=True)
class FilterSettings:
    """The settings of a bank of filters."""

    scales: tuple[float, ...] = field(
        default=(1.0, 2.0, 4.0, 8.0),
        metadata={"label": "Scales", "range": (0.3, 32), "step": 0.5,
                  "help": "standard deviations of the filters, in pixels"},
    )  # fmt: skip
    colour: bool = field(
        default=True,
        metadata={"label": "Colour", "more": True, "help": "CIELAB, hue and saturation"},
    )
    gaussian: bool = field(default=True, metadata={"label": "Gaussian", "more": True})
    laplacian: bool = field(default=True, metadata={"label": "Laplacian", "more": True})
    gradient: bool = field(default=True, metadata={"label": "Gradient", "more": True})
    structure: bool = field(
        default=True,
        metadata={"label": "Structure", "more": True,
                  "help": "texture: is it there, has it a way"},
    )  # fmt: skip
    hessian: bool = field(
        default=True,
        metadata={"label": "Hessian", "more": True, "help": "blobs, ridges and their sign"},
    )
    entropy: bool = field(default=False, metadata={"label": "Entropy", "more": True})
    surroundings: bool = field(
        default=True,
        metadata={"label": "Surroundings", "help": "contrast to them, and how they vary"},
    )

    @property
    def bank(self) -> Bank:
        return Bank(
            self.scales, self.gaussian, self.laplacian, self.gradient, self.structure,
            self.hessian, self.entropy, self.colour, self.surroundings,
        )  # fmt: skip
