"""Comparing methods from the window's side: a job, its rows, and taking one over."""

import pytest
from PySide6.QtCore import QObject

from segstudio.domain.records import Split
from segstudio.gui.methods_study import Extent, MethodsStudy
from segstudio.methods.builtin.kmeans import KMeans
from segstudio.methods.builtin.otsu import Otsu
from segstudio.store.project import Project
from segstudio.workflows import study_methods

WAIT = 20_000


class Proposing(QObject):
    def __init__(self):
        super().__init__()
        self.plans = []

    def set_plan(self, name, settings, mapping=None):
        self.plans.append((name, settings))


@pytest.fixture
def proposing():
    return Proposing()


@pytest.fixture
def studying(session, proposing, monkeypatch):
    few = lambda classes: iter([Otsu(), KMeans(2)])  # noqa: E731
    monkeypatch.setattr(study_methods, "candidates", few)
    return MethodsStudy(session, proposing)


@pytest.fixture
def labelled(session, open_image, stroke, wait_saved):
    """Both pictures labelled on both sides; the second measures."""
    for id, width in ((1, 700), (2, 300)):
        open_image(id)
        stroke((20, 100), (40, 100), value=0)
        stroke((width - 40, 100), (width - 20, 100), value=1)
        wait_saved()
    session.set_image([2], "Move", split=Split.VAL)
    wait_saved()


def run(qtbot, studying):
    job = studying.start()
    with qtbot.waitSignal(job.finished, timeout=WAIT):
        pass


@pytest.mark.usefixtures("labelled")
def test_every_method_becomes_a_row(qtbot, studying):
    seen = []
    studying.measured.connect(seen.append)
    studying.extent = Extent(images=1, pixels=10)
    run(qtbot, studying)
    assert [row.method for row in studying.rows] == ["otsu", "kmeans"]
    assert seen == studying.rows
    assert [row.miou for row in studying.rows] == [1.0, 1.0]
    assert studying.classes == ["background", "sign", "window"]
    assert [image.id for image in studying.study.judged] == [2]
    assert studying.job is None
    assert studying.error is None


def test_without_labels_the_reason_is_kept(qtbot, studying, session):
    said = []
    session.said.connect(lambda *words: said.append(words))
    run(qtbot, studying)
    assert "needs labelled pictures" in studying.error.message
    assert studying.rows == []
    assert said == []  # the sheet says it


@pytest.mark.usefixtures("labelled")
def test_stopping_keeps_what_was_measured(qtbot, studying):
    studying.measured.connect(lambda row: studying.stop())
    run(qtbot, studying)
    assert [row.method for row in studying.rows][:1] == ["otsu"]
    assert studying.job is None


@pytest.mark.usefixtures("labelled")
def test_one_at_a_time(qtbot, studying):
    first = studying.start()
    assert studying.start() is None
    with qtbot.waitSignal(first.finished, timeout=WAIT):
        pass


@pytest.mark.usefixtures("labelled")
def test_a_row_is_taken_over(qtbot, studying, proposing):
    run(qtbot, studying)
    taken = []
    studying.taken.connect(taken.append)
    studying.use(studying.rows[1])
    assert proposing.plans == [("kmeans", KMeans(2))]
    assert taken == [studying.rows[1]]


@pytest.mark.usefixtures("labelled")
def test_another_project_forgets(qtbot, studying, session, walls):
    run(qtbot, studying)
    session.close()
    assert studying.start() is None
    session.open(Project.open(walls))
    assert studying.rows == []
    assert studying.study is None
