"""Lite R-ASPP: the lightest head on an encoder (Howard et al. 2019)."""

from torch import Tensor, nn

from segstudio.learning.networks.encoded import Encoded
from segstudio.learning.networks.layers import conv_norm_relu, he_initialise, resized_like
from segstudio.learning.networks.mobilenet import MobileNetV3

DETAILS = 8
"""How much smaller than the picture the map of the details is."""


class LRASPP(Encoded):
    """The last map, each of its channels weighed by the whole picture, beside details at 1/8."""

    def __init__(
        self,
        encoder: MobileNetV3,
        classes: int,
        width: int,
        dropout: float = 0.0,
        frozen: bool = False,
    ) -> None:
        super().__init__(encoder, frozen)
        self.early = encoder.strides.index(DETAILS)
        last = encoder.channels[-1]
        self.context = conv_norm_relu(last, width, 1)
        self.gate = nn.Conv2d(last, width, 1, bias=False)
        self.dropout = nn.Dropout2d(dropout)
        self.head_details = nn.Conv2d(encoder.channels[self.early], classes, 1)
        self.head_context = nn.Conv2d(width, classes, 1)
        heads = (self.head_details, self.head_context)
        he_initialise([*self.context.modules(), self.gate, *heads])

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        maps = self.encoder(image)
        details, last = maps[self.early], maps[-1]
        gate = self.gate(last.mean((2, 3), keepdim=True)).sigmoid()
        context = self.head_context(self.dropout(self.context(last) * gate))
        # Resized after its classifier: the same numbers as before it, of fewer channels.
        logits = self.head_details(details) + resized_like(context, details)
        return (logits,) if self.training else resized_like(logits, image)
