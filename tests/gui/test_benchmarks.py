"""The measurements of the window themselves, on little: that they measure what they say."""

import subprocess
import sys

import pytest

from segstudio.gui.benchmarks import driving, samples
from segstudio.gui.benchmarks.builtin import painting, projects, rasters
from segstudio.gui.benchmarks.samples import Row
from segstudio.scenes.country import Country
from segstudio.scenes.geotiff import write_country
from segstudio.workflows.bench import row_of


def judged(rows):
    """Return rows as `segstudio bench` shows them, by name; every one has samples."""
    found = [row_of(row.values()) for row in rows]
    assert all(row.samples and min(row.samples) >= 0 for row in found if row.unit != "MB")
    assert len({row.name for row in found}) == len(found)
    return {row.name: row for row in found}


@pytest.fixture
def short(monkeypatch):
    """Strokes of a few events, and few of them."""
    monkeypatch.setattr(driving, "EVENTS", 12)
    monkeypatch.setattr(driving, "MANY", 3)


@pytest.fixture
def raster(tmp_path, monkeypatch):
    file = tmp_path / "country.tif"
    write_country(Country(1500), file, overviews=True)
    monkeypatch.setenv(rasters.GIVEN, str(file))
    return file


HOLDING = """
from segstudio.gui.benchmarks.samples import Memory
memory = Memory()
block = b"x" * 60_000_000
print(memory.more)
del block
print(memory.more, memory.peak, Memory().peak)
"""


def test_memory_is_measured_from_its_start():
    alone = [sys.executable, "-c", HOLDING]  # a process where nothing else takes any
    told = subprocess.run(alone, check=True, capture_output=True, text=True).stdout
    held, left, peak, anew = (float(number) for number in told.split())
    assert 55 < held < 70
    assert left < 10
    assert 55 < peak < 80
    assert anew < 10


def test_a_row_counts_the_time_of_what_happens_inside():
    row = Row("x", "s")
    with row.timed(1.0):
        pass
    assert 0 <= row.samples[0] < 0.1


def test_a_raster_is_taken_from_the_environment_and_stays_where_it_is(
    raster, tmp_path, short, qapp
):
    found = judged(rasters.measure(tmp_path / "bench"))
    size = "1500x1500"
    assert {name.removesuffix(f", {size}") for name in found} == {
        "first picture",
        "cold viewport at 100 %",
        "zoom step",
        "pan step",
        "brush to repaint, 40 px",
        "brush to repaint, 200 px",
        "release to saved",
        "undo of a stroke of 12 events",
        "memory of 3 strokes",
        "peak memory above the start",
    }
    first = found[f"first picture, {size}"]
    assert (first.goal, first.statistic, len(first.samples)) == (500, "median", 7)
    assert found[f"brush to repaint, 40 px, {size}"].statistic == "p95"
    assert len(found[f"brush to repaint, 40 px, {size}"].samples) == 6 * 11
    assert found[f"peak memory above the start, {size}"].figure > 0
    assert raster.exists()
    assert [p.name for p in (tmp_path / "bench").iterdir()] == ["bench.segstudio"]


def test_a_project_of_many_pictures(tmp_path, qapp):
    found = judged(projects.rows_of(tmp_path, 60))
    opened = found["open a project of 60 pictures"]
    assert (opened.unit, opened.goal, len(opened.samples)) == ("s", 1.0, 7)
    assert found["filter 60 pictures"].goal == 50
    assert len(found["next image of 60"].samples) == 30
    assert found["scroll step in a list of 60"].statistic == "p95"
    assert len(list((tmp_path / "pictures").iterdir())) == 60


def test_no_two_of_many_pictures_are_alike(tmp_path):
    projects.write_pictures(tmp_path / "pictures", 40)
    files = sorted((tmp_path / "pictures").iterdir())
    assert files[0].name == "picture-00001.jpg"
    assert len({file.read_bytes() for file in files}) == 40


def test_a_picture_that_cannot_be_added_ends_the_measurement(tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(RuntimeError, match=r"broken\.png"):
        samples.project(tmp_path, [broken])


def test_painting_is_measured_for_each_size(tmp_path, short, qapp, monkeypatch):
    monkeypatch.setattr(painting, "SIZES", ((640, 480, ".jpg"),))
    found = judged(painting.measure(tmp_path))
    assert len(found) == 8
    assert all(name.endswith(", 640x480") for name in found)
    assert found["peak memory above the start, 640x480"].goal is None
