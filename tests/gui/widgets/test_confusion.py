import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from segstudio.gui import theme
from segstudio.gui.widgets.confusion import ConfusionView

COLOURS = [(10, 20, 30), (200, 100, 0), (0, 160, 220)]
COUNTS = [[90, 10, 0, 0], [0, 50, 30, 20], [0, 0, 0, 0]]


@pytest.fixture(params=["dark", "light"])
def view(qtbot, qapp, request):
    theme.apply(qapp, request.param)
    view = ConfusionView()
    qtbot.addWidget(view)
    view.resize(300, 10)
    view.set_matrix(["sky", "sign", "a class of a very long name"], COLOURS, COUNTS)
    view.resize(view.sizeHint().expandedTo(view.size()))
    yield view
    theme.apply(qapp, "dark")


def middle(view, row, column):
    side = view._side()
    return QPointF(view._left() + (column + 0.5) * side, 16 + (row + 0.5) * side)


def test_every_cell_says_what_it_is(view):
    assert view.cell_at(middle(view, 1, 2)) == (1, 2)
    assert view.said_of(1, 2) == "30.0 % of sign taken for a class of a very long name: 30 pixels"
    assert view.said_of(0, 0) == "90.0 % of sky found: 90 pixels"
    assert view.said_of(1, 3) == "20.0 % of sign taken for other: 20 pixels"
    assert view.cell_at(QPointF(1, 1)) is None
    assert view.accessibleDescription().startswith("30 % of sign as a class of a very long name")


def test_what_is_wrong_stands_out(view):
    picture = view.grab().toImage()

    def surface(row, column):
        corner = middle(view, row, column) - QPointF(view._side() / 2 - 4, view._side() / 2 - 4)
        return picture.pixelColor(corner.toPoint())

    right, wrong, none = surface(0, 0), surface(1, 2), surface(0, 2)
    assert right.blue() > right.red() + 60
    assert wrong.red() > wrong.blue() + 20
    assert none == QColor(theme.current().raised)


def test_the_column_of_other_classes_is_there_only_where_it_counts(view):
    assert view._shares().shape == (3, 4)
    view.set_matrix(["a", "b"], COLOURS[:2], [[3, 1, 0], [0, 4, 0]])
    assert view._shares().shape == (2, 2)
    assert view.sizeHint().height() < 100
    view.set_matrix([], [], [])
    view.grab()
