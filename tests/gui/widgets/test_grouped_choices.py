from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from segstudio.gui.widgets.grouped_choices import Entry, fill_grouped


def test_headings_are_passed_over(qtbot):
    box = QComboBox()
    qtbot.addWidget(box)
    fill_grouped(
        box, [("One", [Entry("a", 1, "about a")]), ("Two", [Entry("b", 2), Entry("c", 3)])]
    )
    assert [box.itemText(place) for place in range(box.count())] == ["One", "a", "Two", "b", "c"]
    box.setCurrentIndex(box.findData(1))
    assert box.itemData(1, Qt.ItemDataRole.ToolTipRole) == "about a"
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == 2
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert box.currentData() == 1
