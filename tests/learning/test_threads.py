import torch

from segstudio.learning.threads import lent


def test_threads_are_given_back():
    before = torch.get_num_threads()
    with lent(1):
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
    with lent(None):
        assert torch.get_num_threads() == before
