import json
import subprocess
import sys
from dataclasses import asdict

import pytest

from segstudio.domain.task import Quiet
from segstudio.learning import costs as learning_costs
from segstudio.learning.costs import Cost
from segstudio.learning.networks.network import networks
from segstudio.workflows import costs
from segstudio.workflows.costs import cache_folder, network_costs


@pytest.fixture
def measured(monkeypatch):
    """What was measured: invented figures, one network after another."""
    done = []

    def measure(network, task):
        done.append(networks.name_of(network))
        return Cost(8, len(done), 2, 3, 4.5)

    monkeypatch.setattr(learning_costs, "measure", measure)
    return done


def test_every_network_is_measured_once_and_remembered(measured, tmp_path):
    file = tmp_path / "deep" / "networks.json"
    first = network_costs(Quiet(), file)
    assert measured == list(networks) == list(first)
    assert first[measured[1]] == asdict(Cost(8, 2, 2, 3, 4.5))
    assert network_costs(Quiet(), file) == first
    assert len(measured) == len(first)
    assert [path.name for path in file.parent.iterdir()] == ["networks.json"]


def test_what_is_known_is_read_without_torch(measured, tmp_path):
    file = tmp_path / "networks.json"
    network_costs(Quiet(), file)
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from pathlib import Path\n"
        "from segstudio.domain.task import Quiet\n"
        "from segstudio.workflows.costs import network_costs\n"
        f"print(len(network_costs(Quiet(), Path({str(file)!r}))))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.stdout == f"{len(measured)}\n", ended.stderr


@pytest.mark.parametrize("change", ["code", "torch", "machine"])
def test_what_changed_is_measured_anew(measured, tmp_path, monkeypatch, change):
    file = tmp_path / "networks.json"
    network_costs(Quiet(), file)
    if change == "code":
        real = costs.Path.read_bytes
        monkeypatch.setattr(costs.Path, "read_bytes", lambda path: real(path) + b"#")
    elif change == "torch":
        monkeypatch.setattr(costs, "version", lambda name: "9.9")
    else:
        monkeypatch.setattr(costs.platform, "node", lambda: "another")
    network_costs(Quiet(), file)
    assert len(measured) == 2 * len(list(networks))
    assert len(json.loads(file.read_text())) == 1


def test_an_interrupted_measurement_goes_on_where_it_stopped(tmp_path, monkeypatch, measured):
    file, whole = tmp_path / "networks.json", learning_costs.measure

    def stopping(network, task):
        if len(measured) == 3:
            raise KeyboardInterrupt
        return whole(network, task)

    monkeypatch.setattr(learning_costs, "measure", stopping)
    with pytest.raises(KeyboardInterrupt):
        network_costs(Quiet(), file)
    monkeypatch.setattr(learning_costs, "measure", whole)
    network_costs(Quiet(), file)
    assert measured == list(networks)


@pytest.mark.parametrize("text", ["", "{", "[1]"])
def test_a_damaged_cache_is_written_anew(measured, tmp_path, text):
    file = tmp_path / "networks.json"
    file.write_text(text)
    assert network_costs(Quiet(), file)
    assert network_costs(Quiet(), file)
    assert len(measured) == len(list(networks))


def test_a_folder_that_takes_no_files_does_no_harm(measured, tmp_path):
    (tmp_path / "file").write_text("")
    assert set(network_costs(Quiet(), tmp_path / "file" / "networks.json")) == set(networks)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have places of their own")
def test_the_cache_lies_where_the_system_wants_it(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "segstudio"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "segstudio"
