"""A person teaches a method by a few strokes, looks where it is unsure, and lets it go on."""

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton

from segstudio.domain.records import State
from segstudio.domain.tiles import Layer, Source
from segstudio.methods.segmenter import segmenters

FOREST = segmenters["pixel_forest"](scales=(1.0, 4.0), trees=8)


@pytest.fixture(autouse=True)
def ready(studio):
    studio.open("facade-01.jpg").brush(24)


@pytest.fixture
def proposing(studio):
    return studio.window.proposing


def paint(studio):
    """Two strokes: high in the picture and low in it."""
    studio.choose_class("window").drag((60, 60), (500, 60))
    studio.choose_class("sign").drag((60, 420), (500, 420))
    return studio.wait_idle()


def test_a_forest_learns_while_one_paints(studio, proposing):
    proposing.set_plan("pixel_forest", FOREST)
    studio.wait_idle()
    assert "strokes" in proposing.problem.message
    paint(studio)
    first = proposing.regions
    assert set(np.unique(first.ids).tolist()) == {1, 2}
    assert studio.window.canvas.preview.active
    assert studio.window.bar.isVisible()
    studio.choose_class("background").drag((60, 240), (500, 240)).wait_idle()
    assert proposing.regions is not first
    assert set(np.unique(proposing.regions.ids).tolist()) == {0, 1, 2}
    studio.trigger("undo").wait_idle()
    assert set(np.unique(proposing.regions.ids).tolist()) == {1, 2}


def test_enter_accepts_all_of_the_picture_as_it_was_seen(studio, proposing):
    proposing.set_plan("pixel_forest", FOREST)
    paint(studio)
    seen = proposing.regions.ids
    studio.key("Return").wait_idle()
    mask, box = studio.mask, studio.session.image.box
    painted = studio.session.read(Layer.SOURCE, box) == Source.PERSON
    assert (mask[60, 100:400] == 2).all()
    assert painted.any()
    if seen.shape == mask.shape:
        assert (mask[~painted] == seen[~painted]).mean() > 0.98
    assert (mask != 255).all()
    assert proposing.regions is None
    studio.trigger("undo").wait_idle()
    assert (studio.mask == 255).mean() > 0.5


def test_doubt_is_seen_without_a_model_and_one_can_jump_to_it(studio, proposing):
    proposing.set_plan("pixel_forest", FOREST)
    paint(studio)
    preview = studio.window.canvas.preview
    assert preview.doubtful
    before = studio.window.grab().toImage()
    studio.key("U").wait_idle()
    assert studio.session.view.uncertainty
    assert studio.said == []
    assert studio.window.grab().toImage() != before
    zoom = studio.window.canvas.view.zoom
    studio.key("J").wait_idle()
    assert studio.window.canvas.view.zoom > zoom
    assert studio.said == []


def test_looking_closer_sharpens_what_is_in_sight(studio, proposing):
    canvas = studio.window.canvas
    canvas.view.set_zoom(0.4)
    canvas.changed_view()
    proposing.set_plan("pixel_forest", FOREST)
    paint(studio)
    far = proposing.regions
    assert far.ids.shape < far.box.shape
    canvas.view.set_zoom(3.0)
    canvas.changed_view()
    studio.wait_idle()
    now = proposing.regions
    assert now.state is far.state  # nothing has to be learned again
    assert now.ids.shape == now.box.shape
    assert canvas.visible_box().clipped(now.box) == canvas.visible_box()


@pytest.mark.parametrize("method", ["watershed_strokes", "graph_cut", "random_walker"])
def test_strokes_spread_over_the_picture(studio, proposing, method):
    proposing.set_method(method)
    studio.wait_idle()
    assert proposing.problem is not None
    paint(studio)
    assert proposing.problem is None
    assert set(np.unique(proposing.regions.ids).tolist()) <= {1, 2}
    studio.accept()
    assert (studio.mask[60, 100:400] == 2).all()
    assert set(np.unique(studio.mask).tolist()) <= {1, 2, 255}


def test_esc_gives_the_strokes_their_peace(studio, proposing):
    proposing.set_plan("pixel_forest", FOREST)
    paint(studio)
    studio.key("Esc").wait_idle()
    assert proposing.regions is None
    assert not studio.window.bar.isVisible()
    assert (studio.mask != 255).any()
    studio.drag((60, 200), (500, 200)).wait_idle()
    assert proposing.regions is None


def test_a_pipeline_of_strokes_goes_over_all_pictures(studio, proposing):
    proposing.set_plan("pixel_forest", FOREST)
    paint(studio)
    proposing.discard()
    studio.window.pipelining.set_scope("all")
    studio.window.work.findChild(QAbstractButton, "pipeline_apply").click()
    studio.wait_idle()
    states = [image.state for image in studio.session.images.values()]
    assert states == [State.IN_WORK, State.PROPOSED, State.PROPOSED]
    studio.open("facade-02.jpg")
    assert set(np.unique(studio.proposal).tolist()) == {1, 2}
