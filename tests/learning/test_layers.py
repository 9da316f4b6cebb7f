import torch
from torch.nn import functional as F

from segstudio.learning.networks.layers import area_pool


def test_area_pool_is_adaptive_pooling_where_bins_divide_the_size():
    x = torch.randn(2, 5, 12, 18)
    for bins in (1, 2, 3, 6):
        expected = F.adaptive_avg_pool2d(x, bins)
        assert torch.allclose(area_pool(x, bins), expected, atol=1e-5)


def test_area_pool_shares_pixels_that_lie_across_bins():
    x = torch.tensor([[[[0.0, 3.0, 6.0]]]])
    assert torch.allclose(area_pool(x, 2)[0, 0, 0], torch.tensor([1.0, 5.0]))


def test_area_pool_of_fewer_pixels_than_bins_repeats_them():
    x = torch.tensor([[[[2.0, 4.0]]]])
    assert torch.allclose(area_pool(x, 6)[0, 0, 0], torch.tensor([2.0, 2, 2, 4, 4, 4]))
