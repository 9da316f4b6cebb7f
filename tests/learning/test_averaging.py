import torch
from torch import nn

from segstudio.learning.averaging import Average


def test_follows_fast_at_first_and_then_by_its_decay():
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    average = Average(module, 0.9)
    wanted = {name: value.clone() for name, value in module.state_dict().items()}
    for step in (0, 1, 200):
        module(torch.randn(2, 1, 8, 8))  # its running statistics move
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.add_(torch.randn_like(parameter))
        average.update(module, step)
        decay = min(0.9, (1 + step) / (10 + step))
        for name, value in module.state_dict().items():
            moved = value if not value.is_floating_point() else wanted[name].lerp(value, 1 - decay)
            wanted[name] = moved.clone()
    for name, value in average.module.state_dict().items():
        assert torch.allclose(value, wanted[name]), name
    assert not average.module.training
    assert average.module[1].num_batches_tracked == 3


def test_the_weights_of_a_checkpoint_are_followed_too():
    module = nn.Linear(2, 2)
    average = Average(module, 0.5)
    average.update(module, 100)
    module.load_state_dict({"weight": torch.ones(2, 2), "bias": torch.ones(2)})
    for step in range(100, 140):
        average.update(module, step)
    assert torch.allclose(average.module.weight, torch.ones(2, 2), atol=1e-4)
