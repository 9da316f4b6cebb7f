import numpy as np
import pytest
import torch
from torch import nn

from segstudio.domain.card import Card, CardClass, InputSpec
from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Quiet
from segstudio.learning.dataset import Cache, Example
from segstudio.learning.evaluation import SAMPLES, Evaluation, worst
from segstudio.learning.samples import SIDE, seen

CARD = Card(
    (CardClass(3, "dark", (0, 0, 0)), CardClass(8, "bright", (255, 255, 255))),
    input=InputSpec(1, 1 / 255, (0.0,), (1.0,)),
)


class Brightness(nn.Module):
    """Calls bright what is brighter than the middle."""

    def forward(self, x):
        return torch.cat([0.5 - x, x - 0.5], 1)


def example(image, wrong, side=40, name=""):
    """A picture half dark, half bright, of whose labels a number of rows are wrong."""
    pixels = np.zeros((side, side, 1), np.uint8)
    pixels[side // 2 :] = 255
    mask = np.where(pixels[:, :, 0] > 0, 8, 3).astype(np.uint8)
    mask[:wrong] = 8
    mask[-1, -1] = 255
    return Example(name or f"p{image}", pixels, mask, "", image)


def evaluated(examples):
    evaluation = Evaluation(CARD, examples, Cache(examples))
    found = evaluation.run(Brightness().eval(), torch.device("cpu"), Quiet(), "Evaluating")
    return evaluation, found


def test_parts_add_up_and_the_worst_picture_stands_first():
    examples = [example(1, 0), example(2, 12), example(5, 4)]
    evaluation, total = evaluated(examples)
    assert total.counts.sum() == 3 * (40 * 40 - 1)
    assert total.counts[1, 0] == (12 + 4) * 40
    told = evaluation.pictures()
    assert [each["image"] for each in told["worst"]] == [2, 5, 1]
    assert told["worst"][-1]["miou"] == 1.0
    figures = evaluation.figures()
    low, high = figures["interval"]
    assert 0 < low < total.miou < high <= 1
    assert figures["seconds_an_image"] > 0
    assert figures["memory"] is None or figures["memory"] > 10_000_000


def test_windows_of_one_picture_count_as_one():
    windows = [example(1, rows, name=f"p1 {rows}") for rows in (0, 8, 16)]
    evaluation, _ = evaluated(windows)
    assert evaluation.figures()["interval"] is None
    assert len(evaluation.pictures()["worst"]) == 1


def test_nothing_held_back_tells_nothing():
    evaluation, total = evaluated([])
    assert total.miou is None
    assert evaluation.figures()["interval"] is None
    assert evaluation.figures()["seconds_an_image"] is None
    assert evaluation.pictures() == {"worst": [], "samples": []}


def test_samples_are_small_always_the_same_and_show_both_masks():
    examples = [example(n, n, 600) for n in range(1, 9)]
    samples = evaluated(examples)[0].pictures()["samples"]
    assert len(samples) == SAMPLES
    again = evaluated(examples)[0].pictures()["samples"]
    assert [s.image for s in samples] == [s.image for s in again] == [1, 3, 5, 8]
    for sample in samples:
        assert max(sample.picture.shape) <= SIDE
        assert sample.picture.shape == (*sample.reference.shape, 3)
        assert sample.predicted.shape == sample.reference.shape
        assert set(np.unique(sample.predicted)) == {3, 8}


def test_pictures_of_other_kinds_are_made_visible():
    sixteen = np.linspace(100, 1100, 400).reshape(20, 20, 1).astype(np.uint16)
    found = seen(sixteen)
    assert found.shape == (20, 20, 3)
    assert found.min() == 0
    assert found.max() == 255
    broken = np.full((4, 4, 5), np.nan, np.float32)
    assert seen(broken).shape == (4, 4, 3)


def test_pictures_without_a_number_are_not_named():
    part = Confusion((0, 1))
    part.counts[0, 0] = 4
    assert worst({"held back": part}) == []
    assert worst({7: part, 8: Confusion((0, 1))}) == [{"image": 7, "miou": pytest.approx(1.0)}]
