"""Small versions of pictures for lists."""

from pathlib import Path

from segstudio.store.display import display_of, to_rgb
from segstudio.store.overviews import lacking
from segstudio.store.pictures import preview, probe

_QUALITY = 85


def thumbnail(path: Path, side: int = 128, reduced: Path | None = None) -> bytes | None:
    """Return a picture reduced until its longer side is at most ``side``, as JPEG.

    Quick for JPEG and for rasters with overviews, which may lie in ``reduced``; call it on a
    worker. None for a huge raster without any: it would take minutes. Raises `UserError` where
    the picture cannot be read.
    """
    import cv2

    info = probe(path)
    if lacking(path, info, reduced):
        return None
    tile = preview(path, 2 * side, reduced)
    rgb = to_rgb(tile.pixels, display_of(tile.pixels, info, tile.valid), valid=tile.valid)
    height, width = rgb.shape[:2]
    scale = min(side / max(height, width), 1.0)
    if scale < 1:
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(data.tobytes())
