"""The queue in the window, without its panel."""

import threading

import pytest

from segstudio.gui import queueing as module
from segstudio.gui.models import Models
from segstudio.gui.queueing import Queueing
from segstudio.gui.stage import Stage

WAIT = 20_000


@pytest.fixture
def queueing(qtbot, session, readers, open_image, wait_idle):
    """The queue of a project whose first picture is open, with a model in use."""
    stage = Stage(session, readers)
    qtbot.addWidget(stage)
    models = Models(session)
    made = Queueing(session, models, stage)
    with qtbot.waitSignal(stage.loader.picture_ready, timeout=WAIT):
        open_image(1)
    wait_idle()
    models.current = object()
    yield made
    session.close_image()  # before the readers are gone


def test_a_measurement_that_was_given_up_does_not_end_the_next(
    qtbot, queueing, monkeypatch, wait_idle
):
    gate = threading.Event()
    monkeypatch.setattr("segstudio.workflows.models.in_use", lambda project: gate.wait(20))
    monkeypatch.setattr(module, "doubt_of", lambda *_: None)
    first = queueing.measure()
    queueing._forget_doubt()
    second = queueing.measure()
    assert second is not first
    with qtbot.waitSignal(first.finished, timeout=WAIT):
        pass
    assert queueing.measure() is second
    queueing._forget_doubt()
    gate.set()
    wait_idle()
