"""Previews that follow strokes, and what of them is put into the project."""

import threading

import numpy as np
import pytest

from segstudio.domain.layers import replaced
from segstudio.domain.tiles import Layer
from segstudio.interactive.cleanup import cleanups
from segstudio.methods.segmenter import segmenters
from segstudio.workflows.preview import Previewer

FOREST = segmenters["pixel_forest"](scales=(1.0,), trees=4)


@pytest.fixture
def settled(qtbot, proposing, session, wait_idle):
    def settled():
        qtbot.waitUntil(
            lambda: not (proposing.following.waiting or session.jobs.jobs), timeout=20_000
        )
        wait_idle()

    return settled


@pytest.fixture
def taught(proposing, stroke, settled):
    """Strokes of two classes: on the dark side of the picture and on the bright one."""
    proposing.set_plan("pixel_forest", FOREST)
    settled()
    stroke((100, 100), (100, 300), value=1)
    settled()
    stroke((500, 100), (500, 300), value=2)
    settled()
    return proposing


def proposal(session):
    return session.read(Layer.PROPOSAL, session.image.box)


def halves(ids):
    return set(np.unique(ids[:, :300]).tolist()), set(np.unique(ids[:, 400:]).tolist())


def test_the_preview_begins_with_the_first_strokes(taught):
    assert taught.problem is None
    assert halves(taught.regions.ids) == ({1}, {2})
    assert taught.mapping() == {0: 0, 1: 1, 2: 2}
    assert taught.regions.doubt is not None


def test_what_lacks_is_said_and_nothing_is_lost(proposing, stroke, settled, session):
    proposing.set_plan("pixel_forest", FOREST)
    settled()
    assert "strokes" in proposing.problem.message
    stroke((100, 100), (100, 300), value=1)
    settled()
    assert "one class" in proposing.problem.message
    assert proposing.live
    assert proposing.plan.settings == FOREST
    assert session.editable


def test_each_stroke_makes_a_new_preview_and_undo_takes_it_back(taught, session, stroke, settled):
    stroke((300, 100), (300, 110), value=0)
    settled()
    assert 0 in taught.regions.state.classes
    session.undo()
    settled()
    assert taught.regions.state.classes == (1, 2)
    session.undo()
    settled()
    assert taught.regions is None
    assert "one class" in taught.problem.message


def test_strokes_do_not_bring_back_what_was_discarded(taught, stroke, settled):
    assert taught.discard()
    stroke((300, 100), (300, 110), value=0)
    settled()
    assert taught.regions is None
    assert taught.problem is None


def test_what_is_kept_is_what_the_strokes_of_that_moment_say(taught, session, stroke, settled):
    """The preview may still be that of the strokes before."""
    stroke((300, 100), (400, 100), diameter=60, value=0)
    taught.propose()
    settled()
    assert 0 in np.unique(proposal(session))
    assert taught.regions is None
    assert not taught.live


def test_no_preview_of_strokes_comes_after_what_they_propose(
    qtbot, taught, session, stroke, settled, monkeypatch
):
    looked, applied, pieces = threading.Event(), threading.Event(), Previewer.pieces

    def late(*args):
        looked.wait(20)
        yield from pieces(*args)

    def slow(*args):
        applied.wait(20)
        return replaced(*args)

    monkeypatch.setattr(Previewer, "pieces", late)
    monkeypatch.setattr("segstudio.gui.proposals.replaced", slow)
    stroke((300, 100), (400, 100), diameter=60, value=0)
    taught.propose()
    qtbot.waitUntil(lambda: not taught.live, timeout=20_000)  # it is worked out, not applied
    looked.set()
    qtbot.waitUntil(lambda: not taught._previewing.busy, timeout=20_000)
    applied.set()
    settled()
    assert 0 in np.unique(proposal(session))
    assert taught.regions is None


def test_what_was_learned_for_the_preview_is_not_learned_again(taught, settled, monkeypatch):
    monkeypatch.setattr("segstudio.methods.live.Live.learn", None)
    taught.accept()
    settled()


def test_accepting_spares_what_was_painted(taught, session, stroke, settled):
    stroke((600, 400), (650, 400), value=1)
    settled()
    taught.accept()
    settled()
    mask = session.read(Layer.MASK, session.image.box)
    assert (mask[400, 600:650] == 1).all()
    assert (mask != 255).all()


def test_steps_clean_up_what_is_kept(proposing, session, settled):
    proposing.set_plan("threshold", segmenters["threshold"](thresholds=(90.0,)))
    proposing.set_steps([cleanups["remove_specks"](smaller_than=200_000, classes=(0,))])
    settled()
    proposing.propose()
    settled()
    assert (proposal(session) == 1).all()


def test_other_methods_begin_without_the_preview_of_strokes(taught, settled):
    taught.set_plan("otsu", segmenters["otsu"]())
    assert taught.regions is None
    settled()
    assert taught.regions.count == 2
    assert taught.mapping() == {0: 0, 1: 1}


def test_the_next_picture_is_previewed_too_where_strokes_elsewhere_teach(
    qtbot, taught, open_image, settled
):
    taught.set_together(True)
    settled()
    with qtbot.waitSignal(taught.ready):
        open_image(2)
    settled()
    assert taught.live
    assert taught.regions.box.shape == (200, 300)
    ids = taught.regions.ids
    assert (set(ids[:, :100].ravel().tolist()), set(ids[:, 200:].ravel().tolist())) == ({1}, {2})


def test_a_method_of_colours_is_not_previewed_on_the_next_picture(
    qtbot, proposing, open_image, settled
):
    proposing.set_plan("otsu", segmenters["otsu"]())
    settled()
    with qtbot.waitSignal(proposing.ready):
        open_image(2)
    settled()
    assert proposing.regions is None


def test_learning_together_changes_the_preview(proposing, settled, session):
    proposing.set_plan("kmeans", segmenters["kmeans"](clusters=2))
    settled()
    proposing.set_together(True)
    settled()
    assert proposing.regions.count == 2
    assert len(proposing._shown_by.lesson.others._open(None).pictures) == 1
