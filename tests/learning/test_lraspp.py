import torch
from torch.nn import functional as F

from segstudio.learning.networks.lraspp import LRASPP
from segstudio.learning.networks.mobilenet import MobileNetV3


def test_logits_are_those_of_a_classifier_on_resized_context():
    """The published head resizes first and classifies then; ours gives the same numbers."""
    torch.manual_seed(0)
    module = LRASPP(MobileNetV3(3, "small", 0.25), 4, 16).eval()
    image = torch.randn(1, 3, 64, 96)
    with torch.inference_mode():
        maps = module.encoder(image)
        details, last = maps[2], maps[-1]
        gate = module.gate(F.adaptive_avg_pool2d(last, 1)).sigmoid()
        context = F.interpolate(module.context(last) * gate, details.shape[2:], mode="bilinear")
        logits = module.head_details(details) + module.head_context(context)
        expected = F.interpolate(logits, (64, 96), mode="bilinear")
        assert torch.allclose(module(image), expected, atol=1e-5)


def test_details_are_taken_at_an_eighth():
    for size, channels in (("large", 40), ("small", 24)):
        with torch.device("meta"):
            module = LRASPP(MobileNetV3(3, size), 4, 128)
        assert module.head_details.in_channels == channels
