import time
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from segstudio.gui import theme
from segstudio.gui.widgets.axes import rounded_range, ticks, written
from segstudio.gui.widgets.chart import end_text, figure, spread
from segstudio.gui.widgets.curves import CurvesView
from segstudio.gui.widgets.series import Series


@pytest.fixture
def view(qtbot, qapp):
    theme.apply(qapp, "dark")
    view = CurvesView("loss")
    qtbot.addWidget(view)
    view.resize(400, 160)
    yield view
    theme.apply(qapp, "dark")


def picture(view):
    return view.grab().toImage()


def count(image, colour):
    wanted = QColor(colour)
    return sum(
        image.pixelColor(x, y) == wanted
        for x in range(image.width())
        for y in range(image.height())
    )


def test_points_appear_as_they_come(view):
    view.add_series("train", "#E69F00")
    empty = picture(view)
    for step in range(5):
        view.append("train", step, 1 / (step + 1))
    assert list(view.series("train").xs) == [0, 1, 2, 3, 4]
    drawn = picture(view)
    assert drawn != empty
    assert count(drawn, "#E69F00") > 20
    view.clear()
    assert picture(view) == empty


def test_an_unknown_name_begins_a_line_of_its_own_colour(view):
    view.append("a", 0, 1)
    view.append("b", 0, 2)
    assert view.series("a").colour != view.series("b").colour


@pytest.mark.parametrize(("best", "index"), [("max", 2), ("min", 0)])
def test_the_best_point_is_known(best, index):
    series = Series("mIoU", "#FFFFFF", best)
    for step, y in enumerate((0.1, 0.3, 0.7, 0.7, 0.5)):
        series.append(step, y)
    assert series.best_index() == index


def test_the_best_point_is_marked(view):
    view.add_series("mIoU", "#E69F00", best="max")
    view.set_points("mIoU", range(5), (0.1, 0.3, 0.7, 0.6, 0.5))
    marked = picture(view)
    view.add_series("mIoU", "#E69F00")
    view.set_points("mIoU", range(5), (0.1, 0.3, 0.7, 0.6, 0.5))
    assert picture(view) != marked


def test_what_is_no_number_is_left_out(view):
    series = Series("loss", "#FFFFFF", "min")
    for y in (1.0, float("nan"), float("inf"), 0.5):
        series.append(len(series), y)
    assert list(series.ys) == [1.0, 0.5]


def test_thinning_keeps_every_peak():
    series = Series("loss", "#FFFFFF")
    for step in range(10_000):
        series.append(step, 100.0 if step == 4321 else step % 2)
    xs, ys = series.thinned(200)
    assert len(xs) <= 400
    assert ys.max() == 100.0
    assert xs[ys.argmax()] == 4321
    assert (np.diff(xs) >= 0).all()


def test_the_nearest_point_is_found():
    series = Series("loss", "#FFFFFF")
    for x in (0, 10, 30):
        series.append(x, x)
    assert [series.nearest(x) for x in (-5, 4, 6, 19, 21, 99)] == [0, 0, 1, 1, 2, 2]


def test_hovering_shows_figures_and_leaving_hides_them(view):
    view.set_points("train", range(50), np.linspace(2, 1, 50))
    plain = picture(view)
    place = QPointF(150, 60)
    none = Qt.MouseButton.NoButton
    no_keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, place, view.mapToGlobal(place), none, none, no_keys)
    QApplication.sendEvent(view, event)
    assert picture(view) != plain
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert picture(view) == plain


def test_it_follows_the_theme(view, qapp):
    view.set_points("train", range(50), np.linspace(2, 1, 50))
    dark = picture(view)
    theme.apply(qapp, "light")
    assert picture(view) != dark


@pytest.mark.parametrize("ys", [[1.0], [0.5, 0.5, 0.5], [-3.0, 1e9], [1e-9, 2e-9]])
def test_odd_figures_are_drawn(view, ys):
    view.set_points("train", range(len(ys)), ys)
    assert not view.grab().isNull()


def test_a_repaint_of_2000_points_is_cheap(view):
    rng = np.random.default_rng(0)
    view.set_points("train", range(2000), rng.random(2000))
    image = QImage(400, 160, QImage.Format.Format_ARGB32_Premultiplied)
    times = []
    for _ in range(15):
        painter = QPainter(image)
        start = time.perf_counter()
        view.render(painter, QPointF().toPoint())
        times.append(time.perf_counter() - start)
        painter.end()
    # The goal is 2 ms; the bound leaves room for a busy machine.
    assert sorted(times)[len(times) // 2] < 0.012


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 1000, [0, 200, 400, 600, 800, 1000]),
        (0.13, 0.71, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]),
        (-2, 3, [-2, -1, 0, 1, 2, 3]),
        (5, 5, [5]),
    ],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high, 6) == pytest.approx(expected)


def test_ranges_end_at_ticks_and_hold_the_figures():
    for low, high in ((0.13, 0.71), (3, 3), (-7, 12), (0.001, 0.002)):
        bottom, top = rounded_range(low, high, 5)
        assert bottom <= low
        assert top >= high
        assert top > bottom


def test_figures_are_short():
    assert [figure(x) for x in (123.4, 0.4567, 0.012345)] == ["123", "0.46", "0.012"]
    assert [written(x) for x in (0.30, 1500, 20000)] == ["0.3", "1500", "20k"]


def test_labels_at_the_ends_do_not_touch():
    places = spread([50, 52, 51, 99], 14, 0, 100)
    assert all(b - a >= 14 for a, b in pairwise(sorted(places)))
    assert max(places) <= 100
    assert spread([10, 60], 14, 0, 100) == [10, 60]


def test_a_long_name_leaves_room_for_the_lines(view):
    view.set_points("5 deeplabv3plus_mobilenetv3_with_a_long_name", [0, 1], [0.1, 0.25])
    metrics = QFontMetricsF(theme.figures(theme.SECONDARY))
    assert view._plot(metrics).width() > 160
    text = end_text(next(iter(view._series.values())), metrics, 150)
    assert text.startswith("5 deeplab")
    assert text.endswith("… 0.25")  # the figure is never cut
    assert metrics.horizontalAdvance(text) <= 150
    view.set_points("loss", [0, 1], [0.1, 0.25])
    assert end_text(view.series("loss"), metrics, 150) == "loss 0.25"


def test_long_numbers_have_room_beside_the_axis(qtbot):
    view = CurvesView()
    qtbot.addWidget(view)
    view.resize(300, 140)
    metrics = QFontMetricsF(theme.figures(theme.SECONDARY))
    lefts = []
    for high in (1.0, 0.00011):
        view.append("loss", 1, high / 1.1)
        view.append("loss", 2, high)
        lefts.append(view._plot(metrics).left())
        view.forget()
    assert lefts[1] >= metrics.horizontalAdvance("0.000105") > lefts[0]
