"""Listing the scenes stays cheap."""

import subprocess
import sys


def test_listing_the_scenes_imports_nothing_heavy() -> None:
    code = (
        "import sys; from segstudio.scenes.scene import scenes; import segstudio.scenes.geotiff;"
        "list(scenes); print([m for m in ('cv2', 'PIL', 'rasterio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
