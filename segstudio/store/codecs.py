"""The libraries that read pictures, imported when first needed and kept on a short leash."""

import logging
import os
import warnings
from types import ModuleType
from typing import Any

MAX_PIXELS = 1 << 30
"""Most pixels that a picture may have which has to be decoded whole."""

MAX_BYTES = 2 << 30
"""Most memory that a picture may take which has to be decoded whole."""

_GDAL = {
    # MB for the blocks of all rasters together; GDAL's own choice is 5 % of the memory.
    "GDAL_CACHEMAX": "64",
    # Look for named companions (.ovr, .msk) only: listing a folder of many files is slow.
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    # Notes of other programs (.aux.xml) can send GDAL to any other file, on the web too.
    "GDAL_PAM_ENABLED": "NO",
    # Kinds of file that stand for other files, which a companion of a TIFF might be.
    "GDAL_SKIP": "VRT,DERIVED,GTI,WMS,WMTS,WCS,HTTP,STACIT,STACTA,DAAS,EEDA,EEDAI,PLMOSAIC,MRF,"
    "NGW,OGCAPI,ERS,KMLSUPEROVERLAY",
    # Oddities of files that GDAL then reads well; what fails is raised. rasterio.Env would
    # silence them too, but must not be left open across the yields of a generator.
    "CPL_LOG": os.devnull,
}
"""What GDAL is told, where the user's environment does not say otherwise."""


def pillow() -> ModuleType:
    """Return ``PIL.Image``, with our bound on sizes instead of its own."""
    from PIL import Image

    if Image.MAX_IMAGE_PIXELS != MAX_PIXELS:
        Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    # Pillow warns about oddities of files that it then reads well; what fails is raised.
    _ignore(UserWarning, r"PIL\.")
    _ignore(Image.DecompressionBombWarning, "")
    # Of 200 bands it writes to stderr that they are too many for it.
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    return Image


def rasterio() -> Any:
    """Return ``rasterio``, silent about files without coordinates and with a small cache."""
    for name, value in _GDAL.items():
        os.environ.setdefault(name, value)
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    # What GDAL complains about is raised as an exception where it matters.
    logging.getLogger("rasterio").setLevel(logging.CRITICAL)
    _ignore(NotGeoreferencedWarning, "")
    return rasterio


def _ignore(category: type[Warning], module: str) -> None:
    """Ignore a kind of warning, once; `warnings.catch_warnings` does not suit threads."""
    for action, _, known, where, _ in warnings.filters:
        if action == "ignore" and known is category:
            pattern = getattr(where, "pattern", where) or ""
            if pattern == module:
                return
    warnings.filterwarnings("ignore", category=category, module=module)
