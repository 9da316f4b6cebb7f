import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segstudio.errors import UserError
from segstudio.store.thumbnails import thumbnail


@pytest.mark.parametrize("ending", ["jpg", "png", "tif"])
@pytest.mark.parametrize(("size", "small"), [((700, 300), (128, 55)), ((20, 90), (20, 90))])
def test_a_thumbnail_fits_its_side(
    tmp_path: Path, ending: str, size: tuple[int, int], small: tuple[int, int]
) -> None:
    image = Image.new("RGB", size, (200, 30, 60))
    image.paste((20, 40, 250), (0, 0, size[0] // 2, size[1]))
    path = tmp_path / f"a.{ending}"
    image.save(path)
    with Image.open(io.BytesIO(thumbnail(path))) as found:
        assert found.format == "JPEG"
        assert found.size == small
        pixels = np.asarray(found).astype(int)
    assert np.abs(pixels[5, 3] - (20, 40, 250)).max() < 12
    assert np.abs(pixels[-5, -3] - (200, 30, 60)).max() < 12


def test_16_bits_are_stretched(tmp_path: Path) -> None:
    ramp = np.linspace(300, 900, 200 * 200).reshape(200, 200).astype(np.uint16)
    Image.fromarray(ramp).save(tmp_path / "a.png")
    with Image.open(io.BytesIO(thumbnail(tmp_path / "a.png", 64))) as found:
        pixels = np.asarray(found)
    assert found.size == (64, 64)
    assert pixels.min() < 15
    assert pixels.max() > 240


def test_no_picture_no_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    with pytest.raises(UserError, match="empty"):
        thumbnail(tmp_path / "a.jpg")


def test_a_huge_raster_without_overviews_has_none_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segstudio.store import overviews, thumbnails

    Image.new("RGB", (300, 200), (9, 99, 199)).save(tmp_path / "a.tif")
    asked = []

    def lacking(path: Path, info: object, reduced: Path | None) -> bool:
        asked.append(reduced)
        return reduced is None

    monkeypatch.setattr(thumbnails, "lacking", lacking)
    assert overviews.lacking is not lacking
    assert thumbnail(tmp_path / "a.tif") is None
    assert thumbnail(tmp_path / "a.tif", reduced=tmp_path / "kept.tif") is not None
    assert asked == [None, tmp_path / "kept.tif"]
