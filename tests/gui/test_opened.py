"""What the readers do to open a picture."""

import cv2
import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Cancelled
from segstudio.errors import UserError
from segstudio.gui.opened import Opening, opened, quick


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((30, 40, 3), 90, np.uint8))
    return path


def record(path, height=30, width=40):
    return ImageRecord(1, str(path), path.name, width, height)


def test_it_comes_with_its_first_part(picture):
    found = opened(picture, None, record(picture), {}, Opening(1))
    try:
        assert (found.picture.info.height, found.picture.info.width) == (30, 40)
        assert found.parts == []
        assert found.sample.tile.box == Box(0, 0, 30, 40)
        assert found.shown.coarse is not None
    finally:
        found.picture.close()


def test_one_that_nobody_waits_for_is_not_opened(picture):
    with pytest.raises(Cancelled):
        opened(picture, None, record(picture), {}, Opening(1, left=True))


def test_another_size_than_before_is_refused(picture):
    with pytest.raises(UserError, match="has changed on disk: it is 40 × 30 now, and was 8 × 9"):
        opened(picture, None, record(picture, 9, 8), {}, Opening(1))


def test_only_a_large_jpeg_has_a_small_version_that_comes_quickly(picture, tmp_path):
    assert quick(picture, {}) is None
    small, large = tmp_path / "small.jpg", tmp_path / "large.jpg"
    cv2.imwrite(str(small), np.zeros((40, 50, 3), np.uint8))
    cv2.imwrite(str(large), np.zeros((40, 5000, 3), np.uint8))
    assert quick(small, {}) is None
    assert quick(large, {}) is not None
