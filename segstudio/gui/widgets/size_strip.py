"""The size of the brush, on a scale where equal ways are equal factors."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import label, with_key
from segstudio.gui.widgets.slider import ValueSlider, guard_wheel


class SizeStrip(QWidget):
    """A diameter in image pixels: slider and box. ``value_changed`` comes while it moves."""

    value_changed = Signal(int)

    def __init__(
        self,
        prefix: str = "brush_size",
        low: int = 1,
        high: int = 500,
        text: str = "Size",
        key: str = "[ and ]",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.slider = ValueSlider(low, high, step=1, logarithmic=True)
        self.slider.setObjectName(f"{prefix}_slider")
        self.slider.setMinimumWidth(96)
        self.slider.setMaximumWidth(200)
        self.box = QSpinBox()
        self.box.setObjectName(prefix)
        self.box.setRange(low, high)
        self.box.setSuffix(" px")
        self.box.setKeyboardTracking(False)
        self.box.setFont(theme.figures())
        self.box.setFixedWidth(80)
        guard_wheel(self.box)
        for widget in (self.slider, self.box):
            widget.setAccessibleName(f"{text} in image pixels")
            widget.setToolTip(with_key(f"{text} in image pixels", key))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(label(text, "dim"))
        row.addWidget(self.slider, 1)
        row.addWidget(self.box)
        self.slider.value_moved.connect(lambda number: self.box.setValue(round(number)))
        self.box.valueChanged.connect(self._take)

    def value(self) -> int:
        return self.box.value()

    def set_value(self, value: int) -> None:
        """Show a size without saying so."""
        self.box.blockSignals(True)
        self.box.setValue(value)
        self.box.blockSignals(False)
        self.slider.set_number(value)

    def _take(self, value: int) -> None:
        if not self.slider.isSliderDown():
            self.slider.set_number(value)
        self.value_changed.emit(value)
