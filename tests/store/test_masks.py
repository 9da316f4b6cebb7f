import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from segstudio.domain.classes import LabelClass
from segstudio.errors import UserError
from segstudio.store import codecs, masks
from segstudio.store.masks import mask_windows, output_names, read_mask, write_mask

DATA = Path(os.environ.get("SEGSTUDIO_DATA", "no-data"))
CLASSES = [
    LabelClass(0, "background", (10, 20, 30)),
    LabelClass(1, "sign", (255, 0, 0)),
    LabelClass(4, "window", (0, 0, 255)),
]
IDS = np.array([[0, 1, 4], [255, 1, 0]], np.uint8)
COLOURS = {c.id: c.colour for c in CLASSES}


def saved(path: Path, array: NDArray[Any], mode: str | None = None, **options: Any) -> Path:
    image = Image.fromarray(array)
    if mode == "P":
        image.putpalette(list(range(256)) * 3)
    image.save(path, **options)
    return path


def coloured(ids: NDArray[np.uint8], colours: dict[int, tuple[int, int, int]]) -> NDArray[Any]:
    table = np.zeros((256, 3), np.uint8)
    for id, colour in colours.items():
        table[id] = colour
    return table[ids]


@pytest.mark.parametrize("ending", ["png", "tif", "bmp"])
@pytest.mark.parametrize("mode", ["L", "P"])
def test_indexed_and_grey_hold_ids(tmp_path: Path, ending: str, mode: str) -> None:
    path = saved(tmp_path / f"a.{ending}", IDS, mode)
    np.testing.assert_array_equal(read_mask(path, (2, 3), CLASSES), IDS)


def test_1_bit_and_16_bits_hold_ids(tmp_path: Path) -> None:
    for ending in ("png", "tif"):
        bits = saved(tmp_path / f"a.{ending}", IDS == 1)
        np.testing.assert_array_equal(read_mask(bits, (2, 3), CLASSES), (IDS == 1).astype(int))
        deep = saved(tmp_path / f"b.{ending}", IDS.astype(np.uint16))
        np.testing.assert_array_equal(read_mask(deep, (2, 3), CLASSES), IDS)


@pytest.mark.parametrize("ending", ["png", "tif"])
@pytest.mark.parametrize("alpha", [False, True])
def test_colours_stand_for_classes(tmp_path: Path, ending: str, alpha: bool) -> None:
    ids = np.where(IDS == 255, 0, IDS)
    pixels = coloured(ids, COLOURS)
    if alpha:
        pixels = np.dstack([pixels, np.full(ids.shape, 255, np.uint8)])
    path = saved(tmp_path / f"a.{ending}", pixels)
    np.testing.assert_array_equal(read_mask(path, (2, 3), CLASSES), ids)


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_what_is_transparent_is_unlabelled(tmp_path: Path, ending: str) -> None:
    opaque = np.where(IDS == 255, 0, 255).astype(np.uint8)
    path = saved(tmp_path / f"a.{ending}", np.dstack([coloured(IDS, COLOURS), opaque]))
    np.testing.assert_array_equal(read_mask(path, (2, 3), CLASSES), IDS)
    path = saved(tmp_path / "b.png", np.dstack([np.where(IDS == 255, 99, IDS), opaque]))
    np.testing.assert_array_equal(read_mask(path, (2, 3), CLASSES), IDS)


def test_a_legend_replaces_the_colours_of_the_classes(tmp_path: Path) -> None:
    legend = {(1, 1, 1): 0, (2, 2, 2): 1, (3, 3, 3): 4, (0, 0, 0): 255}
    pixels = coloured(IDS, {id: colour for colour, id in legend.items()})
    path = saved(tmp_path / "a.png", pixels)
    np.testing.assert_array_equal(read_mask(path, (2, 3), CLASSES, legend=legend), IDS)
    own = saved(tmp_path / "b.png", coloured(np.zeros_like(IDS), COLOURS))
    with pytest.raises(UserError, match="#0A141E"):
        read_mask(own, (2, 3), CLASSES, legend=legend)


def test_ignored_ids_are_unlabelled(tmp_path: Path) -> None:
    odd = np.where(IDS == 4, 11, IDS).astype(np.uint8)
    path = saved(tmp_path / "a.png", odd)
    found = read_mask(path, (2, 3), CLASSES, ignore=[11, 0])
    np.testing.assert_array_equal(found, [[255, 1, 255], [255, 1, 255]])
    path = saved(tmp_path / "b.png", coloured(np.where(IDS == 255, 0, IDS), COLOURS))
    found = read_mask(path, (2, 3), CLASSES, ignore=[0])
    np.testing.assert_array_equal(found, [[255, 1, 4], [255, 1, 255]])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_unknown_ids_are_named(tmp_path: Path, dtype: type) -> None:
    path = saved(tmp_path / "a.png", np.array([[0, 2, 7], [2, 254, 255]], dtype))
    with pytest.raises(UserError, match=r"no class has the ids 2, 7, 254$") as caught:
        read_mask(path, (2, 3), CLASSES)
    assert "--ignore" in caught.value.hint
    path = saved(tmp_path / "b.png", np.full((2, 3), 256, np.uint16))
    with pytest.raises(UserError, match=r"the id 256$"):
        read_mask(path, (2, 3), CLASSES)


