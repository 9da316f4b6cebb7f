"""What every augmentation must do, and what each of them is for."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from segstudio.domain.card import InputSpec
from segstudio.errors import UserError
from segstudio.learning.augment import Augmentation, Crop, augmenters, read_part, written
from segstudio.learning.settings import TrainSettings

SIDE = 48
SEEDS = 0, 3, 1


def crop_of(bands=3, dtype=np.uint8, seed=0):
    """Blocks of a few classes, each with a colour of its own, and some pixels unlabelled."""
    rng = np.random.default_rng(seed)
    mask = np.kron(rng.integers(0, 4, (6, 6)), np.ones((SIDE // 6, SIDE // 6))).astype(np.uint8)
    pixels = rng.integers(20, 230, (4, bands))[mask] + rng.integers(-9, 9, mask.shape)[..., None]
    mask[:4] = 255
    spec = InputSpec() if bands == 3 and dtype == np.uint8 else InputSpec(
        bands, 1.0, (128.0,) * bands, (64.0,) * bands
    )  # fmt: skip
    return Crop(pixels.astype(dtype), mask, spec)


def strong(name):
    """A part that changes every crop, where it has a share to say so."""
    part = augmenters[name]()
    return replace(part, share=1.0) if hasattr(part, "share") else part


KINDS = [(3, np.uint8), (1, np.uint8), (4, np.uint8), (6, np.uint16), (2, np.float32)]


@pytest.mark.parametrize("name", list(augmenters))
class TestEvery:
    @pytest.mark.parametrize(("bands", "dtype"), KINDS)
    def test_serves_every_kind_of_picture_and_leaves_what_it_was_given(self, name, bands, dtype):
        crops = [crop_of(bands, dtype, seed) for seed in range(4)]
        before = [(crop.pixels.copy(), crop.mask.copy()) for crop in crops]
        chosen = Augmentation((strong(name),))
        made = chosen.mix([chosen.change(crop, SEEDS) for crop in crops], SEEDS)
        for crop, (pixels, mask) in zip(crops, before, strict=True):
            assert (crop.pixels == pixels).all()
            assert (crop.mask == mask).all()
        for crop in made:
            assert crop.pixels.shape == (SIDE, SIDE, bands)
            assert crop.mask.shape == (SIDE, SIDE)
            assert crop.mask.dtype == np.uint8
            assert set(np.unique(crop.mask)) <= {0, 1, 2, 3, 255}
            assert np.isfinite(crop.spec.prepare(crop.pixels)).all()

    def test_the_same_seeds_give_the_same(self, name):
        chosen = Augmentation((strong(name),))
        crops = [crop_of(seed=seed) for seed in range(4)]

        def made(seeds):
            found = chosen.mix([chosen.change(crop, (*seeds, n)) for n, crop in enumerate(crops)],
                               seeds)  # fmt: skip
            return np.stack([crop.pixels for crop in found])

        assert (made((0, 1)) == made((0, 1))).all()

    def test_changes_how_crops_are_cut_or_what_they_show(self, name):
        chosen = Augmentation((strong(name),))
        crops = [crop_of(seed=seed) for seed in range(4)]
        draws = chosen.drawing != Augmentation().drawing
        made = chosen.mix([chosen.change(c, (0, n)) for n, c in enumerate(crops)], (0,))
        shows = any((a.pixels != b.pixels).any() for a, b in zip(made, crops, strict=True))
        assert draws != shows

    def test_is_read_from_what_it_is_written_as(self, name):
        assert read_part(written(strong(name))) == strong(name)
        assert augmenters[name].title

    def test_is_listed_once_with_a_place_of_its_own(self, name):
        others = [augmenters[other].order for other in augmenters if other != name]
        assert augmenters[name].order not in others


@pytest.mark.parametrize(("bands", "dtype"), KINDS)
def test_people_see_eight_bits_and_what_is_brighter_is_brighter(bands, dtype):
    crop = crop_of(bands, dtype)
    seen = crop.seen()
    assert (seen.shape, seen.dtype) == ((SIDE, SIDE, 3), np.uint8)
    if dtype == np.uint8 and bands >= 3:
        assert (seen == crop.pixels[..., :3]).all()
    brighter = replace(crop, pixels=(crop.pixels + 20).astype(dtype)).seen()
    assert brighter.mean() > seen.mean() + 10


# -- the list ------------------------------------------------------------------------


def test_parts_are_taken_in_their_own_order_whatever_the_list_says():
    names = ("noise", "flip", "balanced", "cutmix")
    assert Augmentation.read(names).names == ("balanced", "flip", "noise", "cutmix")
    assert Augmentation.read(names) == Augmentation.read(names[::-1])


def test_a_strength_stands_behind_the_name_other_fields_by_theirs():
    found = Augmentation.read(["hsv:0.4", "blur:2:share=0.7"])
    assert found.parts[0].strength == 0.4
    assert (found.parts[1].widest, found.parts[1].share) == (2.0, 0.7)
    assert found.written() == ("hsv:strength=0.4", "blur:widest=2.0:share=0.7")
    assert Augmentation.read(found.written()) == found


def test_none_switches_everything_off():
    assert Augmentation.read(["none"]).parts == ()
    assert Augmentation().written() == ("none",)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["hvs"], "no augmentation called 'hvs'"),
        (["hsv:high"], "strength cannot be 'high'"),
        (["hsv:3"], "strength cannot be '3'"),
        (["rot90:2"], "'rot90:2' is not an augmentation"),
        (["hsv:hue=2"], "no setting called 'hue'"),
        (["flip", "flip"], "named twice"),
        (["none", "flip"], "no augmentation called 'none'"),
    ],
)
def test_what_cannot_be_read_is_refused_before_a_training_begins(texts, said):
    with pytest.raises(UserError, match=said) as error:
        TrainSettings(augment=tuple(texts))
    assert error.value.hint


def test_a_part_switched_off_leaves_the_others_as_they_were():
    crop = crop_of()
    some = Augmentation.read(["hsv", "noise"]).change(crop, SEEDS)
    for alone in ("hsv", "noise"):
        other = Augmentation.read([alone]).change(crop, SEEDS)
        assert (other.pixels != some.pixels).any()
    both = Augmentation.read(["noise"]).change(
        Augmentation.read(["hsv"]).change(crop, SEEDS), SEEDS
    )
    assert (both.pixels == some.pixels).all()


def test_parts_draw_their_numbers_each_by_itself():
    crop = crop_of()
    blurred, compressed = (
        [(made.pixels != crop.pixels).any() for made in changed(f"{name}:share=0.5", crop)]
        for name in ("blur:5", "jpeg:5")
    )
    assert len(set(zip(blurred, compressed, strict=True))) == 4


def test_the_short_settings_change_the_list():
    default = TrainSettings().augmentation
    assert default.names == ("balanced", "zoom", "flip", "hsv", "contrast")
    assert default.drawing.rare == 0.5
    assert default.drawing.zoom == 1.5
    bare = TrainSettings(rare=0, flip=False, turn=False, zoom=1.0, colour=0.0, noise=0.0)
    assert bare.augmentation.names == ("zoom",)
    assert bare.augmentation.drawing == Augmentation().drawing
    rich = TrainSettings(augment=("none",), turn=True, colour=0.5, noise=1.0, zoom=2.0, rare=0.9)
    assert rich.augmentation.names == ("balanced", "zoom", "rot90", "hsv", "contrast", "noise")
    assert rich.augmentation.drawing.zoom == 2.0
    assert rich.augmentation.parts[3].strength == 0.5


# -- each of them --------------------------------------------------------------------


def changed(text, crop, count=64):
    part = Augmentation.read([text])
    return [part.change(crop, (0, n)) for n in range(count)]


def test_mirrors_across_and_upside_down_only_where_asked():
    crop = crop_of()
    seen = {tuple(c.mask.ravel()) for c in changed("flip", crop)}
    assert seen == {tuple(crop.mask.ravel()), tuple(crop.mask[:, ::-1].ravel())}
    assert len({tuple(c.mask.ravel()) for c in changed("flip:down=true", crop)}) == 4


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("bands", [1, 3, 7])
def test_mirrors_pixels_of_any_kind_and_whatever_stands_for_the_labels(bands, dtype):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (8, 6, bands)).astype(dtype)
    mask = rng.integers(0, 9, (8, 6)).astype(np.int64 if dtype == np.float32 else np.uint8)
    part = augmenters["flip"](down=True)
    crop = Crop(pixels, mask, InputSpec(bands))
    views = {(across, down): pixels[::down, ::across] for across in (1, -1) for down in (1, -1)}
    seen = set()
    for seed in range(20):
        made = part.change(crop, np.random.default_rng(seed))
        way = next(w for w, view in views.items() if np.array_equal(made.pixels, view))
        np.testing.assert_array_equal(made.mask, mask[:: way[1], :: way[0]])
        assert made.pixels.dtype == dtype
        seen.add(way)
    assert seen == set(views)


def test_turns_by_all_quarters_and_the_pixels_with_the_labels():
    crop = crop_of()
    echo = replace(crop, pixels=np.repeat(crop.mask[..., None], 3, 2))
    found = changed("rot90", echo)
    assert len({tuple(c.mask.ravel()) for c in found}) == 4
    assert all((c.pixels[..., 0] == c.mask).all() for c in found)


def test_distortion_moves_labels_with_pixels_and_keeps_the_edges():
    crop = crop_of()
    echo = replace(crop, pixels=np.repeat(crop.mask[..., None], 3, 2).astype(np.uint16))
    for made in changed("grid_distortion:share=1", echo, 16):
        assert (made.mask != crop.mask).mean() > 0.01
        # Pixels are blended at borders between classes, and only there.
        assert (made.pixels[..., 0] == made.mask).mean() > 0.75
        for row, column in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
            assert made.mask[row, column] == crop.mask[row, column]


def test_colour_shifts_are_as_wide_as_the_paper_has_them_and_keep_grey_grey():
    crop = crop_of()
    vivid = replace(crop, pixels=np.full((SIDE, SIDE, 3), (180, 60, 60), np.uint8))
    hsv = np.array([
        cv2.cvtColor(c.pixels[:1, :1], cv2.COLOR_RGB2HSV)[0, 0].astype(int)
        for c in changed("hsv", vivid, 200)
    ])  # fmt: skip
    before = cv2.cvtColor(vivid.pixels[:1, :1], cv2.COLOR_RGB2HSV)[0, 0].astype(int)
    hue = ((hsv[:, 0] - before[0] + 90) % 180 - 90) * 2
    assert 25 < np.abs(hue).max() <= 32
    assert 30 < np.abs(hsv[:, 1] - before[1]).max() <= 42
    assert 34 < np.abs(hsv[:, 2] - before[2]).max() <= 39
    grey = replace(crop, pixels=np.repeat(crop.pixels[..., :1], 3, 2))
    for made in changed("hsv", grey):
        assert (np.ptp(made.pixels.astype(int), axis=2) <= 1).all()


@pytest.mark.parametrize(("bands", "dtype"), [(3, np.uint8), (6, np.uint16)])
def test_brightness_and_contrast_change_by_a_fifth_at_most(bands, dtype):
    crop = crop_of(bands, dtype)
    even = replace(crop, pixels=np.full((SIDE, SIDE, bands), crop.middle.mean(), dtype))
    shifts = [float(c.pixels.mean() - even.pixels.mean()) for c in changed("contrast", even, 200)]
    assert 0.16 < np.abs(shifts).max() / crop.span.mean() <= 0.2 + 1 / 255
    spreads = [c.pixels.std() / crop.pixels.std() for c in changed("contrast", crop, 200)]
    assert 0.75 < min(spreads) < 0.9
    assert 1.1 < max(spreads) < 1.21


@pytest.mark.parametrize(("bands", "dtype"), [(3, np.uint8), (2, np.float32)])
def test_noise_is_as_strong_as_the_paper_has_it(bands, dtype):
    crop = crop_of(bands, dtype)
    even = replace(crop, pixels=np.full((SIDE, SIDE, bands), 128, dtype))
    span = float(crop.span.mean())
    variances = [float((c.pixels / span).var()) for c in changed("noise", even, 200)]
    assert min(variances) < 0.002
    assert 0.03 < max(variances) < 0.043
    assert max((c.pixels / span).var() for c in changed("noise:0.5", even, 200)) < 0.011


def test_blur_softens_edges_and_nothing_else():
    crop = crop_of()
    edges = lambda c: np.abs(np.diff(c.pixels.astype(int), axis=0)).mean()  # noqa: E731
    found = changed("blur:share=1", crop, 20)
    assert all(edges(c) <= edges(crop) for c in found)
    assert min(edges(c) for c in found) < 0.7 * edges(crop)
    assert all(abs(c.pixels.mean() - crop.pixels.mean()) < 1.5 for c in found)


def test_jpeg_is_worse_where_its_quality_may_be_lower():
    crop = crop_of()
    loss = lambda text: max(  # noqa: E731
        np.abs(c.pixels.astype(int) - crop.pixels).mean() for c in changed(text, crop, 20)
    )
    assert 0 < loss("jpeg:90:share=1") < loss("jpeg:5:share=1") < 40
    deep = crop_of(3, np.uint16)
    assert all((c.pixels == deep.pixels).all() for c in changed("jpeg:share=1", deep, 20))


def test_cutmix_pastes_rectangles_with_their_labels():
    crops = [
        Crop(np.full((SIDE, SIDE, 3), n, np.uint8), np.full((SIDE, SIDE), n, np.uint8), InputSpec())
        for n in range(8)
    ]
    made = Augmentation.read(["cutmix:1"]).mix(crops, (0, 5))
    foreign = 0
    for n, crop in enumerate(made):
        assert (crop.pixels[..., 0] == crop.mask).all()
        rows, columns = np.nonzero(crop.mask != n)
        if len(rows):
            inside = crop.mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
            assert len(np.unique(inside)) == 1
            foreign += 1
    assert foreign >= 6
    assert Augmentation.read(["cutmix:1"]).mix(crops[:1], (0, 5))[0] is crops[0]
