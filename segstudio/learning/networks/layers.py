"""Pieces that several networks are made of."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def conv(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    """Return a convolution without bias that keeps the size, divided by ``stride``."""
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)


def conv_norm_relu(
    inputs: int, outputs: int, kernel: int = 3, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    return nn.Sequential(
        conv(inputs, outputs, kernel, stride, groups),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def norm_relu_conv(inputs: int, outputs: int, kernel: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.BatchNorm2d(inputs), nn.ReLU(inplace=True), conv(inputs, outputs, kernel)
    )


def resized_like(x: Tensor, like: Tensor) -> Tensor:
    """Return ``x`` bilinearly resized to the height and width of another map."""
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)


def area_pool(x: Tensor, bins: int) -> Tensor:
    """Average N × C × H × W over a grid of ``bins`` × ``bins`` equal areas.

    Unlike adaptive pooling it also exports to ONNX for any H and W: it is two products with
    matrices of the share that each row (column) has in each bin.
    """
    rows, columns = _shares(x, 2, bins), _shares(x, 3, bins)
    return torch.matmul(torch.matmul(rows, x), columns.transpose(0, 1))


def _shares(x: Tensor, axis: int, bins: int) -> Tensor:
    # arange over a shape, not len(): the traced graph must compute it anew for each size.
    place = torch.arange(x.shape[axis], device=x.device, dtype=x.dtype)
    length = torch.ones_like(place).sum() / bins
    start = torch.arange(bins, device=x.device, dtype=x.dtype)[:, None] * length
    inside = torch.minimum(place + 1, start + length) - torch.maximum(place, start)
    return inside.clamp(min=0) / length


def he_initialise(modules: Iterable[nn.Module]) -> None:
    """Draw convolutions after He et al. 2015; batch normalisation starts as the identity.

    Convolutions with a bias are taken for classifiers, with no ReLU after them: their logits
    start as large as the features.
    """
    for module in modules:
        if isinstance(module, nn.Conv2d):
            if module.bias is None:
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            else:
                nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="linear")
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)


def padded_to(x: Tensor, multiple: int) -> Tensor:
    """Return a map whose sides are multiples of a number: its last row and column repeated."""
    below, right = -x.shape[2] % multiple, -x.shape[3] % multiple
    return F.pad(x, (0, right, 0, below), mode="replicate")
