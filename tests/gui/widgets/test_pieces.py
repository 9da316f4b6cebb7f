import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import button, icon_button
from segstudio.gui.widgets.floating_bar import FloatingBar
from segstudio.gui.widgets.labels import EmptyState, SectionHeader
from segstudio.gui.widgets.message_line import MessageLine
from segstudio.gui.widgets.shares import ClassBars, Share, ShareBar
from segstudio.gui.widgets.size_strip import SizeStrip
from segstudio.gui.widgets.slider import ValueSlider
from segstudio.gui.widgets.swatch import ClassSwatch, ColourPopup, Swatch

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def parent(qtbot, qapp):
    theme.apply(qapp, "dark")
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(600, 400)
    parent.show()
    return parent


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_buttons_carry_name_words_and_key(qtbot):
    made = icon_button("brush", "tool_brush", "Brush", "B", checkable=True)
    qtbot.addWidget(made)
    assert (made.objectName(), made.accessibleName()) == ("tool_brush", "Brush")
    assert made.toolTip() == "Brush  (B)"
    plain = button("Train", "train", "primary")
    qtbot.addWidget(plain)
    assert (plain.objectName(), plain.accessibleName()) == ("train", "Train")


def test_an_empty_state_offers_its_button(qtbot, parent):
    empty = EmptyState("Images appear here", "Add images", "images_empty", "image", parent)
    with qtbot.waitSignal(empty.clicked):
        click(empty.button)
    assert empty.button.objectName() == "images_empty_button"
    empty.set_text("Nothing found")
    assert empty.button.isHidden()


def test_a_header_can_say_more(qtbot):
    header = SectionHeader("Per class", "per_class")
    qtbot.addWidget(header)
    header.set_note("indicative")
    header.add(icon_button("plus", "class_add", "Add a class"))
    assert header.note.text() == "indicative"
    assert header.findChild(QToolButton, "class_add") is not None


def test_the_floating_bar_answers_and_stays_at_the_foot(qtbot, parent):
    bar = FloatingBar("preview", parent)
    bar.set_text("preview: k-means, 6")
    bar.show()
    with qtbot.waitSignal(bar.accepted):
        click(bar.accept_button)
    with qtbot.waitSignal(bar.discarded):
        click(bar.discard_button)
    parent.resize(800, 500)
    assert bar.geometry().bottom() == 500 - theme.EDGE - 1
    assert abs(bar.geometry().center().x() - 400) <= 1
    bar.set_text("preview: k-means with a far longer description than before, 6")
    qtbot.waitUntil(lambda: bar.width() >= bar.text.sizeHint().width())
    assert abs(bar.geometry().center().x() - 400) <= 1


def test_accepting_waits_until_there_is_something(qtbot, parent):
    bar = FloatingBar("preview", parent)
    bar.show()
    bar.set_ready(False)
    with qtbot.assertNotEmitted(bar.accepted):
        click(bar.accept_button)


def test_an_error_stays_and_an_information_goes(qtbot, parent):
    message = MessageLine("message", parent)
    message.float_over_parent()
    message.show_message("the file is empty", "choose another one", "error", "Open…")
    assert message.text.text() == "The file is empty"
    assert message.hint.text() == "Choose another one"
    assert not message._timer.isActive()
    with qtbot.waitSignal(message.action_clicked):
        click(message.action)
    assert message.geometry().top() == theme.EDGE
    click(message.findChild(QToolButton, "message_close"))
    assert message.isHidden()
    message.show_message("exported 12 masks")
    assert message.isVisible()
    assert message.hint.isHidden()
    message._timer.setInterval(1)
    qtbot.waitUntil(message.isHidden)


def test_a_long_message_is_shown_whole(parent):
    message = MessageLine("message", parent)
    message.float_over_parent()
    message.show_message("something happened " * 6, "something can be done " * 12, "error")
    for part in (message.text, message.hint):
        assert part.height() >= part.heightForWidth(part.width())


def test_shares_stand_side_by_side(qtbot, parent):
    bar = ShareBar("shares", parent)
    bar.resize(200, 12)
    bar.set_shares([Share("sign", (255, 0, 0), 0.5), Share("wall", (0, 0, 255), 0.25)])
    image = bar.grab().toImage()
    seen = [image.pixelColor(x, 6) for x in (50, 120, 180)]
    assert seen == [QColor(255, 0, 0), QColor(0, 0, 255), QColor(theme.current().pressed)]
    assert bar.share_at(120).name == "wall"
    assert bar.share_at(180) is None
    assert bar.accessibleDescription() == "sign 50.0 %, wall 25.0 %"


def test_class_bars_tell_figures(qtbot, parent):
    bars = ClassBars("iou", parent=parent)
    bars.set_rows([Share("sign", (255, 0, 0), 0.613), Share("vent", (0, 0, 255), None)])
    assert bars.accessibleDescription() == "sign 0.61, vent –"
    assert bars.sizeHint().height() == 40
    bars.resize(300, 40)
    image = bars.grab().toImage()
    reds = [x for x in range(20, 300) if image.pixelColor(x, 10) == QColor(255, 0, 0)]
    blues = [x for x in range(20, 300) if image.pixelColor(x, 30) == QColor(0, 0, 255)]
    assert len(reds) > 50
    assert blues == []


def test_the_size_strip_is_logarithmic_and_live(qtbot, parent):
    strip = SizeStrip("brush_size", 1, 400, parent=parent)
    strip.set_value(20)
    assert strip.value() == 20
    middle = strip.slider.maximum() // 2
    assert strip.slider.value() == pytest.approx(middle, abs=2)
    with qtbot.waitSignal(strip.value_changed) as heard:
        strip.slider.setValue(strip.slider.maximum())
    assert heard.args == [400]
    with qtbot.waitSignal(strip.value_changed) as heard:
        strip.box.setValue(30)
    assert heard.args == [30]
    with qtbot.assertNotEmitted(strip.value_changed):
        strip.set_value(77)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_slider_returns_what_it_was_given(qtbot, logarithmic):
    slider = ValueSlider(1, 100, step=1, logarithmic=logarithmic)
    qtbot.addWidget(slider)
    for number in range(1, 101):
        slider.set_number(number)
        assert slider.number() == number


def test_the_wheel_passes_over_a_slider_without_focus(qtbot, parent):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    slider = ValueSlider(0, 10, step=1, parent=parent)
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider, event)
    assert slider.number() == 0


def test_a_swatch_offers_the_palette(qtbot, parent):
    swatch = ClassSwatch((255, 0, 0), "class_1", "sign", parent)
    swatch.show()
    click(swatch)
    popup = swatch.findChild(ColourPopup)
    assert popup is not None
    offered = popup.findChild(Swatch, "class_1_colours_e69f00")
    with qtbot.waitSignal(swatch.colour_changed) as heard:
        click(offered)
    assert heard.args == [(230, 159, 0)]
    assert swatch.colour() == (230, 159, 0)


def test_any_other_colour_is_typed(qtbot, parent):
    swatch = ClassSwatch((255, 0, 0), "class_1", "sign", parent)
    click(swatch)
    edit = swatch.findChild(QLineEdit, "class_1_colours_hex")
    edit.setText("blue")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.property("invalid") is True
    edit.setText("#0000FF")
    with qtbot.waitSignal(swatch.colour_changed) as heard:
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert heard.args == [(0, 0, 255)]
