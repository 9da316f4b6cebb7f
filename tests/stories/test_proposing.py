"""A person lets a method propose, and decides."""

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.records import State
from segstudio.domain.tiles import Layer, Source


@pytest.fixture(autouse=True)
def ready(studio):
    studio.open("facade-01.jpg").choose_class("sign").brush(30)


def source(studio):
    return studio.session.read(Layer.SOURCE, studio.session.image.box)


def grey(studio):
    """Return the picture as the methods see it: luma of its pixels."""
    from PIL import Image

    path = studio.session.project.path_of(studio.session.image)
    return np.asarray(Image.open(path).convert("L")).astype(int)


def test_thresholds_split_the_picture_by_its_greys(studio):
    studio.segment("threshold", thresholds=(90.0, 170.0))
    proposal = studio.proposal
    assert set(np.unique(proposal).tolist()) == {0, 1, 2}
    levels = grey(studio)
    for id, (low, high) in enumerate([(0, 88), (92, 168), (172, 255)]):
        inside = (levels >= low) & (levels <= high)
        assert (proposal[inside] == id).mean() > 0.99
    assert (studio.mask == UNLABELLED).all()
    assert studio.session.image.state == State.PROPOSED


def test_enter_accepts_and_what_was_painted_stays(studio):
    studio.drag((100, 100), (300, 100))
    studio.segment("kmeans", clusters=3, seed=1)
    painted, proposal = studio.mask == 1, studio.proposal
    assert painted.any()
    studio.key("Return").wait_idle()
    assert (studio.mask == np.where(painted, 1, proposal)).all()
    assert (studio.proposal == UNLABELLED).all()
    found = source(studio)
    assert (found[painted] == Source.PERSON).all()
    assert (found[~painted] == Source.PROPOSAL).all()
    assert studio.session.image.state == State.IN_WORK
    studio.trigger("undo")
    assert ((studio.mask == 1) == painted).all()
    assert (studio.proposal == proposal).all()
    studio.trigger("undo")
    assert (studio.proposal == UNLABELLED).all()


def test_esc_discards_and_the_mask_is_as_before(studio):
    studio.drag((100, 100), (300, 100))
    before = studio.mask
    studio.segment("otsu")
    assert (studio.proposal != UNLABELLED).any()
    studio.key("Esc").wait_idle()
    assert (studio.proposal == UNLABELLED).all()
    assert (studio.mask == before).all()


def test_discarding_on_an_untouched_picture_leaves_it_unlabelled(studio):
    studio.segment("otsu")
    assert studio.session.image.state == State.PROPOSED
    studio.key("Esc").wait_idle()
    assert studio.session.image.state == State.UNLABELLED


def test_a_preview_follows_the_settings_and_is_accepted_as_seen(studio):
    proposing = studio.window.proposing
    proposing.set_method("multi_otsu")
    studio.wait_idle()
    assert proposing.regions is not None
    assert studio.window.canvas.preview.active
    assert (studio.proposal == UNLABELLED).all()
    proposing.set_class(0, 2)
    proposing.set_class(1, None)
    regions, mapping = proposing.regions.ids, proposing.mapping()
    assert mapping[0] == 2
    assert 1 not in mapping
    studio.accept()
    assert not studio.window.canvas.preview.active
    table = np.full(256, UNLABELLED, np.uint8)
    for region, id in mapping.items():
        table[region] = id
    assert (studio.mask == table[regions]).all()


def test_esc_drops_the_preview(studio):
    studio.window.proposing.set_method("multi_otsu")
    studio.wait_idle()
    studio.key("Esc").wait_idle()
    assert studio.window.proposing.regions is None
    assert not studio.window.canvas.preview.active
    assert (studio.mask == UNLABELLED).all()


def test_a_locked_class_is_spared_when_accepting(studio):
    studio.segment("otsu").accept()
    before = studio.mask
    studio.window.findChild(object, "class_lock_1").click()
    studio.segment("kmeans", clusters=3).accept()
    assert (studio.mask[before == 1] == 1).all()
    assert (studio.mask != before).any()


def test_what_is_painted_while_a_method_is_accepted_stays(studio):
    proposing = studio.window.proposing
    proposing.set_method("kmeans")
    studio.wait_idle()
    job = proposing.accept()
    assert job is not None
    studio.drag((100, 100), (300, 100))
    studio.wait_idle()
    assert (studio.mask[100, 110:290] == 1).all()
    assert (source(studio)[100, 110:290] == Source.PERSON).all()
    assert (studio.mask != UNLABELLED).mean() > 0.5


def test_the_bar_says_what_is_waiting(studio):
    bar = studio.window.bar
    assert not bar.isVisible()
    studio.segment("otsu").wait_idle()
    assert bar.isVisible()
    bar.findChild(object, "preview_accept").click()
    studio.wait_idle()
    assert not bar.isVisible()
    assert (studio.mask != UNLABELLED).any()


def test_regions_without_a_class_stay_unlabelled(studio):
    proposing = studio.window.proposing
    proposing.set_method("multi_otsu")
    studio.wait_idle()
    for region in range(proposing.regions.count):
        proposing.set_class(region, None)
    studio.accept()
    assert (studio.mask == UNLABELLED).all()


def test_what_is_proposed_is_what_the_settings_say_at_that_moment(studio):
    """The preview may still be that of the settings before."""
    from segstudio.methods.segmenter import segmenters

    proposing = studio.window.proposing
    proposing.set_method("otsu")
    studio.wait_idle()
    proposing.set_method("kmeans")
    proposing.set_settings(segmenters["kmeans"](clusters=3))
    proposing.propose()
    studio.wait_idle()
    assert set(np.unique(studio.proposal).tolist()) == {0, 1, 2}
    assert proposing.regions is None
    assert studio.session.history.next_undo.text == "Propose by k-means"
