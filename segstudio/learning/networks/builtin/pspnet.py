"""PSPNet on the four ResNets."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, frozen_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class PSPNet18:
    """Means over four grids give context; every reduction of Strueva's study is a setting."""

    title: ClassVar[str] = "PSPNet, ResNet-18"
    source: ClassVar[str] = "Zhao et al. 2017, arXiv:1612.01105; its reductions: S2, 2024"
    stride: ClassVar[int] = 32
    layers: ClassVar[int] = 18

    width: float = width_field(least=0.125)
    decoder_width: int = field(
        default=512,
        metadata={"label": "Channels of the decoder", "range": (16, 1024), "step": 16},
    )
    encoder_depth: int = field(
        default=3,
        metadata={"label": "Depth of the encoder", "range": (1, 5), "help": "3 goes down to 1/8"},
    )
    encoder_norm: bool = field(
        default=True, metadata={"label": "Batch normalisation in the encoder"}
    )
    decoder_norm: bool = field(
        default=True, metadata={"label": "Batch normalisation in the decoder"}
    )
    factorised: bool = field(
        default=False,
        metadata={"label": "Factorised convolutions",
                  "help": "grouped in the encoder, separable in the head, a stem of stride 4"},
    )  # fmt: skip
    frozen: bool = frozen_field()
    dropout: float = dropout_field(0.2)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.psp import PSPNet
        from segstudio.learning.networks.resnet import Body, ResNet

        body = Body(self.encoder_norm, self.factorised)
        encoder = ResNet(bands, self.layers, self.width, self.encoder_depth, body=body)
        return PSPNet(
            encoder,
            classes,
            scaled(self.decoder_width, self.width),
            self.decoder_norm,
            self.factorised,
            self.dropout,
            self.frozen,
        )


@dataclass(frozen=True)
class PSPNet34(PSPNet18):
    """PSPNet on ResNet-34."""

    title: ClassVar[str] = "PSPNet, ResNet-34"
    layers: ClassVar[int] = 34


@dataclass(frozen=True)
class PSPNet50(PSPNet18):
    """PSPNet on ResNet-50."""

    title: ClassVar[str] = "PSPNet, ResNet-50"
    layers: ClassVar[int] = 50


@dataclass(frozen=True)
class PSPNet101(PSPNet18):
    """PSPNet on ResNet-101, which differs from ResNet-50 from depth 4 on."""

    title: ClassVar[str] = "PSPNet, ResNet-101"
    layers: ClassVar[int] = 101


networks.enter("pspnet_resnet18", PSPNet18)
networks.enter("pspnet_resnet34", PSPNet34)
networks.enter("pspnet_resnet50", PSPNet50)
networks.enter("pspnet_resnet101", PSPNet101)
