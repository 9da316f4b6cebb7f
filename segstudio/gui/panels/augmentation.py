"""The section of random changes: each on or off, and samples of what the network will see."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.domain.classes import LabelClass
from segstudio.gui import icons, theme
from segstudio.gui.augmenting import Augmenting
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import icon_button, line
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.sample_grid import SampleGrid
from segstudio.gui.widgets.switch_row import NAME, SwitchRow
from segstudio.gui.widgets.value_row import ValueRow
from segstudio.learning.augment import Augmenter, augmenters
from segstudio.settings import Setting, settings_of

if TYPE_CHECKING:
    from segstudio.workflows.augmented import Shown

INDENT = 22
"""Of what belongs to a switch, in px: as far as its text."""

OPACITY = 0.45
"""Of labels over a sample, as over the picture."""

EMPTY = "Samples appear here once something is labelled"


class AugmentationPanel(QWidget):
    """Folded at first; unfolded it draws samples anew with every switch that is turned."""

    def __init__(
        self, session: Session, augmenting: Augmenting, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("augmentation_panel")
        self._session, self._augmenting = session, augmenting
        self.header = SectionHeader("Augmentation", "augmentation")
        self.header.setToolTip("Random changes to what the network learns from")
        self.fold = icon_button(
            "chevron-right", "augmentation_fold", "Show what is changed, and samples of it",
            kind="small",
        )  # fmt: skip
        self.unfolded = False
        self.body = QWidget()
        self.body.setObjectName("augmentation_body")
        self.body.hide()
        self.samples = SampleGrid("augmentation_samples", "Samples of what the network will see")
        self.samples.set_empty_text(EMPTY)
        self.labels = QCheckBox("Labels")
        self.labels.setObjectName("augmentation_labels")
        self.labels.setAccessibleName("Labels over the samples")
        self.labels.setToolTip("Show the labels over the samples")
        self.others = icon_button(
            "refresh", "augmentation_others", "Samples from other places", kind="small"
        )
        self._rows: dict[str, PartRow] = {}
        self._parts = QVBoxLayout()
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, 0, theme.EDGE, theme.EDGE)
        layout.setSpacing(theme.GAP)
        layout.addWidget(line())
        self.header.add(self.fold)
        layout.addWidget(self.header)
        body = QVBoxLayout(self.body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(theme.GAP)
        body.addWidget(self.samples)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.labels)
        row.addStretch(1)
        row.addWidget(self.others)
        body.addLayout(row)
        self._parts.setSpacing(theme.GRID)
        body.addLayout(self._parts)
        layout.addWidget(self.body)

    def _connect(self) -> None:
        augmenting = self._augmenting
        self.fold.clicked.connect(lambda: self.unfold(not self.unfolded))
        self.labels.toggled.connect(self._show_samples)
        self.others.clicked.connect(lambda: augmenting.draw_others())
        augmenting.changed.connect(self._show)
        augmenting.drawn.connect(self._show_samples)
        self._session.classes_changed.connect(self._show_samples)

    def unfold(self, open: bool) -> None:
        """Show what can be switched, or hide it."""
        self.unfolded = open
        icons.set_icon(self.fold, "chevron-down" if open else "chevron-right")
        if open and not self._rows:
            self._fill()
        self.body.setVisible(open)
        self._look()

    def _fill(self) -> None:
        """Make the rows when they are first seen: the window must not wait for them."""
        for name in sorted(augmenters, key=lambda name: augmenters[name].order):
            row = PartRow(name, self._augmenting)
            self._parts.addWidget(row)
            self._rows[name] = row

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look()

    def _look(self) -> None:
        """Draw samples only while they are in sight."""
        self._augmenting.set_live(self.isVisible() and self.unfolded)
        self._show()

    def _show(self) -> None:
        if not self._rows:
            return
        on = self._augmenting.augmentation.names
        self.header.set_note(f"{len(on)} of {len(self._rows)}")
        for name, row in self._rows.items():
            row.show_part(self._augmenting.part(name), name in on)

    def _show_samples(self) -> None:
        augmenting = self._augmenting
        problem = augmenting.problem
        self.samples.set_empty_text(EMPTY if problem is None else problem.message.capitalize())
        classes = self._session.classes if self.labels.isChecked() else ()
        self.samples.set_images(
            [_image(sample, classes) for sample in augmenting.samples],
            [sample.picture for sample in augmenting.samples],
        )


class PartRow(QWidget):
    """A part: its switch, its strength, and below it what else can be set while it is on."""

    def __init__(self, name: str, augmenting: Augmenting) -> None:
        super().__init__()
        kind = augmenters[name]
        settings = settings_of(kind)
        first = next((s for s in settings[:1] if s.kind != "bool"), None)
        self.first, self.name = first, f"augment_{name}"
        tip = (kind.__doc__ or "").partition("\n")[0]
        self.switch = SwitchRow(kind.title, self.name, tip, first)
        self._extras: dict[str, ValueRow | QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.switch)
        self.more = QWidget()
        below = QVBoxLayout(self.more)
        below.setContentsMargins(INDENT, 0, 0, 0)
        below.setSpacing(0)
        for setting in (s for s in settings if s is not first):
            extra = self._extra(setting, partial(self._set, augmenting, name, setting))
            below.addWidget(extra)
            self._extras[setting.name] = extra
        column.addWidget(self.more)
        self.switch.switched.connect(partial(augmenting.switch, name))
        if first is not None:
            self.switch.moved.connect(partial(self._set, augmenting, name, first))

    def _extra(self, setting: Setting, take: "partial[None]") -> "ValueRow | QCheckBox":
        name = f"{self.name}_{setting.name}"
        if setting.kind == "bool":
            check = QCheckBox(setting.label)
            check.setObjectName(name)
            check.setAccessibleName(setting.label)
            check.setToolTip(setting.help)
            check.toggled.connect(take)
            return check
        limits = setting.low or 0.0, setting.high or 1.0
        row = ValueRow(
            setting.label, name, limits, setting.help, "{:g}".format, setting.step,
            width=NAME - INDENT,
        )  # fmt: skip
        row.moved.connect(take)
        return row

    @staticmethod
    def _set(augmenting: Augmenting, name: str, setting: Setting, value: float) -> None:
        augmenting.set_values(name, **{setting.name: setting.check(value)})

    def show_part(self, part: Augmenter, on: bool) -> None:
        """Show a part as it is set, without saying so."""
        values = asdict(part)
        self.switch.show_state(on, None if self.first is None else values[self.first.name])
        for name, extra in self._extras.items():
            if isinstance(extra, QCheckBox):
                quietly(extra, partial(extra.setChecked, values[name]))
            else:
                extra.set_number(values[name])
        self.more.setVisible(on and bool(self._extras))


def _image(sample: "Shown", classes: Sequence[LabelClass]) -> QImage:
    """Return a sample as Qt takes it, with the colours of the classes over it."""
    pixels = sample.pixels
    if classes:
        table = np.zeros((256, 4), np.float32)
        for each in classes:
            table[each.id] = (*each.colour, OPACITY)
        over = table[sample.mask]
        share = over[..., 3:]
        pixels = (pixels * (1 - share) + over[..., :3] * share).round().astype(np.uint8)
    height, width = pixels.shape[:2]
    image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.copy()
