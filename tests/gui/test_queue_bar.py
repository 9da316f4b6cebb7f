"""The bar over the canvas while an item of the queue is in hand."""

import pytest
from PySide6.QtWidgets import QWidget

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem
from segstudio.gui.queue_bar import QueueBar
from segstudio.gui.queueing import Queueing
from segstudio.gui.stage import Stage

WAIT = 20_000
BOX = Box(0, 0, 128, 128)


@pytest.fixture
def bar(qtbot, session, readers, open_image, wait_idle):
    stage, canvas = Stage(session, readers), QWidget()
    qtbot.addWidget(stage)
    qtbot.addWidget(canvas)
    canvas.resize(1200, 300)
    canvas.show()
    queueing = Queueing(session, stage)
    made = QueueBar(session, queueing, canvas)
    made.queueing = queueing
    open_image(1)
    wait_idle()
    items = [QueueItem(1, 0.9, "recommended", BOX, "little seen: sign; unsure of parts of it", 1),
             QueueItem(2, 0.5, "recommended", None, "unsure of most of it", 2)]  # fmt: skip
    queueing._show((items, [False, False]))
    yield made
    session.close_image()


def parts(bar):
    return bar.text.text().split("  ·  ")


def test_it_is_there_only_while_an_item_is_in_hand(bar):
    assert bar.isHidden()
    bar.queueing.next_item()
    assert not bar.isHidden()
    bar.close_button.click()
    assert bar.isHidden()
    bar.queueing.next_item()
    bar.give_way(True)
    assert bar.isHidden()
    bar.give_way(False)
    assert not bar.isHidden()


@pytest.mark.parametrize(("width", "over"), [(1200, False), (500, True)])
def test_where_it_is_narrow_its_words_stand_over_its_buttons(bar, width, over):
    bar.parentWidget().resize(440 if width == 1200 else 1200, 300)
    bar.queueing.next_item()
    bar.parentWidget().resize(width, 300)
    assert (bar.text.geometry().bottom() < bar.next.geometry().top()) == over
    assert bar.text.shown == bar.text.text()
    assert bar.width() <= width - 32
    assert bar.parentWidget().rect().contains(bar.geometry())


def test_it_says_which_of_which_class_why_and_how_far(qtbot, bar, stroke, wait_saved):
    bar.queueing.next_item()
    assert parts(bar) == ["1 of 2", "0 % labelled", "little seen: sign", "unsure of parts of it"]
    bar.queueing._take_share(0.499)
    assert parts(bar)[1] == "49 % labelled"
    stroke((20, 64), (108, 64), diameter=120)
    qtbot.waitUntil(lambda: parts(bar)[1] == "done ✓", timeout=WAIT)
    wait_saved()


def test_a_whole_picture_is_not_measured(qtbot, bar, session):
    with qtbot.waitSignal(session.image_opened, timeout=WAIT):
        bar.queueing.go_to(bar.queueing.items[1])
    assert parts(bar) == ["2 of 2", "window", "unsure of most of it"]
    assert bar.next.isEnabled()


def test_its_buttons_go_on_in_the_queue(qtbot, bar, session):
    bar.queueing.next_item()
    with qtbot.waitSignal(session.image_opened, timeout=WAIT):
        bar.skip.click()
    assert bar.queueing.current.image == 2
    assert [item.image for item in bar.queueing.items] == [2, 1]
    with qtbot.waitSignal(session.image_opened, timeout=WAIT):
        bar.never.click()
    assert bar.queueing.current.image == 1
    assert [item.image for item in bar.queueing.items] == [1]
    assert not bar.next.isEnabled()


def test_where_it_is_narrow_the_reason_is_cut_and_not_how_far_it_is(bar):
    bar.queueing.next_item()
    assert bar.text.shown == bar.text.text()
    bar.parentWidget().resize(390, 300)
    bar.layout().activate()
    assert bar.text.shown.startswith("1 of 2  ·  0 % labelled")
    assert bar.text.shown.endswith("…")
    assert bar.next.width() >= bar.next.minimumSizeHint().width()
