"""The sheet that compares methods, on rows that were measured nowhere."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from segstudio.domain.metrics import Confusion
from segstudio.errors import UserError
from segstudio.gui.dialogs.methods_sheet import MethodsSheet
from segstudio.gui.dialogs.methods_table import LEARNS, METHOD, MIOU, PACE, SETTINGS, SHARE
from segstudio.gui.methods_study import Extent
from segstudio.methods.builtin.kmeans import KMeans
from segstudio.methods.builtin.otsu import Otsu
from segstudio.workflows.study_methods import Row


class Study(QObject):
    changed = Signal()
    measured = Signal(object)

    def __init__(self):
        super().__init__()
        self.extent, self.rows, self.classes = Extent(), [], []
        self.job = self.study = self.error = None
        self.used, self.stopped = [], 0

    def start(self):
        self.rows, self.classes = [], ["wall", "window"]
        self.job = SimpleNamespace(progressed=SimpleNamespace(connect=lambda slot: None))
        self.study = SimpleNamespace(learned=[1, 2], judged=[3], candidates=[1, 2, 3, 4])
        self.changed.emit()

    def stop(self):
        self.stopped += 1
        self.end()

    def end(self):
        self.job = None
        self.changed.emit()

    def add(self, row):
        self.rows.append(row)
        self.measured.emit(row)

    def use(self, row):
        self.used.append(row)


@dataclass(frozen=True)
class Brushed(Otsu):
    """Stands in for a method that needs strokes on the picture itself."""

    title = "Brushed"
    seeds = "picture"


def confusion(wall, window):
    """Return one in which so many of a hundred pixels of each class are right."""
    made = Confusion((0, 1))
    made.counts = np.array([[wall, 0, 100 - wall], [0, window, 100 - window]])
    return made


POOR = Row("otsu", Otsu(), confusion(40, 20), 0.1, 0.001)
GOOD = Row("kmeans", KMeans(clusters=7), confusion(90, 70), 0.1, 0.02)
APART = Row("brushed", Brushed(), confusion(99, 99), 0.0, 1.5)
FAILED = Row("otsu", Otsu(), reason="there is no valley")


@pytest.fixture
def study(qtbot):
    return Study()


@pytest.fixture
def sheet(qtbot, study):
    window = QWidget()
    window.resize(1200, 800)
    qtbot.addWidget(window)
    made = MethodsSheet(study, window)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    with qtbot.waitExposed(window):
        window.show()
    made.show()
    yield made
    window.close()


def column(sheet, which):
    order = sheet.order
    return [order.index(row, which).data() for row in range(order.rowCount())]


def column_of(sheet, which, role):
    order = sheet.order
    return [order.index(row, which).data(role) for row in range(order.rowCount())]


def many(classes):
    """Return a confusion in which every pixel is right."""
    made = Confusion(tuple(range(classes)))
    made.counts = np.eye(classes, classes + 1, dtype=np.int64) * 100
    return made


def fill(sheet, study, *rows):
    sheet.empty.button.click()
    for row in rows:
        study.add(row)


def test_it_begins_empty_and_says_what_will_appear(sheet):
    assert sheet.pages.currentWidget() is sheet.empty
    assert "appears here" in sheet.empty.text.text()
    assert sheet.empty.button.hasFocus()
    assert not sheet.use.isVisible()
    assert not sheet.begin.isVisible()
    assert not sheet.stop.isVisible()


def test_rows_come_in_the_best_first_and_those_apart_below(sheet, study):
    fill(sheet, study, POOR, APART, FAILED, GOOD)
    assert column(sheet, MIOU) == ["0.800", "0.300", "0.990", "–"]
    assert column(sheet, METHOD) == ["k-means", "Otsu", "Brushed", "Otsu"]
    assert column(sheet, LEARNS) == ["masks", "masks", "own strokes", "masks"]
    assert column(sheet, SETTINGS) == ["clusters 7", *2 * ["as it comes"], "there is no valley"]
    assert column(sheet, PACE)[:2] == ["0.020", "0.001"]
    assert column(sheet, PACE + 2)[:2] == ["0.700", "0.200"]
    heads = [sheet.order.headerData(n, Qt.Orientation.Horizontal) for n in range(7)]
    assert heads[-2:] == ["wall", "window"]
    assert heads[MIOU] == "mIoU ↓"


def test_bars_are_parts_of_the_best_that_may_be_compared(sheet, study):
    fill(sheet, study, POOR, APART, FAILED, GOOD)
    shares = column_of(sheet, MIOU, SHARE)
    assert shares == [1.0, pytest.approx(0.3 / 0.8), 1.0, None]


@pytest.mark.parametrize("classes", [2, 8, 40])
def test_the_card_is_as_wide_as_the_table_and_the_table_as_the_card(sheet, study, qtbot, classes):
    sheet.parentWidget().resize(1440, 900)
    sheet.empty.button.click()
    study.classes = [f"class {n}" for n in range(classes)]
    study.changed.emit()
    for row in (POOR, GOOD):
        study.add(Row(row.method, row.settings, many(classes), 0.1, 0.01))

    def free():
        return sheet.table.viewport().width() - sheet.table.horizontalHeader().length()

    qtbot.waitUntil(lambda: 0 <= free() < 24 if classes < 40 else free() < -1000)
    assert sheet.rect().contains(sheet.card.geometry())
    assert sheet.use.isVisible()


def test_a_click_on_a_heading_sorts_inside_the_groups(sheet, study):
    fill(sheet, study, POOR, APART, FAILED, GOOD)
    header = sheet.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(PACE) + 20, header.height() // 2)
    for _ in range(2):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    orders = {tuple(column(sheet, PACE)[:2])}
    assert column(sheet, METHOD)[2:] == ["Brushed", "Otsu"]
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    orders.add(tuple(column(sheet, PACE)[:2]))
    assert orders == {("0.001", "0.020"), ("0.020", "0.001")}
    assert column(sheet, METHOD)[2:] == ["Brushed", "Otsu"]


def test_the_best_stays_chosen_until_the_person_chooses(sheet, study):
    fill(sheet, study, POOR)
    assert sheet.chosen().data() == "Otsu"
    study.add(GOOD)
    assert sheet.chosen().data() == "k-means"
    QTest.keyClick(sheet.table, Qt.Key.Key_Down)
    assert sheet.chosen().data() == "Otsu"
    study.add(Row("kmeans", KMeans(3), confusion(99, 99), 0.1, 0.02))
    study.end()
    assert sheet.chosen().data() == "Otsu"
    assert sheet.chosen().row() == 2


def test_enter_uses_the_chosen_row_and_closes(sheet, study, qtbot):
    fill(sheet, study, POOR, GOOD)
    assert sheet.table.hasFocus()
    QTest.keyClick(sheet.table, Qt.Key.Key_Return)
    assert study.used == [GOOD]
    assert not sheet.isVisible()


def test_the_button_and_a_double_click_use_a_row(sheet, study):
    fill(sheet, study, POOR, GOOD)
    sheet.use.click()
    sheet.show()
    sheet.table.doubleClicked.emit(sheet.order.index(1, 0))
    assert study.used == [GOOD, GOOD]  # the chosen one; a real double click chooses first


def test_while_it_runs_it_can_be_stopped_and_nothing_else_changed(sheet, study):
    sheet.empty.button.click()
    assert "first figures" in sheet.empty.text.text()
    assert not sheet.begin.isVisible()
    assert not sheet.empty.button.isVisible()
    assert not any(field.isEnabled() for field in sheet.fields.values())
    study.add(POOR)
    assert sheet.said.text().startswith("1 of 4 measured. Learned from 2 pictures and 200 pixels")
    assert "measured on 1 other picture." in sheet.said.text()
    sheet.stop.click()
    assert study.stopped == 1
    assert column(sheet, MIOU) == ["0.300"]
    sheet.begin.click()
    assert column(sheet, MIOU) == []


def test_the_fields_say_how_much_is_looked_at(sheet, study):
    sheet.fields["images"].box.setValue(9)
    sheet.fields["pixels"].box.setValue(50)
    assert study.extent == Extent(9, 50, 20)


def test_what_cannot_be_compared_is_said(sheet, study):
    study.error = UserError("there is nothing to learn from", "label some pictures")
    study.changed.emit()
    assert sheet.empty.text.text() == "There is nothing to learn from. Label some pictures."
    assert sheet.empty.button.isVisible()


def test_notes_tell_what_a_row_is_worth(sheet, study):
    fill(sheet, study, Row("brushed", Brushed(), confusion(9, 9), 0, 1, 2, "strokes of one class"))
    assert sheet.note.text() == "Refused 2 of the pictures: strokes of one class"
