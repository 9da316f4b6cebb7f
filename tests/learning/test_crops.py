from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain.card import InputSpec
from segstudio.domain.task import Quiet
from segstudio.learning.augment import Augmentation, augmenters
from segstudio.learning.crops import Crops
from segstudio.learning.dataset import Cache, Example, channel_table, survey

RAW = InputSpec(1, 1.0, (0.0,), (1.0,))
STRONG = [name for name in augmenters if name != "balanced"]


def crops_of(examples, *augment, side=32, rare=0.5, ids=(0, 1, 2), spec=RAW, seed=0):
    cache = Cache(examples)
    found = survey(examples, ids, 0, Quiet())
    augmentation = Augmentation.read([f"balanced:{rare}", *augment])
    return Crops(cache, found, channel_table(ids), spec, augmentation, side, seed)


def echo(mask):
    """An example whose pixels are its labels, so that each can be told from the other."""
    return Example("echo", mask[:, :, None].copy(), mask)


def test_pixels_and_labels_stay_together():
    rng = np.random.default_rng(0)
    mask = np.kron(rng.integers(0, 3, (12, 12)), np.ones((16, 16))).astype(np.uint8)
    x, y = crops_of([echo(mask)], "flip", "rot90", "zoom:2").batch(3, 16)
    assert x.shape == (16, 1, 32, 32)
    assert x.dtype == np.float32
    assert y.dtype == np.int64
    # Zooming blends the pixels at borders between classes, and only there.
    assert (np.round(x[:, 0]) == y).mean() > 0.9


def test_every_crop_holds_a_label_however_few_there_are():
    mask = np.full((300, 400), 255, np.uint8)
    mask[7, 390] = 1
    mask[250:253, 100:103] = 2
    _, y = crops_of([echo(np.full((300, 400), 255, np.uint8)), echo(mask)]).batch(0, 64)
    assert ((y != 255).reshape(64, -1).any(1)).all()
    assert {1, 2} <= set(np.unique(y))


def test_rare_classes_are_drawn_more_often_than_their_pixels():
    mask = np.zeros((400, 400), np.uint8)
    mask[200:204, 200:204] = 1

    def share(rare):
        _, y = crops_of([echo(mask)], rare=rare).batch(0, 100)
        return (y == 1).reshape(100, -1).any(1).mean()

    assert share(0.0) < 0.1
    assert share(1.0) > 0.7


def test_ids_become_channels_and_the_rest_is_ignored():
    mask = np.full((40, 40), 9, np.uint8)
    mask[:20] = 5
    mask[:5] = 200
    _, y = crops_of([echo(mask)], ids=(5, 9)).batch(0, 20)
    assert set(np.unique(y)) == {0, 1, 255}


def test_a_picture_smaller_than_the_crop_is_padded_with_ignored():
    mask = np.ones((10, 50), np.uint8)
    x, y = crops_of([echo(mask)]).batch(0, 8)
    assert ((y == 255).reshape(8, -1).sum(1) == 22 * 32).all()
    assert (x == 1).all()


def test_a_step_depends_on_its_number_and_the_seed_alone():
    mask = np.random.default_rng(0).integers(0, 3, (100, 100)).astype(np.uint8)
    make = lambda seed: crops_of([echo(mask)], *STRONG, seed=seed)  # noqa: E731
    one, two = make(0), make(0)
    one.batch(0, 4)
    assert np.array_equal(one.batch(7, 4)[0], two.batch(7, 4)[0])
    assert not np.array_equal(one.batch(8, 4)[0], two.batch(7, 4)[0])
    assert not np.array_equal(make(1).batch(7, 4)[0], two.batch(7, 4)[0])


def test_the_crops_stay_in_place_while_changes_are_switched():
    mask = np.random.default_rng(0).integers(0, 3, (100, 100)).astype(np.uint8)
    bare = crops_of([echo(mask)]).batch(2, 8)[1]
    assert np.array_equal(crops_of([echo(mask)], "contrast", "noise").batch(2, 8)[1], bare)


@pytest.mark.parametrize(("bands", "dtype"), [(3, np.uint8), (1, np.uint8), (6, np.uint16)])
def test_all_augmentations_work_on_every_kind_of_picture(bands, dtype):
    pixels = np.random.default_rng(0).integers(0, 255, (70, 80, bands)).astype(dtype)
    example = Example("a", pixels, np.zeros((70, 80), np.uint8))
    spec = InputSpec() if bands == 3 else InputSpec(bands, 1.0, (90.0,) * bands, (60.0,) * bands)
    x, _ = crops_of([example], *STRONG, spec=spec).batch(0, 8)
    assert x.shape == (8, bands, 32, 32)
    assert np.isfinite(x).all()
    assert len({float(crop.mean()) for crop in x}) == 8


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("bands", [1, 3, 6])
def test_inputs_are_what_prediction_makes_of_pixels(bands, dtype):
    pixels = np.random.default_rng(0).integers(0, 255, (32, 32, bands)).astype(dtype)
    mean, std = tuple(np.linspace(0.3, 0.6, bands)), tuple(np.linspace(0.2, 0.4, bands))
    spec = InputSpec(bands, 1 / 255, mean, std)
    example = Example("a", pixels, np.zeros((32, 32), np.uint8))
    x, _ = crops_of([example], spec=spec).batch(0, 2)
    assert np.array_equal(x[1], spec.prepare(pixels)[0])


def test_names_are_those_of_the_pictures_that_a_step_was_cut_from():
    found = [Example(str(n), np.full((40, 40, 1), n, np.uint8), np.full((40, 40), n % 3, np.uint8))
             for n in range(9)]  # fmt: skip
    crops = crops_of(found)
    x, _ = crops.batch(5, 12)
    assert crops.names(5, 12) == [str(int(crop.mean())) for crop in x]


def test_a_share_of_crops_is_cut_from_what_is_newly_labelled():
    masks = [np.full((40, 40), label, np.uint8) for label in (0, 1, 2)]
    examples = [Example(f"p{n}", m[:, :, None].copy(), m) for n, m in enumerate(masks)]
    plain = crops_of(examples, rare=0)
    new = replace(plain, fresh=0.5, newest=(1,))
    names = [name for step in range(50) for name in new.names(step, 8)]
    assert names.count("p1") / len(names) == pytest.approx(2 / 3, abs=0.06)
    assert replace(plain, fresh=1.0, newest=(1,)).names(0, 8) == ["p1"] * 8
    for nothing_new in (replace(plain, fresh=0.5), replace(plain, newest=(1,))):
        assert nothing_new.names(3, 8) == plain.names(3, 8)


def test_new_pictures_without_a_label_are_not_cut_from():
    mask = np.zeros((40, 40), np.uint8)
    examples = [echo(mask), Example("bare", mask[:, :, None], np.full_like(mask, 255))]
    crops = replace(crops_of(examples, rare=0), fresh=1.0, newest=(1,))
    assert crops.names(0, 4) == ["echo"] * 4
