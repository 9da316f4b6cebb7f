"""Writes a raster far beyond memory: 30000 × 30000 pixels of four 16-bit bands.

A georeferenced GeoTIFF of a made-up country, from a seed, block by block in less than 300 MB of
memory; one corner is nodata. `segstudio bench` and the other scripts take it from
``SEGSTUDIO_RASTER``, so that it need not be made each time.

    python tests/figures/raster.py [--size N] [--seed N] [--overviews] [--striped]
                                   [--packing deflate|zstd|none] [--out FILE]
"""

import argparse
import os
import sys
import time
from pathlib import Path

from segstudio.cli.progress import Progress
from segstudio.scenes.country import Country
from segstudio.scenes.geotiff import write_country

SIZE = 30_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="pixels of a side")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--overviews", action="store_true", help="put smaller versions into it")
    parser.add_argument("--striped", action="store_true", help="write strips instead of tiles")
    parser.add_argument("--packing", choices=("deflate", "zstd", "none"), default="deflate")
    parser.add_argument("--out", type=Path, default=Path("country.tif"), metavar="FILE")
    given = parser.parse_args()
    began, task = time.monotonic(), Progress(sys.stderr)
    country = Country(given.size, given.seed)
    write_country(country, given.out, task, given.striped, given.overviews, given.packing)
    task.finish()
    size = os.path.getsize(given.out)
    print(f"{given.out}: {size / 1e9:.2f} GB in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
