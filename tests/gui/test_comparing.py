"""What is compared, without a window: models and pictures are stand-ins."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.records import RunRecord
from segstudio.domain.tiles import Layer, SparseLayer
from segstudio.gui.comparing import Comparing, Mode
from segstudio.gui.sides import MASK, MODEL, PROPOSAL, Side
from segstudio.store.project import Project

WAIT = 20_000


class Loader(QObject):
    picture_ready = Signal(object, object)
    picture = None


class Models(QObject):
    changed = Signal()

    def __init__(self):
        super().__init__()
        self.runs, self.current = [], None

    def use(self, id, *others):
        made = {n: RunRecord(n, "train", f"net{n}", "done", 0.0) for n in (id, *others)}
        self.runs, self.current = list(made.values()), made[id]
        self.changed.emit()


@dataclass
class Predictions:
    """Stands in for predicting: notes what was asked for, and may be held up or fail."""

    asked: list[Path] = field(default_factory=list)
    error: Exception | None = None
    stop_at: int = 1

    def __call__(self, found, project, picture, task, threads=None):
        self.asked.append(found.path)
        for n in range(self.stop_at):
            task.report(n, self.stop_at, "Predicting")
        if self.error is not None:
            raise self.error
        return SparseLayer(530, 700)


@pytest.fixture
def predictions(monkeypatch):
    from segstudio.workflows import models, two_masks

    made = Predictions()
    monkeypatch.setattr(two_masks, "predicted_layer", made)
    monkeypatch.setattr(models, "in_use", lambda project: models.Found(Path("in-use")))
    monkeypatch.setattr(models, "of_run", lambda project, run: models.Found(Path(f"run-{run}")))
    return made


@pytest.fixture
def models():
    return Models()


@pytest.fixture
def loader():
    made = Loader()
    made.picture = SimpleNamespace(nbytes=1)
    return made


@pytest.fixture
def comparing(session, open_image, models, loader, predictions, wait_idle):
    open_image(1)
    yield Comparing(session, models, loader)
    wait_idle()


def test_what_can_be_compared(comparing, models):
    assert comparing.options() == [MASK, PROPOSAL]
    models.use(3, 1, 7)
    assert comparing.options() == [
        MASK,
        PROPOSAL,
        MODEL,
        Side("run", 7),
        Side("run", 3),
        Side("run", 1),
    ]
    models.runs.append(RunRecord(9, "train", "net9", "failed", 0.0))
    assert Side("run", 9) not in comparing.options()
    comparing.choose(1, Side("bundle", path=Path("some/bundle")))
    assert comparing.options()[-1] == Side("bundle", path=Path("some/bundle"))
    titles = [comparing.title(side) for side in comparing.options()]
    assert titles[:4] == ["Mask", "Proposal", "Model in use (run 3)", "Run 7 · net7"]
    assert titles[-1] == "bundle"


def test_it_begins_with_what_there_is(comparing, models):
    comparing.toggle()
    assert comparing.active
    assert comparing.sides == [MASK, PROPOSAL]
    assert comparing.layer_of(0) == Layer.MASK
    comparing.toggle()
    assert not comparing.active
    models.use(3)
    comparing.toggle()
    assert comparing.sides == [MASK, MODEL]


def test_a_model_predicts_only_while_it_is_compared_and_once_an_image(
    comparing, models, predictions, wait_idle, open_image
):
    models.use(3, 4)
    comparing.choose(1, Side("run", 4))
    wait_idle()
    assert predictions.asked == []
    comparing.toggle()
    assert comparing.layer_of(1) is None
    assert comparing.waiting.startswith("Run 4")
    wait_idle()
    assert predictions.asked == [Path("run-4")]
    assert isinstance(comparing.layer_of(1), SparseLayer)
    assert comparing.waiting == ""
    comparing.choose(1, PROPOSAL)
    comparing.choose(1, Side("run", 4))
    comparing.set_mode(Mode.SIDE)
    wait_idle()
    assert len(predictions.asked) == 1
    open_image(2)
    wait_idle()
    assert len(predictions.asked) == 2


def test_it_waits_for_the_picture(comparing, models, predictions, loader, wait_idle):
    loader.picture = None
    models.use(3)
    comparing.toggle()
    wait_idle()
    assert predictions.asked == []
    loader.picture = SimpleNamespace(nbytes=1)
    loader.picture_ready.emit(None, None)
    wait_idle()
    assert predictions.asked == [Path("in-use")]


def test_another_model_in_use_is_predicted_anew(comparing, models, predictions, wait_idle):
    models.use(3)
    comparing.toggle()
    wait_idle()
    models.use(5, 3)
    wait_idle()
    assert predictions.asked == [Path("in-use")] * 2
    models.changed.emit()
    wait_idle()
    assert len(predictions.asked) == 2


def test_cancelling_goes_back_to_what_was_there(comparing, models, predictions, session, wait_idle):
    predictions.stop_at = 10_000_000
    models.use(3)
    comparing.toggle()
    comparing.choose(1, PROPOSAL)
    comparing.choose(1, Side("run", 3))
    next(job for job in session.jobs.jobs if job.title.endswith("Run 3 · net3")).cancel()
    wait_idle()
    assert comparing.sides[1] == PROPOSAL
    assert comparing.active


def test_what_fails_says_why_and_is_not_offered_again(comparing, predictions, session, wait_idle):
    from segstudio.errors import UserError

    said = []
    session.said.connect(lambda text, hint: said.append((text, hint)))
    predictions.error = UserError("it is no model", "choose another")
    comparing.toggle()
    bad = Side("bundle", path=Path("x/bad"))
    comparing.choose(0, bad)
    wait_idle()
    assert said == [("bad cannot be compared: it is no model", "choose another")]
    assert comparing.sides[0] == MASK
    assert bad not in comparing.options()


def test_a_reference_follows_the_classes(comparing, session, tmp_path, wait_idle):
    from segstudio.domain.classes import LabelClass

    ids = np.full((530, 700), UNLABELLED, np.uint8)
    ids[:100] = 2
    cv2.imwrite(str(tmp_path / "m.png"), ids)
    comparing.toggle()
    comparing.choose(1, Side("file", path=tmp_path / "m.png"))
    wait_idle()
    first = comparing.layer_of(1)
    assert np.array_equal(first.read(first.box), ids)
    session.change_class(LabelClass(3, "new", (1, 2, 3), position=3))
    wait_idle()
    assert comparing.layer_of(1) is not first
    assert isinstance(comparing.layer_of(1), SparseLayer)


def test_figures_follow_changes_in_the_mode_that_shows_them(comparing, stroke, qtbot, wait_idle):
    comparing.toggle()
    stroke((100, 100), (200, 100))
    wait_idle()
    qtbot.wait(1)
    assert comparing.figures is None
    with qtbot.waitSignal(comparing.measured, timeout=WAIT):
        comparing.set_mode(Mode.DIFFERENCE)
    assert comparing.figures.only_first > 1000
    assert comparing.figures.miou is None
    before = comparing.figures.only_first
    with qtbot.waitSignal(comparing.measured, timeout=WAIT):
        stroke((100, 300), (200, 300))
    assert comparing.figures.only_first > before


def test_the_border_stays_in_the_canvas(comparing):
    told = []
    comparing.moved.connect(lambda: told.append(comparing.border))
    comparing.move_border(-3)
    comparing.move_border(0.2)
    comparing.move_border(0.2)
    comparing.move_border(7)
    assert told == [0.0, 0.2, 1.0]


def test_exchanging_and_closing(comparing, models, session, wait_idle):
    told = []
    comparing.changed.connect(lambda: told.append(comparing.active))
    models.use(3)
    comparing.toggle()
    comparing.exchange()
    assert comparing.sides == [MODEL, MASK]
    comparing.close()
    assert told[-1] is False
    count = len(told)
    comparing.close()
    assert len(told) == count
    assert not [
        job for job in session.jobs.jobs if job.lane == "compare" and not job._stop.is_set()
    ]
    wait_idle()


def test_another_project_begins_anew(comparing, session, walls, tmp_path, wait_idle):
    comparing.toggle()
    comparing.choose(0, Side("file", path=tmp_path / "gone.png"))
    session.close()
    session.open(Project.open(walls))
    assert not comparing.active
    assert comparing.sides == [MASK, PROPOSAL]
    assert comparing.options() == [MASK, PROPOSAL]
    wait_idle()


def test_without_an_image_there_is_nothing_to_compare(comparing, session):
    session.close_image()
    comparing.toggle()
    assert not comparing.active
