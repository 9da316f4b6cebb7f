"""The bar over the canvas that says what is compared with what, and by how much it differs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from segstudio.domain.classes import Colour
from segstudio.gui import theme
from segstudio.gui.canvas.comparison import DIFFERENT_COLOUR, FIRST_COLOUR, SECOND_COLOUR
from segstudio.gui.comparing import Comparing, Mode
from segstudio.gui.dialogs.ask import PICTURES, Asker
from segstudio.gui.sides import Side
from segstudio.gui.widgets.buttons import icon_button, label
from segstudio.gui.widgets.floater import Floater
from segstudio.gui.widgets.floating_frame import FloatingFrame
from segstudio.gui.widgets.slider import guard_wheel

if TYPE_CHECKING:
    from segstudio.workflows.two_masks import Figures

LETTERS = "AB"
MODES = {
    Mode.SWIPE: ("compare-swipe", "Swipe: A left of the border, B right of it"),
    Mode.SIDE: ("compare-side", "Side by side: the same place in A and in B"),
    Mode.DIFFERENCE: ("compare-difference", "Differences between A and B, coloured"),
}
LEGEND = ((FIRST_COLOUR, "only A"), (SECOND_COLOUR, "only B"), (DIFFERENT_COLOUR, "other class"))
MODEL_FOLDER, MASK_FILE = "bundle", "file"
LEAST, WIDTH = 64, 184
"""Of the two choices, in px."""


class CompareBar(FloatingFrame):
    """Chooses A, B and the mode of a comparison; floats at the top of the canvas."""

    def __init__(self, comparing: Comparing, ask: Asker, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("compare_bar")
        self.setAccessibleName("Compare")
        self._comparing, self._ask, self._canvas = comparing, ask, canvas
        self.choices = [self._choice(which) for which in (0, 1)]
        self.status = label("", "secondary", "compare_status")
        self.status.setFont(theme.figures(theme.SECONDARY))
        self.legend = _Legend()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GROUP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GRID)
        column.addLayout(self._first_row())
        self._second = QWidget()
        row = QHBoxLayout(self._second)
        row.setContentsMargins(0, 0, theme.GRID, 0)
        row.setSpacing(theme.EDGE)
        row.addWidget(self.legend)
        row.addStretch(1)
        row.addWidget(self.status)
        column.addWidget(self._second)
        Floater(self, Qt.AlignmentFlag.AlignTop)
        comparing.changed.connect(self._show)
        comparing.measured.connect(self._show_status)
        self.hide()

    def _choice(self, which: int) -> QComboBox:
        combo = QComboBox()
        letter = LETTERS[which]
        combo.setObjectName(f"compare_{letter.lower()}")
        combo.setAccessibleName(f"Mask {letter} of the comparison")
        combo.setToolTip(f"What stands on side {letter}")
        # They give way where the canvas is narrow.
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(18)
        combo.setMinimumWidth(LEAST)
        combo.setMaximumWidth(WIDTH)
        combo.view().setMinimumWidth(WIDTH + 2 * theme.EDGE)
        combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        guard_wheel(combo)
        combo.activated.connect(lambda place: self._chosen(which, place))
        return combo

    def _first_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        exchange = icon_button("swap", "compare_exchange", "Exchange A and B")
        exchange.clicked.connect(self._comparing.exchange)
        row.addWidget(label("A", "header"))
        row.addWidget(self.choices[0])
        row.addWidget(exchange)
        row.addWidget(label("B", "header"))
        row.addWidget(self.choices[1])
        row.addSpacing(theme.GRID)
        modes = QHBoxLayout()
        modes.setSpacing(0)
        self._modes = QButtonGroup(self)
        self._buttons = {}
        for mode, (icon, text) in MODES.items():
            made = icon_button(icon, f"compare_mode_{mode}", text, checkable=True)
            made.clicked.connect(lambda _=False, m=mode: self._comparing.set_mode(m))
            self._modes.addButton(made)
            self._buttons[mode] = made
            modes.addWidget(made)
        row.addLayout(modes)
        close = icon_button("discard", "compare_close", "Stop comparing", "Esc", kind="small")
        close.setIconSize(QSize(16, 16))
        close.clicked.connect(self._comparing.close)
        row.addWidget(close)
        return row

    # -- choosing --------------------------------------------------------------------

    def _chosen(self, which: int, place: int) -> None:
        data = self.choices[which].itemData(place)
        if data == MODEL_FOLDER:
            folder = self._ask.open_folder("Compare with a model")
            data = None if folder is None else Side("bundle", path=folder)
        elif data == MASK_FILE:
            file = self._ask.open_file("Compare with a mask", PICTURES)
            data = None if file is None else Side("file", path=file)
        if isinstance(data, Side):
            self._comparing.choose(which, data)
        self._fill()
        self._canvas.setFocus()

    def _fill(self) -> None:
        comparing = self._comparing
        options = comparing.options()
        for which, combo in enumerate(self.choices):
            combo.clear()
            for side in options:
                combo.addItem(comparing.title(side), side)
            combo.insertSeparator(combo.count())
            combo.addItem("Model from a folder…", MODEL_FOLDER)
            combo.addItem("Mask from a file…", MASK_FILE)
            if comparing.sides[which] in options:
                combo.setCurrentIndex(options.index(comparing.sides[which]))

    # -- showing ---------------------------------------------------------------------

    def _show(self) -> None:
        comparing = self._comparing
        if comparing.active:
            self._fill()
            self._buttons[comparing.mode].setChecked(True)
            self._show_status()
        self.setVisible(comparing.active)

    def _show_status(self) -> None:
        comparing = self._comparing
        different = comparing.mode == Mode.DIFFERENCE
        found = comparing.figures
        text = comparing.waiting
        if not text and different:
            text = "…" if found is None else in_words(found)
        self.status.setText(text)
        self.status.setToolTip(explained(found) if different and found is not None else "")
        self.legend.setVisible(different)
        self._second.setVisible(bool(text) or different)


class _Legend(QWidget):
    """The three colours of a difference, with what they stand for."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        for colour, text in LEGEND:
            row.addWidget(_Patch(colour))
            row.addWidget(label(text, "secondary"))
            row.addSpacing(theme.GAP)


class _Patch(QWidget):
    """A small square of a colour."""

    def __init__(self, colour: Colour) -> None:
        super().__init__()
        self._colour = QColor(*colour)
        self.setFixedSize(12, 12)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 2, 2)
        painter.end()


def in_words(figures: "Figures") -> str:
    """Return how much two masks differ, on one line."""
    if not figures.differing:
        return "no pixel differs" if figures.same else "both are empty"
    percent = 100 * figures.share
    shown = f"{percent:.1f} %" if percent >= 0.1 else "< 0.1 %"
    text = f"{shown} differ · {_spaced(figures.differing)} px"
    return text if figures.miou is None else f"{text} · mIoU {figures.miou:.3f}"


def explained(figures: "Figures") -> str:
    """Return the figures behind the line."""
    return (
        f"only A {_spaced(figures.only_first)} px · only B {_spaced(figures.only_second)} px · "
        f"other class {_spaced(figures.different)} px · the same {_spaced(figures.same)} px\n"
        "The share is of the pixels that A or B labels; mIoU takes B for the reference"
    )


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\N{THIN SPACE}")
