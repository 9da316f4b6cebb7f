import pytest

from segstudio.gui import theme
from segstudio.gui.widgets.importance import ImportanceBars


@pytest.fixture
def bars(qtbot):
    bars = ImportanceBars()
    qtbot.addWidget(bars)
    bars.set_rows([("hue", 0.4), ("red, Gaussian 2", 0.2), ("b", 0.0)])
    bars.resize(bars.sizeHint())
    return bars


def test_the_longest_bar_is_that_of_what_counts_most(bars):
    image = bars.grab().toImage()
    rows = image.height() // 3

    def length(row, name):
        wanted = theme.colour(name).name()
        y = row * rows + rows // 2
        return sum(image.pixelColor(x, y).name() == wanted for x in range(image.width()))

    longest, half = length(0, "accent"), length(1, "text_disabled")
    assert longest > 40
    assert half == pytest.approx(longest / 2, abs=3)
    assert length(2, "text_disabled") <= 2


def test_figures_can_be_heard_and_read_exactly(bars):
    assert bars.accessibleDescription() == "hue 40 %, red, Gaussian 2 20 %, b 0 %"
    assert bars.sizeHint().height() == 60
