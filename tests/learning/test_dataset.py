import threading

import numpy as np
import pytest

from segstudio.domain.card import InputSpec
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.learning.dataset import Cache, Example, check_labels, input_spec, survey


def example(name, shape=(20, 30), value=255, bands=3, dtype=np.uint8):
    pixels = np.random.default_rng(0).integers(0, 200, (*shape, bands)).astype(dtype)
    return Example(name, pixels, np.full(shape, value, np.uint8))


def looked_at(examples, ids=(0, 4)):
    return survey(examples, ids, 0, Quiet())


def test_survey_counts_the_labels_and_remembers_places():
    mask = np.full((20, 30), 255, np.uint8)
    mask[3, 5:9] = 4
    mask[10:, :] = 0
    mask[0, 0] = 77  # not one of the classes
    found = looked_at([example("a"), Example("b", np.zeros((20, 30, 3), np.uint8), mask)])
    assert found.counts.tolist() == [[0, 0], [300, 4]]
    assert found.places[0] == {}
    assert found.places[1][1].tolist() == [[3, 5], [3, 6], [3, 7], [3, 8]]
    assert len(found.places[1][0]) == 256
    assert (mask[tuple(found.places[1][0].T)] == 0).all()
    assert found.largest_side == 30


def test_fingerprint_follows_labels_and_pictures():
    one = looked_at([example("a", value=4)]).fingerprint
    assert looked_at([example("b", value=4)]).fingerprint == one
    assert looked_at([example("a", value=0)]).fingerprint != one


def test_nothing_or_one_class_labelled_is_an_error_with_advice():
    with pytest.raises(UserError, match="nothing is labelled") as error:
        check_labels(looked_at([example("a")]), ["sky", "road"])
    assert error.value.hint
    with pytest.raises(UserError, match="only the class road") as error:
        check_labels(looked_at([example("a", value=4)]), ["sky", "road"])
    assert error.value.hint


def test_a_mask_of_another_size_is_refused_by_name():
    wrong = Example("street.jpg", np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.uint8))
    with pytest.raises(UserError, match=r"street\.jpg"):
        Cache([wrong]).read(0)


def test_cache_reads_again_only_what_does_not_fit():
    reads = []

    def lazy(place):
        def read():
            reads.append(place)
            return np.zeros((100, 100, 3), np.uint8)

        return Example(str(place), read, np.zeros((100, 100), np.uint8))

    cache = Cache([lazy(n) for n in range(3)], budget=2 * 40_000)
    for place in (0, 1, 0, 1, 2, 1, 0):
        cache.read(place)
    assert reads == [0, 1, 2, 0]


def test_threads_read_one_after_another():
    together, met = threading.Barrier(2), []

    def read():
        try:
            together.wait(0.05)
            met.append(True)
        except threading.BrokenBarrierError:
            together.reset()
        return np.zeros((4, 4, 3), np.uint8)

    cache = Cache([Example(str(n), read, np.zeros((4, 4), np.uint8)) for n in range(2)])
    threads = [threading.Thread(target=cache.read, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert met == []
    assert len(cache._held) == 2


def test_eight_bit_rgb_is_normalised_as_imagenet():
    examples = [example("a")]
    assert input_spec(Cache(examples), len(examples)) == InputSpec()


@pytest.mark.parametrize(("bands", "dtype"), [(4, np.uint16), (1, np.uint8), (2, np.float32)])
def test_other_bands_are_normalised_by_their_statistics(bands, dtype):
    rng = np.random.default_rng(0)
    pixels = rng.normal(100, 20, (50, 60, bands)).astype(dtype)
    pixels = (pixels * np.arange(1, bands + 1)).astype(dtype)
    if dtype == np.float32:
        pixels[0] = np.nan
    examples = [Example("a", pixels, np.zeros((50, 60), np.uint8))]
    spec = input_spec(Cache(examples), len(examples))
    x = spec.prepare(pixels)[0]
    assert np.isfinite(x).all()
    assert np.allclose(x.mean((1, 2)), 0, atol=0.05)
    assert np.allclose(x.std((1, 2)), 1, atol=0.05)


def test_a_constant_band_does_not_divide_by_zero():
    examples = [Example("a", np.full((9, 9, 1), 7, np.uint16), np.zeros((9, 9), np.uint8))]
    assert np.isfinite(input_spec(Cache(examples), len(examples)).prepare(examples[0].pixels)).all()


def test_pictures_of_different_bands_are_refused_by_name():
    examples = [example("a"), example("grey.png", bands=1)]
    with pytest.raises(UserError, match=r"grey\.png has 1 band,"):
        input_spec(Cache(examples), len(examples))


def test_prepare_pads_by_repeating_the_edge():
    x = InputSpec(1, 1.0, (0.0,), (2.0,)).prepare(np.array([[1, 2], [3, 4]], np.uint8), 4)
    assert x.shape == (1, 1, 4, 4)
    assert (x[0, 0] * 2).tolist() == [[1, 2, 2, 2], [3, 4, 4, 4], [3, 4, 4, 4], [3, 4, 4, 4]]


def test_prepare_refuses_other_bands():
    with pytest.raises(UserError, match="has 1 band, the model wants 3"):
        InputSpec().prepare(np.zeros((4, 4), np.uint8))


def test_a_network_may_want_pixels_of_0_to_1():
    examples = [Example("a", np.full((8, 8, 3), 255, np.uint8), np.zeros((8, 8), np.uint8))]
    spec = input_spec(Cache(examples), 1, unit=True)
    assert np.allclose(spec.prepare(examples[0].pixels), 1)
