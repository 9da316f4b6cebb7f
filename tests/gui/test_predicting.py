"""Predicting from the window, with a stand-in for the model."""

import threading

import pytest

from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.records import State
from segstudio.domain.states import after_proposing, changed
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.gui.models import Models
from segstudio.gui.predicting import Predicting
from segstudio.workflows.items import each
from segstudio.workflows.segment import Proposed


class Model:
    """Proposes class 1 for a corner of each picture; before the second it can be held up."""

    def __init__(self):
        self.asked, self.gate, self.waiting = [], threading.Event(), threading.Event()
        self.gate.set()

    def plan(self, project, items, found, task, **_):
        tiles, rows = [], []

        def do(item, part):
            self.asked.append(item.image.id)
            if len(self.asked) == 2 and not self.gate.is_set():
                self.waiting.set()
                self.gate.wait(20)
                part.report(0, 1, "")
            ids = blank()
            ids[:20, :20] = 1
            change = TileChange(item.image.id, Layer.PROPOSAL, (0, 0), None, Packed.of(ids))
            tiles.append(change)
            rows.append(changed(item.image, after_proposing(item.image)))

        batch = each(items, do, task, "Predicting")
        return Proposed(Edit("Predict", tuple(tiles)).with_rows(rows), batch)


@pytest.fixture
def model(monkeypatch):
    model = Model()
    monkeypatch.setattr("segstudio.workflows.models.in_use", lambda project: None)
    monkeypatch.setattr("segstudio.workflows.predict.plan_predict", model.plan)
    yield model
    model.gate.set()


@pytest.fixture
def predicting(session, model, wait_idle):
    made = Predicting(session, Models(session))
    wait_idle()
    return made


def states(session):
    return {id: image.state for id, image in session.images.items()}


def test_predicts_the_pictures_that_were_chosen(session, predicting, model, wait_idle):
    session.set_image([2], "Review", state=State.REVIEWED)
    assert predicting.images([2, 77]).title == "Predicting wall-2.png"
    wait_idle()
    assert model.asked == [2]
    assert len(session.project.layers(session.images[2]).proposal) == 1
    assert states(session) == {1: State.UNLABELLED, 2: State.REVIEWED}
    assert predicting.images([]) is None


def test_what_was_done_before_it_was_cancelled_is_kept(
    qtbot, session, predicting, model, wait_idle
):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    model.gate.clear()
    job = predicting.images([1, 2])
    qtbot.waitUntil(model.waiting.is_set, timeout=20_000)
    job.cancel()
    model.gate.set()
    with qtbot.waitSignal(predicting.predicted, timeout=20_000):
        pass
    wait_idle()
    assert said == ["predicting was stopped: 1 picture has a proposal"]
    assert states(session) == {1: State.PROPOSED, 2: State.UNLABELLED}
    session.undo()
    wait_idle()
    assert states(session)[1] == State.UNLABELLED


def test_of_a_project_that_is_closed_nothing_is_kept(qtbot, session, predicting, model, walls):
    model.gate.clear()
    predicting.images([1, 2])
    qtbot.waitUntil(model.waiting.is_set, timeout=20_000)
    project = session.project
    session.close()
    with qtbot.assertNotEmitted(predicting.predicted), qtbot.waitSignal(predicting._interrupted):
        model.gate.set()
    assert session.project is not project
