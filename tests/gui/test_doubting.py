"""Where the model is unsure of the open picture, without a panel."""

import threading

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.gui import doubting as module
from segstudio.gui.doubting import Doubting
from segstudio.gui.models import Models
from segstudio.gui.stage import Stage
from segstudio.workflows.doubt import Doubt, Kind

WAIT = 20_000


@pytest.fixture
def doubting(qtbot, session, readers, open_image, wait_idle):
    """A picture is open, and a model in use."""
    stage = Stage(session, readers)
    qtbot.addWidget(stage)
    models = Models(session)
    made = Doubting(session, models, stage)
    made.stage = stage
    with qtbot.waitSignal(stage.loader.picture_ready, timeout=WAIT):
        open_image(1)
    wait_idle()
    models.current = object()
    yield made
    session.close_image()  # before the readers are gone


def test_a_measurement_that_was_given_up_does_not_end_the_next(
    qtbot, doubting, monkeypatch, wait_idle
):
    gate = threading.Event()
    nothing = Doubt(Box(0, 0, 8, 8), np.zeros((8, 8), np.uint8))
    monkeypatch.setattr(module, "doubt_in", lambda *_: gate.wait(20) and nothing)
    first = doubting.measure()
    doubting._forget()
    second = doubting.measure()
    assert second is not first
    with qtbot.waitSignal(first.finished, timeout=WAIT):
        pass
    assert doubting.measure() is second
    doubting._forget()
    gate.set()
    wait_idle()


def test_the_kind_of_doubt_is_measured_anew_where_it_is_in_sight(
    qtbot, doubting, session, monkeypatch, wait_idle
):
    asked = []

    def measure(project, picture, kind, task):
        asked.append(kind)
        return Doubt(Box(0, 0, 530, 700), np.full((530, 700), 9 + len(asked), np.uint8))

    monkeypatch.setattr(module, "doubt_in", measure)
    doubting.choose(Kind.MARGIN)
    wait_idle()
    assert asked == []  # nobody looks
    doubting.choose_next()
    wait_idle()
    assert session.view.uncertainty
    doubting.choose_next()
    wait_idle()
    assert asked == [Kind.MARGIN, Kind.DISAGREEMENT]
    assert doubting.doubt.values[0, 0] == 11
    assert doubting.stage.canvas.heat.active


def test_one_model_cannot_disagree_and_entropy_is_shown_instead(
    doubting, session, monkeypatch, wait_idle
):
    said = []
    session.said.connect(lambda text, hint: said.append(text))

    def measure(project, picture, kind, task):
        if kind == Kind.DISAGREEMENT:
            raise UserError("there is only one model", "train once more")
        return Doubt(Box(0, 0, 8, 8), np.zeros((8, 8), np.uint8))

    monkeypatch.setattr(module, "doubt_in", measure)
    session.view.set_overlay(uncertainty=True)
    doubting.choose(Kind.DISAGREEMENT)
    wait_idle()
    assert said == ["there is only one model"]
    assert doubting.kind == Kind.ENTROPY
    assert doubting.doubt is not None


def test_the_least_sure_region_is_sought_where_it_is_measured(
    qtbot, doubting, monkeypatch, wait_idle
):
    threads, shown = [], []

    class Watched(Doubt):
        def worst_region(self, side=128):
            threads.append(threading.current_thread())
            return Box(1, 2, 3, 4)

    nothing = Watched(Box(0, 0, 530, 700), np.zeros((530, 700), np.uint8))
    monkeypatch.setattr(module, "doubt_in", lambda *_: nothing)
    monkeypatch.setattr(doubting.stage, "show_box", shown.append)
    doubting.jump()
    wait_idle()
    assert shown == [Box(1, 2, 3, 4)]
    assert threading.main_thread() not in threads
