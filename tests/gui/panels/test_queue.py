"""The panel of what to label next."""

import pytest
from PySide6.QtCore import QRectF, QSize

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, State
from segstudio.gui.doubting import Doubting
from segstudio.gui.models import Models
from segstudio.gui.panels.queue import QueuePanel
from segstudio.gui.panels.queue_delegate import DONE, LEAST, PREDICTED, REGION, outline_in
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.queueing import Queueing
from segstudio.gui.stage import Stage
from segstudio.workflows.doubt import Kind

CORNER, SIDE = Box(0, 0, 128, 128), Box(0, 272, 128, 400)


@pytest.fixture
def queueing(qtbot, session, readers):
    stage = Stage(session, readers)
    qtbot.addWidget(stage)
    made = Queueing(session, stage)
    made.doubting = Doubting(session, Models(session), stage)
    yield made
    session.close_image()


@pytest.fixture
def panel(queueing, session, readers, show, qtbot):
    made = QueuePanel(
        session, queueing, queueing.doubting, Thumbnails(session, readers, QSize(56, 40))
    )
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=20_000)
    items = [
        QueueItem(1, 0.9, "recommended", CORNER, "little seen: sign", 1),
        QueueItem(2, 0.4, "recommended", SIDE, "drawn by lot", None, True),
        QueueItem(3, 0.2, "recommended", None, "unsure of parts of it", 2),
    ]
    queueing._show((items, [False] * len(items)))
    return made


def test_each_row_says_where_why_and_of_which_class(panel, session):
    first, second, third = (panel.model.index(row, 0) for row in range(3))
    assert first.data(REGION) == (CORNER, session.images[1].box)
    assert first.data(PREDICTED) == ("sign", session.class_of(1).colour)
    assert (second.data(PREDICTED), third.data(REGION)) == (None, None)
    assert "little seen: sign (sign)" in panel.model.item(0).toolTip()
    assert panel.note.text() == "3 to label · Recommended"


def test_what_is_done_has_a_mark_while_it_is_in_hand(panel, queueing, session, qtbot):
    panel.next.click()
    with qtbot.waitSignal(session.image_opened, timeout=20_000):
        pass
    assert panel.list.currentIndex().row() == 0
    session.set_image([1], "Review", state=State.REVIEWED)
    assert panel.model.index(0, 0).data(DONE)
    assert panel.model.rowCount() == 3
    panel.next.click()
    with qtbot.waitSignal(session.image_opened, timeout=20_000):
        pass
    assert panel.model.rowCount() == 2
    assert panel.list.currentIndex().row() == 0


def test_skip_and_never_want_an_item_in_hand(panel, queueing, session, qtbot):
    assert not panel.skip.isEnabled()
    assert not panel.never.isEnabled()
    panel.list.clicked.emit(panel.model.index(1, 0))
    with qtbot.waitSignal(session.image_opened, timeout=20_000):
        pass
    assert queueing.current.box == SIDE
    panel.never.click()
    assert [item.image for item in queueing.items] == [1, 3]
    panel.skip.click()
    assert [item.image for item in queueing.items] == [1, 3]  # it was the last already
    assert queueing.current.image == 1
    qtbot.waitUntil(lambda: session.image.id == 1 and not session.opening, timeout=20_000)


def test_strategy_batch_and_settings_are_chosen_in_the_panel(panel, queueing):
    order = panel.order
    order.strategy.setCurrentIndex(order.strategy.findData("margin"))
    order.strategy.activated.emit(order.strategy.currentIndex())
    order.batch.setValue(7)
    order.fold.click()
    order.form.fields["side"].box.setValue(64)
    assert (queueing.ordering.choice.strategy, queueing.ordering.choice.batch) == ("margin", 7)
    assert queueing.ordering.choice.part().side == 64
    order.strategy.activated.emit(order.strategy.findData("recommended"))
    assert "lot" in order.form.fields
    order.fold.click()
    assert order.form is None


def test_the_kind_of_uncertainty_is_chosen_beside_its_switch(panel, queueing):
    panel.kind.activated.emit(panel.kind.findData(Kind.MARGIN))
    assert queueing.doubting.kind == Kind.MARGIN
    queueing.doubting.choose(Kind.DISAGREEMENT)
    assert panel.kind.currentText() == "Two models"


def test_an_empty_queue_offers_to_order_it(panel, queueing):
    queueing._show(([], []))
    assert panel.pages.currentWidget() is panel.empty
    assert not panel.next.isEnabled()


def test_the_panel_fits_its_column(panel):
    from segstudio.gui.docks import LEAST, RIGHT

    assert panel.minimumSizeHint().width() <= LEAST[RIGHT]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(50, 150, 150, 250), QRectF(20, 10, 20, 20)),
        (Box(0, 100, 200, 300), QRectF(10, 0.5, 40, 39)),
        (Box(0, 0, 50, 50), QRectF(0.5, 0.5, LEAST, 9.5)),  # outside of what the middle shows
        (Box(100, 200, 101, 201), QRectF(30, 20, LEAST, LEAST)),
    ],
)
def test_a_region_is_outlined_where_it_lies_in_a_thumbnail(box, expected):
    """The picture of 400 × 200 px fills 60 × 40 with its middle, at a fifth."""
    found = outline_in(QRectF(0, 0, 60, 40), box, Box(0, 0, 200, 400))
    for side in ("left", "top", "width", "height"):
        assert getattr(found, side)() == pytest.approx(getattr(expected, side)()), side
