"""Stretch, brightness, contrast and gamma of the picture."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.slider import guard_wheel
from segstudio.gui.widgets.value_row import NAME, ValueRow
from segstudio.store.display import Look

STRETCHES = (
    ("none", "None", "Black and white are the ends of what the numbers can be"),
    ("percentiles", "Percentiles", "A few of the darkest and of the brightest pixels are cut off"),
    ("range", "Min – max", "From the smallest to the largest number of the picture"),
)
LEAST_APART = 0.1


class TonesView(QWidget):
    """Says what is to be changed of a look, while it is changed."""

    changed = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.stretch = combo("view_stretch", "Stretch", "Which numbers are shown black and white")
        for place, (name, text, tip) in enumerate(STRETCHES):
            self.stretch.addItem(text, name)
            self.stretch.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        self.low = _percent("view_percent_low", "Black below", "Per cent of pixels shown black")
        self.high = _percent("view_percent_high", "White above", "Per cent of pixels not white")
        self.brightness = ValueRow(
            "Brightness", "view_brightness", (-1, 1), "Lighter or darker as a whole",
            _signed, 0.01,
        )  # fmt: skip
        self.contrast = ValueRow(
            "Contrast", "view_contrast", (-1, 1), "Light and dark further apart",
            _signed, 0.01,
        )  # fmt: skip
        self.gamma = ValueRow(
            "Gamma", "view_gamma", (0.1, 10), "Above 1 what is dark becomes lighter",
            lambda v: f"{v:.2f}", None, True,
        )  # fmt: skip
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(_named("Stretch", self.stretch))
        self._ends = QWidget()
        row = _named("From, to", self.low, self.high)
        row.setContentsMargins(0, 0, 0, 0)
        self._ends.setLayout(row)
        column.addWidget(self._ends)
        for each in (self.brightness, self.contrast, self.gamma):
            column.addWidget(each)

    def _connect(self) -> None:
        self.stretch.activated.connect(
            lambda place: self.changed.emit({"stretch": self.stretch.itemData(place)})
        )
        self.low.valueChanged.connect(lambda value: self._set_ends(value, None))
        self.high.valueChanged.connect(lambda value: self._set_ends(None, value))
        for name, row in (
            ("brightness", self.brightness),
            ("contrast", self.contrast),
            ("gamma", self.gamma),
        ):
            row.moved.connect(lambda value, name=name: self.changed.emit({name: value}))

    def _set_ends(self, low: float | None, high: float | None) -> None:
        """Take one end; the other gives way where they would meet."""
        if low is not None:
            low = min(low, 100 - LEAST_APART)
            high = max(self.high.value(), low + LEAST_APART)
        else:
            assert high is not None
            high = max(high, LEAST_APART)
            low = min(self.low.value(), high - LEAST_APART)
        self.changed.emit({"percentiles": (round(low, 1), round(high, 1))})

    def show_look(self, look: Look) -> None:
        self.stretch.setCurrentIndex(self.stretch.findData(look.stretch))
        self._ends.setVisible(look.stretch == "percentiles")
        for box, value in zip((self.low, self.high), look.percentiles, strict=True):
            quietly(box, lambda box=box, value=value: box.setValue(value))  # type: ignore[misc]
        self.brightness.set_number(look.brightness)
        self.contrast.set_number(look.contrast)
        self.gamma.set_number(look.gamma)


def _percent(name: str, text: str, tip: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setObjectName(name)
    box.setAccessibleName(text)
    box.setToolTip(tip)
    box.setRange(0, 100)
    box.setDecimals(1)
    box.setSingleStep(0.5)
    box.setKeyboardTracking(False)
    box.setFont(theme.figures())
    box.setMinimumWidth(40)
    guard_wheel(box)
    return box


def _named(text: str, *widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.GAP)
    title = label(text, "dim")
    title.setFixedWidth(NAME)
    row.addWidget(title)
    for widget in widgets:
        row.addWidget(widget, 1)
    return row


def _signed(value: float) -> str:
    return f"{value * 100:+.0f}" if round(value, 2) else "0"
