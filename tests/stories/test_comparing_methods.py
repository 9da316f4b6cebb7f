"""A person asks which method is best, looks at the table, and takes a row over."""

import pytest
from PySide6.QtWidgets import QPushButton, QTableView

from segstudio.domain.records import Split
from segstudio.gui.dialogs.methods_sheet import MethodsSheet
from segstudio.methods.builtin.kmeans import KMeans
from segstudio.methods.builtin.otsu import Otsu
from segstudio.workflows import study_methods


@pytest.fixture
def labelled(studio, monkeypatch):
    """Two labelled pictures, one of them to measure on; a few methods stand for all."""
    few = lambda classes: iter([Otsu(), KMeans(3), KMeans(6)])  # noqa: E731
    monkeypatch.setattr(study_methods, "candidates", few)
    for name in ("facade-01.jpg", "facade-02.jpg"):
        studio.open(name).segment("kmeans", clusters=6).accept()
        studio.wait_saved().wait_idle()
    last = studio.session.image.id
    studio.session.set_image([last], "Move", split=Split.VAL)
    studio.wait_saved().wait_idle()
    return studio


def find(studio, kind, name):
    found = studio.window.findChild(kind, name)
    assert found is not None, name
    return found


def test_the_best_method_is_found_and_used(labelled):
    studio = labelled
    studio.window.work.propose.compare.click()
    find(studio, QPushButton, "methods_empty_button").click()
    studio.wait_idle()
    table = find(studio, QTableView, "methods_table")
    order = table.model()
    assert [order.index(row, 0).data() for row in range(3)] == ["k-means", "k-means", "Otsu"]
    assert order.index(0, 1).data() == "clusters 6"
    figures = [float(order.index(row, 3).data()) for row in range(3)]
    assert figures == sorted(figures, reverse=True)
    assert studio.window.focusWidget() is table
    studio.key("Return").wait_idle()
    assert not any(sheet.isVisible() for sheet in studio.window.findChildren(MethodsSheet))
    plan = studio.window.proposing.plan
    assert (plan.method, plan.settings) == ("kmeans", KMeans(6))
    assert studio.window.proposing.regions is not None


def test_it_goes_on_while_the_sheet_is_closed(labelled):
    studio = labelled
    studio.trigger("compare_methods")
    find(studio, QPushButton, "methods_empty_button").click()
    studio.key("Esc")
    studio.wait_idle()
    assert len(studio.window.studying.rows) == 3
    studio.trigger("compare_methods")
    assert find(studio, QTableView, "methods_table").model().rowCount() == 3
