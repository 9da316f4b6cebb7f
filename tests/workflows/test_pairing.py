from pathlib import Path

import pytest

from segstudio.errors import UserError
from segstudio.workflows.pairing import MaskFiles

PNG = b"\x89PNG\r\n\x1a\n rest"


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PNG)
    return path


def test_masks_are_found_by_stem(tmp_path):
    mask = touch(tmp_path / "masks" / "a.png")
    masks = MaskFiles(tmp_path / "masks")
    assert not masks.met
    assert masks.of(Path("a.jpg")) == mask
    assert masks.met
    assert masks.of(Path("b.jpg")) is None


def test_the_whole_name_counts_more_than_the_stem(tmp_path):
    whole = touch(tmp_path / "masks" / "01.jpg.png")
    stem = touch(tmp_path / "masks" / "01.png")
    masks = MaskFiles(tmp_path / "masks")
    assert masks.of(Path("01.jpg")) == whole
    assert masks.of(Path("01.tif")) == stem


def test_equal_stems_go_by_their_folders(tmp_path):
    for place in ("one", "two"):
        touch(tmp_path / "pictures" / place / "a.jpg")
        touch(tmp_path / "masks" / place / "a.png")
    masks = MaskFiles(tmp_path / "masks", [tmp_path / "pictures"])
    picture = tmp_path / "pictures" / "two" / "a.jpg"
    assert masks.of(picture) == tmp_path / "masks" / "two" / "a.png"
    assert masks.of(tmp_path / "elsewhere" / "a.jpg") is None


def test_masks_must_be_a_folder(tmp_path):
    with pytest.raises(UserError, match="not a folder"):
        MaskFiles(touch(tmp_path / "mask.png"))
