"""What every network must do; a new file in ``builtin`` is covered unasked.

Heavy networks are asked only the cheap questions here; ``tests/figures/networks.py`` asks all
of them everything.
"""

import functools
import os
import subprocess
import sys
import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from torch.nn import functional as F

from segstudio.learning.networks.encoded import deepest_of, giving_features
from segstudio.learning.networks.network import networks, scaled
from segstudio.settings import build, settings_of

LIGHT = 8e6
"""Parameters of a network that is asked everything each time."""

WHOLE = "SEGSTUDIO_WHOLE_CONTRACT"
"""The variable that has the heavy ones asked everything too."""


@functools.cache
def parameters(name, width=1.0):
    with torch.device("meta"):
        module = build(networks[name], {"width": width}).build(3, 3)
    return sum(p.numel() for p in module.parameters())


def asked(name):
    heavy = parameters(name) >= LIGHT and WHOLE not in os.environ
    why = "a heavy network: python tests/figures/networks.py asks it"
    return pytest.param(name, marks=pytest.mark.skipif(heavy, reason=why))


def settings_named(name):
    return {setting.name for setting in settings_of(networks[name])}


everything = pytest.mark.parametrize("name", [asked(name) for name in networks])


def small(name, bands=3, classes=3, **settings):
    torch.manual_seed(0)
    return build(networks[name], {"width": width_of(name), **settings}).build(bands, classes)


def width_of(name):
    # A quarter of the lightest U-Net would have two channels.
    return 1.0 if name == "unet_8" else 0.25


@pytest.mark.parametrize("name", list(networks))
@pytest.mark.parametrize(("bands", "height", "width"), [(3, 64, 64), (1, 65, 97), (5, 3, 130)])
def test_logits_have_the_size_of_the_picture(name, bands, height, width):
    module = small(name, bands, classes=7).eval()
    with torch.inference_mode():
        logits = module(torch.zeros(1, bands, height, width))
    assert logits.shape == (1, 7, height, width)
    assert logits.dtype == torch.float32


@pytest.mark.parametrize("name", list(networks))
def test_the_deepest_map_of_the_encoder_can_be_had_with_the_logits(name):
    module, stride = small(name).eval(), networks[name].stride
    part = deepest_of(module)
    assert part is not None
    seen = []
    for sides in ((2 * stride, 4 * stride), (4 * stride, 8 * stride)):
        with torch.inference_mode(), giving_features(module, part):
            logits, features = module(torch.zeros(1, 3, *sides))
        assert logits.shape == (1, 3, *sides)
        seen.append(features.shape)
    (_, channels, height, width), (_, same, twice, across) = seen
    assert same == channels >= 8
    assert 2 <= height <= stride // 4 + 2
    assert (twice, across) == pytest.approx((2 * height, 2 * width), rel=0.2)
    with torch.inference_mode():
        assert isinstance(module(torch.zeros(1, 3, *sides)), torch.Tensor)


@pytest.mark.parametrize("name", list(networks))
def test_auxiliary_heads_are_there_only_while_training(name):
    module = small(name).train()
    outputs = module(torch.zeros(2, 3, 64, 64))
    assert isinstance(outputs, tuple)
    assert all(logits.shape[:2] == (2, 3) for logits in outputs)


@pytest.mark.parametrize("name", list(networks))
def test_gradients_reach_every_parameter(name):
    module = small(name).train()
    outputs = module(torch.randn(2, 3, 128, 128))
    sum((logits * torch.randn_like(logits)).sum() for logits in outputs).backward()
    silent = [
        parameter_name
        for parameter_name, parameter in module.named_parameters()
        if parameter.grad is None or not parameter.grad.abs().sum() > 0
    ]
    assert silent == []


