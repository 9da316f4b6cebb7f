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


def pillow() -> ModuleType:
    """Return ``PIL.Image``, with our bound on sizes instead of its own."""
    from PIL import Image

    if Image.MAX_IMAGE_PIXELS != MAX_PIXELS:
        Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    # Pillow warns about oddities of files that it then reads well; what fails is raised.
    _ignore(UserWarning, r"PIL\.")
    _ignore(Image.DecompressionBombWarning, "")
    return Image


def rasterio() -> Any:
    """Return ``rasterio``, silent about files without coordinates and with a small cache."""
    # GDAL reads these once, at its first use. Looking for named companions (.ovr, .msk) only,
    # instead of listing the folder, matters in folders of many thousand files.
    os.environ.setdefault("GDAL_CACHEMAX", "128")
    os.environ.setdefault("GDAL_DISABLE_READDIR_ON_OPEN", "TRUE")
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
