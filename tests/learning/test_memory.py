import pytest
import torch

from segstudio.errors import UserError
from segstudio.learning import memory
from segstudio.learning.memory import advised_on_memory, batch_for, lacks_memory


def test_what_says_that_memory_ran_out():
    assert lacks_memory(MemoryError())
    assert lacks_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1 GiB"))
    assert lacks_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory"))
    assert not lacks_memory(RuntimeError("shapes differ"))
    assert not lacks_memory(ValueError("out of memory"))


def test_the_advice_names_the_numbers():
    with pytest.raises(UserError, match="not enough memory") as error, advised_on_memory(None, 96):
        raise MemoryError
    assert "batch, now 4" in error.value.hint
    assert "crop, now 96" in error.value.hint


def test_a_processor_takes_the_ordinary_batch():
    assert batch_for(torch.nn.Conv2d(3, 2, 1), 3, 64, torch.device("cpu")) == 4


@pytest.mark.parametrize(("free", "batch"), [(10_000, 16), (2_000, 8), (1_000, 4), (300, 2)])
def test_a_gpu_takes_the_largest_batch_that_fits(monkeypatch, free, batch):
    # A crop takes 100 and the weights 200: of 2000 free bytes 0.7 are room for ten crops.
    monkeypatch.setattr(memory, "_peak", lambda module, shape, device: 200 + 100 * shape[0])
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (free, 0))
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    assert batch_for(torch.nn.Identity(), 3, 64, torch.device("cuda")) == batch
