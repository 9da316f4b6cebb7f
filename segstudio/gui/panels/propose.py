"""The panel that proposes a mask by a classical method."""

import math
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.forms import SettingsForm
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.histogram import HistogramView
from segstudio.methods.histogram import Histogram
from segstudio.methods.segmenter import segmenters
from segstudio.settings import build

NO_CLASS = "leave unlabelled"


class ProposePanel(QWidget):
    """Method, settings, histogram, and which class each region becomes."""

    def __init__(
        self, session: Session, proposing: Proposing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("propose_panel")
        self._session, self._proposing = session, proposing
        self._form: SettingsForm[Any] | None = None
        self.methods = QComboBox()
        self.methods.setObjectName("propose_method")
        self.methods.setAccessibleName("Method")
        for name in segmenters:
            self.methods.addItem(segmenters[name].title, name)
        self.histogram = HistogramView("propose_histogram")
        self._form_place = QVBoxLayout()
        self._regions = QGridLayout()
        self._regions.setHorizontalSpacing(theme.GROUP)
        self._regions.setVerticalSpacing(theme.GRID)
        self._regions.setColumnMinimumWidth(0, theme.NAMES)
        self._hint = label("", "secondary", "propose_hint")
        self._hint.setWordWrap(True)
        self.preview = button(
            "Preview", "propose_preview", "primary", tip="Show what the method would propose, live"
        )
        self.propose = button(
            "Keep as proposal", "propose_button",
            tip="Keep it with the picture, to be accepted later", key="Ctrl+P",
        )  # fmt: skip
        self._lay_out()
        self._connect()
        self._show_plan()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.EDGE)
        layout.setSpacing(theme.GROUP)
        top = QGridLayout()
        top.setHorizontalSpacing(theme.GROUP)
        top.setColumnMinimumWidth(0, theme.NAMES)
        top.setColumnStretch(1, 1)
        top.addWidget(label("Method", "dim"), 0, 0)
        top.addWidget(self.methods, 0, 1)
        layout.addLayout(top)
        layout.addWidget(self.histogram)
        layout.addLayout(self._form_place)
        layout.addLayout(self._regions)
        layout.addWidget(self._hint)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.preview, 1)
        row.addWidget(self.propose)
        layout.addLayout(row)
        layout.addStretch(1)

    def _connect(self) -> None:
        proposing, session = self._proposing, self._session
        self.methods.activated.connect(
            lambda index: proposing.set_method(self.methods.itemData(index))
        )
        self.histogram.thresholds_changed.connect(self._dragged)
        self.preview.clicked.connect(lambda: proposing.preview())
        self.propose.clicked.connect(lambda: proposing.propose())
        proposing.plan_changed.connect(self._show_plan)
        proposing.settings_changed.connect(self._show_settings)
        proposing.previewed.connect(self._show_regions)
        proposing.measured.connect(self._show_histogram)
        proposing.ready.connect(self._measure)
        for signal in (session.image_opened, session.image_closed, session.classes_changed):
            signal.connect(self._show_regions)
        session.image_closed.connect(lambda: self.histogram.set_histogram([], 0, 255))

    # -- the method ------------------------------------------------------------------

    def _show_plan(self) -> None:
        plan = self._proposing.plan
        self.methods.setCurrentIndex(self.methods.findData(plan.method))
        if self._form is not None:
            self._form.setParent(None)
            self._form.deleteLater()
        form = SettingsForm[Any](segmenters[plan.method], self, prefix=plan.method)
        form.set_value(plan.settings)
        form.changed.connect(lambda: self._proposing.set_settings(form.value()))
        self._form = form
        self._form_place.addWidget(form)
        form.setVisible(bool(form.fields))
        self.histogram.setVisible(plan.method != "kmeans")
        self.histogram.set_editable(plan.method == "threshold")
        if plan.method == "threshold":
            self.histogram.set_thresholds(plan.settings.thresholds)
        self._measure()
        self._show_regions()

    def _show_settings(self) -> None:
        settings = self._proposing.plan.settings
        if self._form is not None and self._form.value() != settings:
            self._form.set_value(settings)

    def _dragged(self, values: list[float]) -> None:
        plan = self._proposing.plan
        if plan.method == "threshold" and values:
            settings = build(segmenters["threshold"], {"thresholds": tuple(values)})
            self._proposing.set_settings(settings)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._measure()

    def _measure(self) -> None:
        """Have the histogram worked out, but only where it is in sight."""
        if self.histogram.isVisible():
            self._proposing.measure()

    def _show_histogram(self, found: Histogram) -> None:
        low, last, high = (float(found.edges[i]) for i in (0, -2, -1))
        step = high - last
        if found.whole:  # bins begin half below a number: thresholds shall be whole ones too
            low, last, step = math.ceil(low), math.floor(high), 1
        self.histogram.set_histogram(found.counts, low, last, step)

    # -- the regions -----------------------------------------------------------------

    def _show_regions(self) -> None:
        proposing, session = self._proposing, self._session
        found = proposing.regions
        open_image = session.layers is not None
        self.preview.setEnabled(open_image)
        self.propose.setEnabled(open_image)
        if not open_image:
            self._hint.setText("Open a picture, and a method's proposal will glow over it.")
        elif found is None:
            self._hint.setText(
                "The preview glows over the picture; nothing changes until you accept."
            )
        else:
            self._hint.setText("Choose the class of each region, then accept at the picture.")
        mapping = proposing.mapping()
        if found is not None and self.histogram.isVisibleTo(self):
            self.histogram.set_thresholds(found.thresholds)
            colours = {c.id: c.colour for c in session.classes}
            grey = (128, 128, 128)
            self.histogram.set_colours(
                [colours.get(mapping.get(r, -1), grey) for r in range(found.count)]
            )
        self._fill_rows(found.count if found is not None else 0, mapping)

    def _fill_rows(self, count: int, mapping: dict[int, int]) -> None:
        rows = self.findChildren(QComboBox)
        known = {box.objectName(): box for box in rows}
        names = [f"region_class_{region}" for region in range(count)]
        wanted = [(NO_CLASS, -1), *((c.name, c.id) for c in self._session.classes)]
        for name, box in known.items():
            if name.startswith("region_class_") and name not in names:
                self._drop_row(box)
        for region, name in enumerate(names):
            box = known.get(name) or self._add_row(region, name)
            if [(box.itemText(i), box.itemData(i)) for i in range(box.count())] != wanted:
                box.clear()
                for text, id in wanted:
                    box.addItem(text, id)
            box.setCurrentIndex(max(box.findData(mapping.get(region, -1)), 0))

    def _add_row(self, region: int, name: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(f"Class of region {region}")
        box.activated.connect(
            lambda index: self._proposing.set_class(
                region, None if box.itemData(index) < 0 else box.itemData(index)
            )
        )
        title = label(f"Region {region}", "dim", f"{name}_label")
        title.setToolTip("Regions are numbered from dark to light")
        self._regions.addWidget(title, region, 0)
        self._regions.addWidget(box, region, 1)
        self._regions.setColumnStretch(1, 1)
        return box

    def _drop_row(self, box: QComboBox) -> None:
        for widget in (self.findChild(QWidget, f"{box.objectName()}_label"), box):
            if widget is not None:
                self._regions.removeWidget(widget)
                widget.setParent(None)
                widget.deleteLater()
