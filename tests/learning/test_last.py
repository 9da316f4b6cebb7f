import numpy as np
import pytest
import torch

from segstudio.domain.classes import parse_class
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.learning.dataset import Example
from segstudio.learning.last import last_module, measured
from segstudio.learning.settings import TrainSettings
from segstudio.learning.training import train

CLASSES = [parse_class("dark", 0), parse_class("light", 1)]


def example(name, seed, image=None):
    mask = np.zeros((32, 48), np.uint8)
    mask[:, 8 + seed : 30] = 1
    noise = np.random.default_rng(seed).integers(0, 30, (32, 48, 3))
    return Example(name, (mask[..., None] * 180 + noise).astype(np.uint8), mask, image=image)


@pytest.fixture
def trained(tmp_path):
    settings = TrainSettings(
        network="scale_cnn_s", steps=6, crop=32, batch=2, evaluations=3, average=0.5
    )
    made = train(
        [example("a", 1), example("b", 2)], [example("c", 3)], CLASSES, settings, {"base": 4},
        checkpoint=tmp_path / "checkpoint.pt",
    )  # fmt: skip
    return made, tmp_path / "checkpoint.pt"


def test_the_last_weights_are_those_of_the_last_step(trained):
    made, checkpoint = trained
    saved = torch.load(checkpoint, weights_only=True)
    assert saved["step"] == 6
    # Here the best may be the last by chance: make sure that the two differ.
    for tensor in saved["average"].values():
        tensor.add_(1)
    torch.save(saved, checkpoint)
    state = last_module(made, checkpoint).state_dict()
    for name, tensor in saved["average"].items():
        assert torch.equal(state[name], tensor), name


def test_where_they_were_not_kept_it_is_said(trained, tmp_path):
    made, checkpoint = trained
    with pytest.raises(UserError, match="the weights after step 6 could not be kept"):
        last_module(made, tmp_path / "none.pt")
    saved = torch.load(checkpoint, weights_only=True)
    torch.save(saved | {"step": 4}, checkpoint)
    with pytest.raises(UserError, match="the weights after step 6 could not be kept"):
        last_module(made, checkpoint)


def test_windows_of_a_picture_are_measured_as_one(trained):
    made, checkpoint = trained
    module = last_module(made, checkpoint)
    parts = [example("d 0,0", 4, 7), example("d 0,32", 5, 7), example("e", 6)]
    found = measured(made, module, parts, "cpu", Quiet())
    assert list(found) == [7, "e"]
    assert found[7].counts.sum() == 2 * 32 * 48
    assert found["e"].counts.sum() == 32 * 48
