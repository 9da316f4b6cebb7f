"""Every scene: reproducible pictures of any size whose masks hold all classes."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segstudio.domain.classes import check_classes
from segstudio.scenes.scene import generator, scenes

NAMES = ("facade", "satellite")


def test_the_scenes_are_found_by_name() -> None:
    assert tuple(scenes) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_classes_are_numbered_in_order(name: str) -> None:
    classes = scenes[name].classes
    check_classes(classes)
    assert [c.id for c in classes] == list(range(len(classes)))
    assert len({c.colour for c in classes}) == len(classes)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_and_index_give_the_same_bytes(name: str) -> None:
    scene = scenes[name]
    one, again, other, elsewhere = (
        scene.render(*key, 240, 320) for key in ((3, 5), (3, 5), (3, 6), (4, 5))
    )
    assert one.pixels.tobytes() == again.pixels.tobytes()
    assert one.mask.tobytes() == again.mask.tobytes()
    assert one.name == f"{name}-06"
    for different in (other, elsewhere):
        assert (one.pixels != different.pixels).mean() > 0.5
        assert (one.mask != different.mask).any()


def test_scenes_do_not_share_their_chance() -> None:
    assert generator("facade", 1, 2).random() != generator("satellite", 1, 2).random()


@pytest.mark.parametrize("name", NAMES)
def test_every_class_is_common_enough_to_learn(name: str) -> None:
    scene = scenes[name]
    shares = []
    for index in range(12):
        rendered = scene.render(1, index)
        assert rendered.pixels.shape == (*scene.size, 3)
        assert rendered.pixels.dtype == rendered.mask.dtype == np.uint8
        assert rendered.mask.shape == scene.size
        counts = np.bincount(rendered.mask.ravel(), minlength=len(scene.classes))
        assert len(counts) == len(scene.classes)
        shares.append(counts / rendered.mask.size)
    assert (np.mean(shares, 0) > 0.002).all()
    assert (np.count_nonzero(np.array(shares) > 0.0005, 0) >= 7).all()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None)
@example(height=1, width=1, index=0)
@example(height=2, width=400, index=1)
@example(height=400, width=2, index=2)
@given(height=st.integers(1, 210), width=st.integers(1, 210), index=st.integers(0, 50))
def test_any_size_can_be_made(name: str, height: int, width: int, index: int) -> None:
    scene = scenes[name]
    rendered = scene.render(2, index, height, width)
    assert rendered.pixels.shape == (height, width, 3)
    assert rendered.mask.shape == (height, width)
    assert rendered.mask.max() < len(scene.classes)
    assert rendered.mask.flags.c_contiguous
    assert rendered.pixels.flags.c_contiguous


@pytest.mark.parametrize("name", NAMES)
def test_pictures_use_the_range_of_tones(name: str) -> None:
    for index in range(4):
        pixels = scenes[name].render(7, index, 240, 320).pixels
        low, high = np.percentile(pixels, (2, 98))
        assert low < 100
        assert high > 120
        assert ((pixels == 0).mean(), (pixels == 255).mean()) < (0.05, 0.05)
