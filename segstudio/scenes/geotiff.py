"""Sample scenes as georeferenced rasters."""

import os
from pathlib import Path

from segstudio.scenes.scene import Rendered


def write_geotiff(rendered: Rendered, path: Path) -> None:
    """Write the pixels as a tiled, deflated GeoTIFF; it appears under its name once complete.

    Raise ValueError for a picture without a place.
    """
    import rasterio
    from rasterio.enums import ColorInterp
    from rasterio.transform import Affine

    place = rendered.georeference
    if place is None:
        raise ValueError(f"{rendered.name} has no georeference")
    height, width, bands = rendered.pixels.shape
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with rasterio.open(
            part,
            "w",
            driver="GTiff",
            height=height,
            width=width,
            count=bands,
            dtype=rendered.pixels.dtype,
            crs=f"EPSG:{place.epsg}",
            transform=Affine(place.pixel_size, 0, place.left, 0, -place.pixel_size, place.top),
            tiled=True,
            blockxsize=256,
            blockysize=256,
            compress="deflate",
            predictor=2,
            photometric="RGB",
        ) as file:
            file.write(rendered.pixels.transpose(2, 0, 1))
            file.colorinterp = (
                *(ColorInterp.red, ColorInterp.green, ColorInterp.blue),
                *[ColorInterp.undefined] * (bands - 3),
            )
            for band, name in enumerate(("red", "green", "blue", "near infrared")[:bands], 1):
                file.set_band_description(band, name)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
