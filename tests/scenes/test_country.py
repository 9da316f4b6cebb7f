"""A country of any size, and the raster it is written as."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio

from segstudio.domain.task import Cancelled, Quiet
from segstudio.scenes.country import BANDS, BLOCK, NODATA, WATER, Country
from segstudio.scenes.geotiff import write_country

SIZE = 1300
"""More than two blocks, so that the textures begin anew, and no whole number of them."""


@pytest.fixture(scope="module")
def country():
    return Country(SIZE)


@pytest.fixture(scope="module")
def pixels(country):
    whole = np.empty((BANDS, SIZE, SIZE), np.uint16)
    for box in country.blocks():
        whole[(slice(None), *box.slices)] = country.block(box)
    return whole


def test_the_same_seed_gives_the_same_country(country, pixels):
    box = list(country.blocks())[4]
    assert (box.top, box.left, box.height) == (BLOCK, BLOCK, BLOCK)
    np.testing.assert_array_equal(Country(SIZE).block(box), pixels[(slice(None), *box.slices)])
    assert (Country(SIZE, 1).block(box) != country.block(box)).any()


def test_one_corner_was_not_photographed(pixels):
    missing = (pixels == NODATA).all(0)
    assert missing[0, 0]
    assert not missing[-1].any()
    assert 0.001 < missing.mean() < 0.05
    assert (missing == (pixels == NODATA).any(0)).all()


def test_it_looks_like_land(pixels):
    """Several kinds of ground, infrared that is no copy of red, and no seams between blocks."""
    red, infrared = pixels[0].astype(float), pixels[3].astype(float)
    assert len(np.unique(red[700] // 100)) > 5
    assert abs(np.corrcoef(red.ravel(), infrared.ravel())[0, 1]) < 0.9
    steps = np.abs(np.diff(red, axis=1)).mean(0)
    assert steps[BLOCK - 1] < 3 * np.median(steps)
    assert WATER == 0


@pytest.mark.parametrize("striped", [False, True])
@pytest.mark.parametrize("packing", ["deflate", "zstd", "none"])
def test_written_rasters_hold_the_country(tmp_path: Path, country, pixels, striped, packing):
    path = tmp_path / "country.tif"
    write_country(country, path, striped=striped, packing=packing)
    with rasterio.open(path) as file:
        np.testing.assert_array_equal(file.read(), pixels)
        assert file.nodata == NODATA
        assert file.crs.to_epsg() == 32633
        assert file.transform.a == -file.transform.e == 0.5
        assert file.overviews(1) == []
        assert file.profile["tiled"] is not striped
        assert file.block_shapes[0][1] == (SIZE if striped else BLOCK)
    assert [p.name for p in tmp_path.iterdir()] == ["country.tif"]


def test_overviews_are_averages_within_the_file(tmp_path: Path, country, pixels):
    path = tmp_path / "country.tif"
    write_country(country, path, overviews=True)
    with rasterio.open(path) as file:
        assert file.overviews(4) == [2, 4]
        half = file.read(3, out_shape=(SIZE // 2, SIZE // 2))
    expected = pixels[2, 800:802, 900:902].mean()
    assert half[400, 450] == pytest.approx(expected, abs=1)
    assert [p.name for p in tmp_path.iterdir()] == ["country.tif"]


def test_nothing_is_left_of_a_raster_that_was_not_finished(tmp_path: Path, country):
    class Impatient(Quiet):
        def report(self, done, total, text):
            if done:
                raise Cancelled

    with pytest.raises(Cancelled):
        write_country(country, tmp_path / "country.tif", Impatient())
    assert not list(tmp_path.iterdir())


def test_the_script_writes_one(tmp_path: Path):
    script = Path(__file__).parents[1] / "figures" / "raster.py"
    path = tmp_path / "small.tif"
    done = subprocess.run(
        [sys.executable, str(script), "--size", "600", "--overviews", "--out", str(path)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert "small.tif" in done.stdout
    with rasterio.open(path) as file:
        assert (file.width, file.height, file.count) == (600, 600, 4)
