"""U-Net and its scalings."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from segstudio.learning.networks.fields import base_field, dropout_field, width_field
from segstudio.learning.networks.network import networks

if TYPE_CHECKING:
    from torch import nn

STAGES = (1, 2, 4, 8, 16)
"""Channels of the five stages, in units of the first's."""


@dataclass(frozen=True)
class UNet:
    """Five stages down, four up, with skips; every scaling of Hmyria & Kravets as a setting.

    ``scaling`` multiplies the channels, ``extra`` adds residual convolutions to each stage and
    ``depth`` multiplies the plain ones; with side ``encoder`` the decoder stays as it was.
    """

    title: ClassVar[str] = "U-Net"
    source: ClassVar[str] = "Ronneberger et al. 2015, arXiv:1505.04597; scalings: S0, 2024"
    stride: ClassVar[int] = 16

    base: int = base_field(64)
    width: float = width_field(least=0.125, step=0.1)
    depth: int = field(
        default=1,
        metadata={"label": "Depth", "range": (1, 4), "help": "times two convolutions a stage"},
    )
    extra: int = field(
        default=0, metadata={"label": "Residual convolutions a stage", "range": (0, 4)}
    )
    side: Literal["both", "encoder"] = field(
        default="both", metadata={"label": "What width, depth and residuals scale"}
    )
    resolution: float = field(
        default=1.0,
        metadata={"label": "Resolution", "range": (0.5, 2), "step": 0.1,
                  "help": "how much larger the picture is made first"},
    )  # fmt: skip
    activation: Literal["elu", "relu"] = field(default="elu", metadata={"label": "Activation"})
    norm: bool = field(default=True, metadata={"label": "Batch normalisation"})
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.unet import Side, Style, UNet

        plain = tuple(self.base * n for n in STAGES)
        wide = tuple(max(1, round(self.base * n * self.width)) for n in STAGES)
        encoder = Side(wide, 2 * self.depth, self.extra)
        decoder = Side(wide[:-1], 2 * self.depth, self.extra)
        if self.side == "encoder":
            decoder = Side(plain[:-1])
        style = Style(self.activation == "elu", self.norm, self.dropout)
        return UNet(bands, classes, encoder, decoder, style, self.resolution)


def _as_in_unet(name: str, default: Any) -> Any:
    """Make a field of `UNet` again, with another default."""
    return field(default=default, metadata=UNet.__dataclass_fields__[name].metadata)


@dataclass(frozen=True)
class WUNet(UNet):
    """U-Net, all channels × 1.4 (S0's W-Unet)."""

    title: ClassVar[str] = "W-U-Net"

    width: float = _as_in_unet("width", 1.4)


@dataclass(frozen=True)
class DUNet(UNet):
    """U-Net with twice as many convolutions a stage (S0's D-Unet)."""

    title: ClassVar[str] = "D-U-Net"

    depth: int = _as_in_unet("depth", 2)


@dataclass(frozen=True)
class RUNet(UNet):
    """U-Net on a picture made 1.4 times larger (S0's R-Unet)."""

    title: ClassVar[str] = "R-U-Net"

    resolution: float = _as_in_unet("resolution", 1.4)


@dataclass(frozen=True)
class WDRUNet(UNet):
    """U-Net, channels × 1.16, a residual convolution more a stage, resolution × 1.4 (S0)."""

    title: ClassVar[str] = "WDR-U-Net"

    width: float = _as_in_unet("width", 1.16)
    extra: int = _as_in_unet("extra", 1)
    resolution: float = _as_in_unet("resolution", 1.4)


@dataclass(frozen=True)
class AWDRUNet(WDRUNet):
    """WDR-U-Net whose decoder stays that of the plain U-Net (S0's asymmetric AWDR-Unet)."""

    title: ClassVar[str] = "AWDR-U-Net"

    side: Literal["both", "encoder"] = _as_in_unet("side", "encoder")


@dataclass(frozen=True)
class UNet16(UNet):
    """A light U-Net of 16 channels in its first stage: for thin structures."""

    title: ClassVar[str] = "U-Net, base 16"

    base: int = _as_in_unet("base", 16)


@dataclass(frozen=True)
class UNet8(UNet):
    """The lightest U-Net, of 8 channels in its first stage."""

    title: ClassVar[str] = "U-Net, base 8"

    base: int = _as_in_unet("base", 8)


networks.enter("unet_baseline", UNet)
networks.enter("unet_w", WUNet)
networks.enter("unet_d", DUNet)
networks.enter("unet_r", RUNet)
networks.enter("unet_wdr", WDRUNet)
networks.enter("unet_awdr", AWDRUNet)
networks.enter("unet_16", UNet16)
networks.enter("unet_8", UNet8)
