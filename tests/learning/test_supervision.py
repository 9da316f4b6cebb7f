import pytest
import torch
from torch.nn import functional as F

from segstudio.learning.supervision import STEP, compared


@pytest.mark.parametrize("phase", [(0, 0), (1, 0), (1, 1)])
@pytest.mark.parametrize("size", [(4, 6), (5, 7), (40, 56)])
def test_logits_are_those_of_bilinear_resizing(phase, size):
    logits = torch.randn(2, 3, *size)
    targets = torch.arange(2 * 40 * 56).reshape(2, 40, 56)
    (found,), chosen = compared((logits,), targets, phase)
    resized = F.interpolate(logits, (40, 56), mode="bilinear")
    expected = resized[:, :, phase[0] :: STEP, phase[1] :: STEP]
    assert torch.allclose(found, expected, atol=1e-5)
    assert torch.equal(chosen, targets[:, phase[0] :: STEP, phase[1] :: STEP])


def test_the_phases_together_look_at_every_pixel():
    targets = torch.arange(9 * 7).reshape(1, 9, 7)
    phases = [(row, column) for row in range(STEP) for column in range(STEP)]
    seen = torch.cat([compared((), targets, phase)[1].flatten() for phase in phases])
    assert sorted(seen.tolist()) == list(range(9 * 7))
