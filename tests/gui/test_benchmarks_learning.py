"""The measurement of the window while networks train, on little: that it measures what it says."""

from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.builtin import learning
from segstudio.workflows.bench import row_of


def test_stalls_and_strokes_are_measured_for_each_network(tmp_path, qapp, monkeypatch):
    monkeypatch.setattr(driving, "EVENTS", 12)
    monkeypatch.setattr(learning, "SECONDS", 0.5)
    monkeypatch.setattr(learning, "NETWORKS", ("fast_scnn", "unet_16"))
    found = {row.name: row_of(row.values()) for row in learning.measure(tmp_path)}
    assert list(found) == [
        "stall when torch is loaded",
        "longest stall in 0.5 s of training fast_scnn",
        "brush to repaint while training fast_scnn, 40 px",
        "longest stall in 0.5 s of training unet_16",
        "brush to repaint while training unet_16, 40 px",
        "control back after Cancel",
    ]
    assert all(row.samples and min(row.samples) >= 0 for row in found.values())
    assert [row.goal for row in found.values()] == [250, 50, 16, 50, 16, 1.0]
    assert len(found["control back after Cancel"].samples) == 2
    stalls = found["longest stall in 0.5 s of training fast_scnn"]
    assert sum(stalls.samples) >= 400  # all of the time is looked at
    assert stalls.statistic == "max"


def test_three_networks_are_measured_one_of_them_the_default():
    from segstudio.learning.networks.network import networks
    from segstudio.learning.settings import TrainSettings

    assert len(learning.NETWORKS) == 3
    assert TrainSettings().network in learning.NETWORKS
    assert all(name in networks for name in learning.NETWORKS)
