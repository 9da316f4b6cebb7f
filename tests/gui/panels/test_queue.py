"""The panel of what to label next."""

import pytest
from PySide6.QtCore import QRectF, QSize

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, State
from segstudio.gui.doubting import Doubting
from segstudio.gui.models import Models
from segstudio.gui.panels.queue import QueuePanel
from segstudio.gui.panels.queue_delegate import (
    DONE,
    LEAST,
    PREDICTED,
    REGION,
    SCORE,
    outline_in,
)
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.queue_words import lines_of
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
    assert panel.empty.button.text() == "Order the queue"
    assert panel.empty.button.isEnabled()
    assert not panel.next.isEnabled()


def test_without_pictures_it_offers_to_add_some(panel, queueing, session, qtbot, monkeypatch):
    monkeypatch.setattr(type(session), "images", property(lambda self: {}))
    queueing._show(([], []))
    assert panel.empty.button.text() == "Add pictures…"
    with qtbot.waitSignal(panel.add_requested):
        panel.empty.button.click()


def test_the_button_of_an_empty_queue_orders_it(panel, queueing, qtbot):
    queueing._show(([], []))
    with qtbot.waitSignal(queueing.ordering.changed):
        panel.empty.button.click()
    assert queueing.ordering.job is not None
    assert not panel.empty.button.isEnabled()
    qtbot.waitUntil(lambda: queueing.ordering.job is None, timeout=20_000)


def test_a_queue_that_is_done_offers_to_ask_for_more(panel, queueing, session):
    queueing._show((queueing.items[:2], [False] * 2))
    session.set_image([1, 2], "Review", state=State.REVIEWED)
    assert panel.empty.button.text() == "Ask for more"
    session.set_image(list(session.images), "Review", state=State.REVIEWED)
    assert "Every picture is reviewed" in panel.empty.text.text()
    assert panel.empty.button.isHidden()


def test_what_was_drawn_without_a_model_has_no_number(panel, queueing):
    seen = QueueItem(1, 0.4, "recommended", CORNER, "drawn by lot", 1, True)
    typical = QueueItem(2, 0.2, "recommended", SIDE, "typical of 20 % of what the pictures show")
    unseen = QueueItem(3, 0.0, "recommended", None, "drawn by lot", None, True)
    queueing._show(([seen, typical, unseen], [False] * 3))
    assert [panel.model.index(row, 0).data(SCORE) for row in range(3)] == [0.4, 0.2, None]


def test_notes_are_whole_sentences_and_go_with_the_queue(panel, queueing):
    queueing.ordering.notes = ["there is no model yet", "2 of 5 pictures were looked at"]
    queueing.changed.emit()
    assert panel.instead.text() == "There is no model yet. 2 of 5 pictures were looked at."
    queueing._show(([], []))
    assert panel.instead.isHidden()


@pytest.mark.parametrize(
    ("reason", "name", "lines"),
    [
        ("little seen: sign; unsure of parts of it", "sign",
         ("little seen: sign", "unsure of parts of it")),
        ("unsure of parts of it", "sign", ("sign", "unsure of parts of it")),
        ("drawn by lot for sign", "sign", ("drawn by lot for sign", "")),
        ("drawn by lot", None, ("", "drawn by lot")),
    ],
)  # fmt: skip
def test_class_and_reason_stand_below_each_other_each_said_once(reason, name, lines):
    assert lines_of(reason, name) == lines


def test_rows_are_painted_whatever_they_know(panel, queueing, show):
    nothing = QueueItem(2, 0.0, "recommended", None, "", None, True)
    queueing._show(([*queueing.items, nothing], [False, True, False, False]))
    image = panel.list.grab().toImage()
    assert len({image.pixel(x, y) for x in range(0, image.width(), 3)
                for y in range(0, image.height(), 3)}) > 8  # fmt: skip


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
