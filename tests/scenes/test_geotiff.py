"""Satellite scenes as georeferenced rasters."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from segstudio.scenes.builtin.satellite import Satellite
from segstudio.scenes.geotiff import write_geotiff


def test_a_raster_has_four_bands_of_the_same_country() -> None:
    raster = Satellite.render_raster(1, 3, 200, 170)
    picture = Satellite.render(1, 3, 200, 170)
    assert raster.pixels.shape == (200, 170, 4)
    assert raster.pixels.dtype == np.uint16
    assert (raster.mask == picture.mask).all()
    tree, water = raster.mask == 3, raster.mask == 4
    infrared = raster.pixels[:, :, 3].astype(float)
    assert np.median(infrared[tree]) > 2 * np.median(raster.pixels[:, :, 0][tree])
    if water.any():
        assert np.median(infrared[water]) < np.median(infrared[tree])


def test_a_written_raster_reads_back_with_its_place(tmp_path: Path) -> None:
    raster = Satellite.render_raster(1, 101, 300, 260)
    path = tmp_path / "satellite.tif"
    write_geotiff(raster, path)
    with rasterio.open(path) as file:
        assert file.crs.to_epsg() == 32633
        assert file.count == 4
        assert file.dtypes == ("uint16",) * 4
        assert file.profile["tiled"]
        assert file.profile["compress"] == "deflate"
        place = raster.georeference
        assert place is not None
        assert file.transform.a == -file.transform.e == place.pixel_size
        assert file.bounds.left == place.left
        assert file.bounds.top == place.top
        assert file.bounds.right == place.left + 260 * place.pixel_size
        assert (file.read().transpose(1, 2, 0) == raster.pixels).all()
    assert [p.name for p in tmp_path.iterdir()] == ["satellite.tif"]


def test_neighbouring_rasters_lie_apart() -> None:
    places = [Satellite.render_raster(1, i, 8, 8).georeference for i in (0, 1, 100)]
    assert len({(p.left, p.top) for p in places if p}) == 3


def test_a_picture_without_a_place_is_refused(tmp_path: Path) -> None:
    picture = Satellite.render(1, 0, 64, 64)
    with pytest.raises(ValueError, match="georeference"):
        write_geotiff(picture, tmp_path / "x.tif")
    assert not list(tmp_path.iterdir())