def test_unknown_colours_are_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", np.full((2, 3, 3), 17, np.uint8))
    with pytest.raises(UserError, match=r"the colour #111111$") as caught:
        read_mask(path, (2, 3), CLASSES)
    assert "--legend" in caught.value.hint
    noise = np.random.default_rng(0).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    path = saved(tmp_path / "a.jpg", noise)
    with pytest.raises(UserError, match=r"and \d+ more") as caught:
        read_mask(path, (20, 30), CLASSES)
    assert "JPEG" in caught.value.hint


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_another_size_is_refused(tmp_path: Path, ending: str) -> None:
    path = saved(tmp_path / f"a.{ending}", IDS)
    with pytest.raises(UserError, match="mask has 3 × 2 pixels, the picture 2 × 3"):
        read_mask(path, (3, 2), CLASSES)


def test_damage_is_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 2, (64, 64), dtype=np.uint8)
    path = saved(tmp_path / "a.png", noise)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match="early"):
        read_mask(path, (64, 64), CLASSES)
    path.write_text("hello")
    with pytest.raises(UserError, match="text"):
        read_mask(path, (64, 64), CLASSES)


def test_numbers_of_rasters(tmp_path: Path) -> None:
    rasterio = codecs.rasterio()
    for name, dtype, nodata in (("a", "float32", -1), ("b", "int16", -9999), ("c", "uint8", 200)):
        path = tmp_path / f"{name}.tif"
        with rasterio.open(
            path, "w", "GTiff", width=3, height=2, count=1, dtype=dtype, nodata=nodata
        ) as dataset:
            dataset.write(np.where(IDS == 255, nodata, IDS.astype(dtype)).astype(dtype), 1)
        np.testing.assert_array_equal(read_mask(path, (2, 3), CLASSES), IDS)
    with rasterio.open(tmp_path / "a.tif", "r+") as dataset:
        dataset.write(np.full((2, 3), 0.5, np.float32), 1)
    with pytest.raises(UserError, match=r"the id 0\.5"):
        read_mask(tmp_path / "a.tif", (2, 3), CLASSES)


def test_nodata_that_is_a_class_stays_the_class(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with codecs.rasterio().open(
        path, "w", "GTiff", width=3, height=2, count=1, dtype="uint8", nodata=0
    ) as dataset:
        dataset.write(IDS, 1)
    np.testing.assert_array_equal(read_mask(path, (2, 3), CLASSES), IDS)


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_long_masks_come_in_bands(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masks, "_ROWS", 16)
    ids = np.random.default_rng(0).choice(np.array([0, 1, 4, 255], np.uint8), (50, 40))
    path = saved(tmp_path / f"a.{ending}", ids)
    bands = list(mask_windows(path, (50, 40), CLASSES))
    assert [box.top for box, _ in bands] == [0, 16, 32, 48]
    np.testing.assert_array_equal(np.concatenate([part for _, part in bands]), ids)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 600),
    st.integers(1, 300),
    st.sampled_from([".png", ".tif"]),
    st.integers(0, 99),
)
def test_masks_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, height: int, width: int, ending: str, seed: int
) -> None:
    ids = np.random.default_rng(seed).choice(np.array([0, 1, 4, 255], np.uint8), (height, width))
    path = tmp_path_factory.mktemp("masks") / f"a{ending}"
    write_mask(path, height, width, lambda box: ids[box.slices], CLASSES)
    np.testing.assert_array_equal(read_mask(path, ids.shape, CLASSES), ids)
    assert output_names([path])[0] == Path("a.png")


@pytest.mark.skipif(not (DATA / "camvid").is_dir(), reason="SEGSTUDIO_DATA has no camvid")
def test_real_masks(tmp_path: Path) -> None:
    classes = [LabelClass(id, f"c{id}", (id, id, id)) for id in range(11)]
    path = min((DATA / "camvid" / "masks").glob("*.png"))
    with Image.open(path) as image:
        expected = np.asarray(image)
    found = read_mask(path, expected.shape[:2], classes, ignore=[11])
    np.testing.assert_array_equal(found, np.where(expected == 11, 255, expected))
