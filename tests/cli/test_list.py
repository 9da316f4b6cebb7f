from dataclasses import asdict

import pytest

from segstudio.learning import costs
from segstudio.learning.costs import Cost


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Counting only: figures of time are invented."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(costs, "_milliseconds", lambda module, task: 12.5)


def test_networks_are_listed_with_what_they_cost(cli, quick):
    rows = {row["name"]: row for row in cli.json("list", "networks")["rows"]}
    assert {"name", "parameters", "macs", "bytes", "milliseconds", "source"} <= set(
        rows["fast_scnn"]
    )
    assert rows["fast_scnn"]["milliseconds"] == 12.5
    assert rows["fast_scnn"]["settings"]["width"] == 1.0
    assert "arXiv:1902.04502" in rows["fast_scnn"]["source"]
    sizes = [rows[f"scale_cnn_{size}"]["parameters"] for size in "sml"]
    assert sizes == [181_027, 721_475, 2_880_643]
    for name, millions in {
        "baseline": 31.04, "w": 60.8, "d": 62.47, "r": 31.04, "wdr": 62.91, "awdr": 55.32,
    }.items():  # fmt: skip
        found = rows[f"unet_{name}"]
        assert found["classes"] == 8
        assert found["parameters"] / 1e6 == pytest.approx(millions, rel=0.005)
    # The same network on a picture 1.4 times as large, whose sides go up to a multiple of 16.
    macs = rows["unet_r"]["macs"] / rows["unet_baseline"]["macs"]
    assert macs == pytest.approx((368 / 256) ** 2, rel=1e-3)


def test_people_see_figures_that_they_can_compare(cli, monkeypatch):
    from segstudio.learning.networks.network import networks
    from segstudio.workflows import costs as workflow

    figures = asdict(Cost(8, 31_037_768, 48_197_000_000, 124_200_000, 722.5))
    monkeypatch.setattr(workflow, "network_costs", lambda task: dict.fromkeys(networks, figures))
    assert cli("list", "networks") == 0
    heading, *lines = cli.out.splitlines()
    assert heading.split()[:4] == ["name", "classes", "parameters,", "M"]
    (line,) = [line for line in lines if line.startswith("unet_baseline ")]
    assert line.split()[:6] == ["unet_baseline", "8", "31.038", "48.20", "124.2", "722"]