@pytest.mark.parametrize("name", list(networks))
def test_dropout_is_a_setting(name):
    x = torch.randn(2, 3, 64, 64)
    drawn = []
    for dropout in (0.0, 0.5):
        module = small(name, dropout=dropout).train()
        with torch.no_grad():
            drawn.append([module(x)[0] for _ in range(2)])
    (same, also), (one, other) = drawn
    assert torch.equal(same, also)
    assert not torch.equal(one, other)


@pytest.mark.parametrize("name", [n for n in networks if "frozen" in settings_named(n)])
def test_a_frozen_encoder_stays_as_it_was(name):
    module = small(name, frozen=True).train()
    before = {key: value.clone() for key, value in module.encoder.state_dict().items()}
    sum(logits.sum() for logits in module(torch.randn(2, 3, 64, 64))).backward()
    learned = [p for p in module.parameters() if p.requires_grad]
    torch.optim.SGD(learned, lr=1.0).step()
    assert learned
    assert all(torch.equal(before[key], v) for key, v in module.encoder.state_dict().items())


@everything
def test_onnx_of_any_size_equals_torch(name, tmp_path):
    module = small(name).eval()
    sizes = {0: "batch", 2: "height", 3: "width"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            (torch.zeros(1, 3, 64, 64),),
            tmp_path / "model.onnx",
            dynamo=False,
            opset_version=17,
            input_names=["image"],
            output_names=["logits"],
            dynamic_axes={"image": sizes, "logits": sizes},
        )
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    for shape in ((1, 3, 64, 64), (2, 3, 97, 203), (1, 3, 320, 128)):
        x = torch.randn(shape)
        with torch.inference_mode():
            expected = module(x).numpy()
        found = session.run(None, {"image": x.numpy()})[0]
        assert np.abs(found - expected).max() < 1e-3


@everything
def test_state_survives_a_round_trip(name, tmp_path):
    module = small(name).eval()
    torch.save(module.state_dict(), tmp_path / "state.pt")
    other = build(networks[name], {"width": width_of(name)}).build(3, 3).eval()
    other.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True))
    x = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(module(x), other(x))


@everything
def test_learns_four_pictures_by_heart(name):
    module = small(name, dropout=0.0).train()
    torch.manual_seed(1)
    targets = torch.zeros(4, 64, 64, dtype=torch.long)
    for place in range(4):
        targets[place, 8 * place : 8 * place + 32, 16:48] = 1 + place % 2
    x = F.one_hot(targets, 3).permute(0, 3, 1, 2).float() + 0.3 * torch.randn(4, 3, 64, 64)
    size = (64, 64)
    optimiser = torch.optim.AdamW(module.parameters(), lr=1e-2)
    for _ in range(40):
        outputs = [F.interpolate(logits, size, mode="bilinear") for logits in module(x)]
        loss = sum(F.cross_entropy(logits, targets) for logits in outputs)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    right = (outputs[0].argmax(1) == targets).float().mean()
    assert right > 0.9


@pytest.mark.parametrize("name", list(networks))
def test_width_scales_the_parameters(name):
    assert 2.5 < parameters(name) / parameters(name, 0.5) < 4.5


def test_channels_are_multiples_of_eight():
    assert [scaled(32, width) for width in (0.25, 0.4, 1.0, 1.16)] == [8, 16, 32, 40]
    assert scaled(8, 0.25) == 8


def test_listing_needs_no_heavy_library():
    code = (
        "import sys\n"
        "for name in ('torch', 'cv2', 'onnxruntime', 'onnx', 'sklearn'): sys.modules[name] = None\n"
        "from segstudio.learning.networks.network import networks\n"
        "from segstudio.learning.losses.loss import losses\n"
        "from segstudio.learning.presets import PRESETS\n"
        "from segstudio.settings import settings_of\n"
        "for family in (networks, losses):\n"
        "    for name in family: settings_of(family[name])\n"
        "print(*networks, *losses, *PRESETS)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"ddrnet23_slim", "fast_scnn", "cross_entropy", "focal"} <= set(done.stdout.split())
