"""Which rasters of every kind are shown, and which are refused, and why?

Adds every raster of ``geotiff_samples`` and ``geotiff_labelled`` in the folder that SEGSTUDIO_DATA
names to a project, reads all of its pixels, and prints a line each and a summary. With --shots the
real window opens ten different kinds and saves a picture of each.

    python tests/figures/geotiffs.py [--shots DIR]
"""

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from command import segstudio

from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.store import pictures, rasters

SHOTS = {
    "rgb": "deepforest__test_tiled.tif",
    "rgb_and_infrared": "opengeos_naip__m_4709963_se_14_1_20120731.tif",
    "rgb_16_bit": "riotiler__rgb.tif",
    "one_band_16_bit": "riotiler__red.tif",
    "two_bands_signed": "riotiler__cog_scale.tif",
    "five_bands": "imagetiff__geo-5b.tif",
    "float_elevation": "opengeos_elev__dsm.tif",
    "float64_whole_earth": "riotiler__cog_fullearth.tif",
    "alpha": "riotiler__cog_rgba.tif",
    "internal_mask": "riotiler__cog_rgb_mask.tif",
    "nodata": "rasterio__rgb-byte-tenth.tif",
    "all_nodata": "rasterio__all-nodata.tif",
    "rotated": "rasterio__rotated.tif",
    "webp_with_overviews": "imagetiff__usda_naip_256_webp_z3.tif",
}


def found() -> list[Path]:
    """Return all rasters, those without labels first."""
    data = Path(os.environ["SEGSTUDIO_DATA"])
    folders = [data / name / "images" for name in ("geotiff_samples", "geotiff_labelled")]
    return [path for folder in folders for path in sorted(folder.glob("*.tif"))]


def line(path: Path) -> str:
    """Return what a raster is, after reading all of its pixels in windows; or raise."""
    info, layout = rasters.describe(path)
    picture = rasters.RasterPicture(path, info, layout)
    lacking = 0
    upright = Box(0, 0, info.height, info.width)
    for box in rasters.strips(picture, 1):
        tile = picture.read(box.clipped(upright))
        lacking += 0 if tile.valid is None else int((~tile.valid).sum())
    picture.close()
    pictures.open_picture(path).close()
    facts = [
        f"{info.width} × {info.height}",
        f"{info.bands} × {info.dtype}",
        f"overviews {list(layout.overviews) or 'none'}",
        _place(info.georef),
        f"{100 * lacking / info.box.area:.0f} % without data" if lacking else "",
        info.note,
    ]
    return ", ".join(fact for fact in facts if fact)


def _place(georef: dict[str, Any] | None) -> str:
    if georef is None:
        return "no georeference"
    return (
        f"EPSG:{georef['epsg']}" if georef["epsg"] else "own system" if georef["wkt"] else "placed"
    )


def shoot(paths: Iterable[Path], folder: Path) -> None:
    """Open one raster of each kind in the window and save what it looks like."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from segstudio.testing import Studio

    by_name = {path.name: path for path in paths}
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        project = Path(made) / "shots.segstudio"
        segstudio("new", project, "--class=land", "--class=water")
        segstudio("add", project, *(by_name[name] for name in SHOTS.values()))
        studio = Studio(project)
        studio.window.resize(1400, 900)
        for kind, name in SHOTS.items():
            studio.open(name)
            print(studio.grab(folder / f"{kind}.png"))
        studio.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=Path, metavar="DIR", help="save pictures of the window")
    shots = parser.parse_args().shots
    paths = found()
    with tempfile.TemporaryDirectory() as made:
        project = Path(made) / "rasters.segstudio"
        segstudio("new", project, "--class=land", "--class=water")
        added = segstudio("add", project, *paths)
    refused = {Path(one["path"]).name: one["reason"] for one in added["failed"]}
    shown = 0
    for path in paths:
        try:
            text = line(path)
        except UserError as error:
            refused.setdefault(path.name, error.message)
        shown += path.name not in refused
        print(
            f"{path.name}: " + (f"refused: {refused[path.name]}" if path.name in refused else text)
        )
    twice = len(paths) - added["added"] - len(added["failed"])
    print(f"{len(paths)} rasters: {shown} shown, {len(refused)} refused, {twice} of them twice")
    for reason, count in Counter(refused.values()).most_common():
        print(f"  {count} × {reason}")
    if shots:
        shoot(paths, shots)


if __name__ == "__main__":
    main()
