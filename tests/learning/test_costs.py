import time

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from segstudio.domain.task import Cancelled
from segstudio.learning.costs import measure
from segstudio.learning.networks.network import networks
from segstudio.settings import build


def small(name):
    return build(networks[name], {"width": 0.25})


def test_a_known_network_costs_what_paper_and_pencil_say():
    """Scale-CNN, small: its convolutions written out, for 3 classes at 256²."""
    cost = measure(networks["scale_cnn_s"]())
    down = 128**2 * 9 * (3 * 16 + 16 * 16) + 64**2 * 9 * (16 * 32 + 32 * 32)
    down += 32**2 * 9 * (32 * 64 + 64 * 64)
    # A transposed convolution works at the resolution it is given.
    up = 32**2 * 9 * 2 * 64 * 64 + 64**2 * 9 * (64 * 32 + 32 * 32)
    up += 128**2 * 9 * (32 * 16 + 16 * 16)
    head = 256**2 * 9 * 16 * 3
    assert (cost.classes, cost.parameters) == (3, 181_027)
    assert cost.macs == down + up + head


@pytest.mark.parametrize("name", ["fast_scnn", "lraspp_mobilenetv3"])
def test_bytes_are_those_of_a_file_but_for_its_heading(name, tmp_path):
    network = small(name)
    cost = measure(network)
    file = tmp_path / "w.safetensors"
    save_file(network.build(3, cost.classes).state_dict(), file)
    heading = 8 + int.from_bytes(file.read_bytes()[:8], "little")
    assert cost.bytes == file.stat().st_size - heading
    assert cost.classes == 8


def test_time_is_that_of_the_forward_pass_on_one_core(monkeypatch):
    class Slow(nn.Module):
        def forward(self, image):
            threads.append(torch.get_num_threads())
            if image.device.type == "cpu":
                end = time.thread_time() + 0.03
                while time.thread_time() < end:
                    pass
            return image

    class Network:
        def build(self, bands, classes):
            return Slow()

    threads = []
    before = torch.get_num_threads()
    cost = measure(Network())
    assert 30 <= cost.milliseconds < 60
    assert set(threads[1:]) == {1}
    assert torch.get_num_threads() == before
    assert cost.macs == cost.parameters == 0


def test_measuring_can_be_cancelled():
    class Stopping:
        def report(self, done, total, text):
            raise Cancelled

    with pytest.raises(Cancelled):
        measure(small("fast_scnn"), Stopping())


def test_more_width_costs_more():
    narrow, wide = measure(small("ddrnet23_slim")), measure(networks["ddrnet23_slim"]())
    for field in ("parameters", "macs", "bytes"):
        assert getattr(narrow, field) < getattr(wide, field) / 3
