"""The settings of the colour range: three ranges, or a colour and what is like it."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.domain.classes import Colour
from segstudio.gui import theme
from segstudio.gui.widgets.buttons import button
from segstudio.gui.widgets.compact_fields import SegmentsField
from segstudio.gui.widgets.field import Field, quietly
from segstudio.gui.widgets.named_rows import NamedRows
from segstudio.gui.widgets.number_field import NumberField
from segstudio.gui.widgets.range_row import RangeRow
from segstudio.gui.widgets.swatch import ClassSwatch
from segstudio.methods.builtin.colour_range import ColourRange
from segstudio.settings import Setting, settings_of

PREFIX = "colour_range"

NAMES = {
    "rgb": ("Red", "Green", "Blue"),
    "hsv": ("Hue", "Saturation", "Value"),
    "lab": ("Lightness", "a: green to red", "b: blue to yellow"),
}
LIMITS = {
    "hsv": ((0.0, 360.0), (0.0, 100.0), (0.0, 100.0)),
    "lab": ((0.0, 100.0), (-128.0, 127.0), (-128.0, 127.0)),
}
HUES = 12
GREY: Colour = (128, 128, 128)


class ColourRangeForm(QWidget):
    """Edits a `ColourRange`; made like a `SettingsForm`.

    ``light`` is full light in the picture's own numbers. ``pick_asked`` wants a colour from the
    picture, or no more.
    """

    changed = Signal()
    pick_asked = Signal(bool)

    def __init__(self, light: float, bands: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{PREFIX}_form")
        self._light, self._bands = light, min(bands, 3)
        self._value = ColourRange()
        self._kept: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {}
        known = {setting.name: setting for setting in settings_of(ColourRange)}
        self.space = SegmentsField(known["space"], f"{PREFIX}_space")
        self.by = SegmentsField(_BY, f"{PREFIX}_by")
        self.ranges = [RangeRow(f"{PREFIX}_{place}") for place in range(3)]
        self.swatch = ClassSwatch(GREY, f"{PREFIX}_reference", "the reference")
        self.pick = button(
            "Pick", f"{PREFIX}_pick", icon="eyedropper",
            tip="Take the colour from the picture by one click; Esc leaves it",
        )  # fmt: skip
        self.pick.setCheckable(True)
        self.tolerance = NumberField(known["tolerance"], f"{PREFIX}_tolerance")
        self.fields: dict[str, Field] = {"space": self.space, "tolerance": self.tolerance}
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        rows = NamedRows()
        rows.add("Colour space", self.space, to_left=True)
        rows.add("Chosen by", self.by, to_left=True)
        self._like = QWidget()
        like = NamedRows(self._like)
        colour = QHBoxLayout()
        colour.setSpacing(theme.GAP)
        colour.addWidget(self.swatch)
        colour.addWidget(self.pick, 1)
        like.add("Colour", colour)
        like.add("Tolerance", self.tolerance)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addLayout(rows)
        for row in self.ranges:
            column.addWidget(row)
        column.addWidget(self._like)

    def _connect(self) -> None:
        self.space.changed.connect(self._take_space)
        self.by.changed.connect(self._take_by)
        self.tolerance.changed.connect(
            lambda: self._take(replace(self._value, tolerance=self.tolerance.value()))
        )
        for row in self.ranges:
            row.changed.connect(self._take_ranges)
        self.swatch.colour_changed.connect(
            lambda colour: self.take_colour(tuple(part / 255 * self._light for part in colour))
        )
        self.pick.clicked.connect(self.pick_asked)

    # -- its value -------------------------------------------------------------------

    def value(self) -> ColourRange:
        return self._value

    def set_value(self, part: ColourRange) -> None:
        """Show settings without saying `changed`."""
        self._value = part
        self._show()

    def take_colour(self, bands: tuple[float, ...]) -> None:
        """Make a colour of the picture the reference."""
        whole = self._light > 1
        reference = tuple(float(round(part)) if whole else part for part in bands[: self._bands])
        self._take(replace(self._value, reference=reference))

    def set_picking(self, on: bool) -> None:
        """Show whether a click in the picture is waited for."""
        quietly(self.pick, lambda: self.pick.setChecked(on))
        self.pick.setText("Click …" if on else "Pick")

    def _take(self, part: ColourRange) -> None:
        if part != self._value:
            self._value = part
            self._show()
            self.changed.emit()

    def _take_space(self) -> None:
        old = self._value
        space: Any = self.space.value()
        self._kept[old.space] = (old.low, old.high)
        limits = self._limits(space)
        everything = (tuple(one[0] for one in limits), tuple(one[1] for one in limits))
        low, high = self._kept.get(space, everything)
        if len(low) != len(limits) or len(high) != len(limits):
            low, high = everything
        # A colour of pictures with other bands means nothing here.
        fits = len(old.reference) in (0, self._bands)
        reference = old.reference if fits else self._grey()
        self._take(replace(old, space=space, low=low, high=high, reference=reference))

    def _take_by(self) -> None:
        reference = self._grey() if self.by.value() == LIKE else ()
        self._take(replace(self._value, reference=reference))

    def _grey(self) -> tuple[float, ...]:
        half = self._light / 2
        return (float(round(half)) if self._light > 1 else half,) * self._bands

    def _take_ranges(self) -> None:
        shown = self.ranges[: self._parts()]
        low, high = zip(*(row.range() for row in shown), strict=True)
        self._take(replace(self._value, low=low, high=high))

    # -- what it shows ---------------------------------------------------------------

    def _limits(self, space: str) -> tuple[tuple[float, float], ...]:
        return LIMITS.get(space, ((0.0, self._light),) * self._bands)

    def _parts(self) -> int:
        return 3 if self._value.space in LIMITS else self._bands

    def _show(self) -> None:
        part = self._value
        by_colour = bool(part.reference)
        self.space.set_value(part.space)
        for space, made in self.space.buttons.items():
            made.setEnabled(self._bands == 3 or space not in LIMITS)
        self.by.set_value(LIKE if by_colour else RANGE)
        self._like.setVisible(by_colour)
        self.tolerance.set_value(part.tolerance)
        limits = self._limits(part.space)
        for place, row in enumerate(self.ranges):
            row.setVisible(not by_colour and place < self._parts())
            if place < self._parts():
                name = NAMES[part.space][place] if self._bands == 3 else f"Band {place + 1}"
                least, most = limits[place]
                shown = (_at(part.low, place, least), _at(part.high, place, most))
                row.show_range(name, limits[place], shown, part.space == "hsv" and place == 0)
                row.slider.set_ramp(ramp(part, place) if self._bands == 3 else [])
        self.swatch.set_colour(self._reference_colour())

    def _reference_colour(self) -> Colour:
        shown = [min(max(round(one / self._light * 255), 0), 255) for one in self._value.reference]
        if not shown:
            return GREY
        red, green, blue = shown[:3] if len(shown) >= 3 else shown[:1] * 3
        return red, green, blue


def _at(values: tuple[float, ...], place: int, otherwise: float) -> float:
    return values[place] if place < len(values) else otherwise


def ramp(part: ColourRange, place: int) -> list[QColor]:
    """Return the colours along one part of a space, from its least to its greatest."""
    if part.space == "rgb":
        full = [0, 0, 0]
        full[place] = 255
        return [QColor(0, 0, 0), QColor(*full)]
    if part.space == "lab":
        return [QColor(colour) for colour in _LAB[place]]
    if place == 0:
        return [QColor.fromHsv(hue * 360 // HUES % 360, 230, 230) for hue in range(HUES + 1)]
    if place == 1:
        return [
            QColor(150, 150, 150),
            QColor.fromHsv(_middle(_at(part.low, 0, 0.0), _at(part.high, 0, 360.0)), 255, 230),
        ]
    return [QColor(0, 0, 0), QColor(255, 255, 255)]


def _middle(low: float, high: float) -> int:
    """Return the hue in the middle of a range, which may run over 0."""
    return round(low + ((high - low) % 360) / 2) % 360


RANGE, LIKE = "range", "colour"
_BY = Setting(
    "by", "Chosen by", "choice", RANGE, choices=(RANGE, LIKE),
    help="a range of each part, or all that is like one colour",
)  # fmt: skip
_LAB = (
    ("#000000", "#FFFFFF"),
    ("#009E73", "#B0B0B0", "#D55E9B"),
    ("#3060D0", "#B0B0B0", "#E0C030"),
)
