"""The panel that proposes a mask by a classical method."""

import inspect
import math
from dataclasses import fields, replace
from typing import Any, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.domain.classes import Colour
from segstudio.errors import UserError
from segstudio.gui import theme
from segstudio.gui.panels.classifier import ClassifierSection
from segstudio.gui.panels.propose_clusters import ClusterSection
from segstudio.gui.panels.propose_regions import RegionRows
from segstudio.gui.panels.propose_settings import MethodSettings
from segstudio.gui.panels.propose_strokes import StrokesHint
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.grouped_choices import Entry, fill_grouped
from segstudio.gui.widgets.histogram import HistogramView
from segstudio.gui.widgets.named_rows import NamedRows
from segstudio.methods.histogram import Histogram
from segstudio.methods.segmenter import Family, segmenters
from segstudio.settings import build

BY_HAND = "threshold"
"""The method that a dragged threshold is taken over by."""

MOST_THRESHOLDS = 19

GREY: Colour = (128, 128, 128)
"""The colour of regions that stay unlabelled."""

TAKES_OVER = (
    "Drag a threshold to set it by hand; double-click adds one, dragging it away removes it"
)


class ProposePanel(QWidget):
    """Method, settings, histogram or curve, and which class each region becomes."""

    compare_asked = Signal()

    def __init__(
        self, session: Session, proposing: Proposing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("propose_panel")
        self._session, self._proposing = session, proposing
        self.methods = combo("propose_method", "Method", letters=4)
        fill_grouped(self.methods, method_groups())
        self.histogram = HistogramView("propose_histogram")
        self.histogram.set_limits(1, MOST_THRESHOLDS)
        self.clusters = ClusterSection(proposing)
        self.settings = MethodSettings(session, proposing, self)
        self.strokes = StrokesHint(session)
        self.regions = RegionRows()
        self.classifier = ClassifierSection(session, proposing, self)
        self.compare = button(
            "Compare methods…", "propose_compare", "link",
            tip="See which method comes nearest to the masks of this project",
        )  # fmt: skip
        self._hint = label("", "secondary", "propose_hint")
        self._problem = label("", "error", "propose_problem")
        for words in (self._hint, self._problem):
            words.setWordWrap(True)
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
        top = NamedRows()
        top.add("Method", self.methods)
        layout.addLayout(top)
        layout.addWidget(self.histogram)
        layout.addWidget(self.clusters)
        layout.addWidget(self.settings)
        layout.addWidget(self.classifier)
        layout.addWidget(self.strokes)
        layout.addWidget(self.regions)
        layout.addWidget(self._problem)
        layout.addWidget(self._hint)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.preview, 1)
        row.addWidget(self.propose)
        layout.addLayout(row)
        layout.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    def _connect(self) -> None:
        proposing, session = self._proposing, self._session
        self.methods.activated.connect(
            lambda index: proposing.set_method(self.methods.itemData(index))
        )
        self.histogram.thresholds_changed.connect(self._dragged)
        self.regions.chosen.connect(
            lambda region, id: proposing.set_class(region, None if id < 0 else id)
        )
        self.preview.clicked.connect(lambda: proposing.preview())
        self.propose.clicked.connect(lambda: proposing.propose())
        self.compare.clicked.connect(self.compare_asked)
        proposing.plan_changed.connect(self._show_plan)
        proposing.previewed.connect(self._show_regions)
        proposing.refused.connect(self._show_regions)
        proposing.measured.connect(self._show_histogram)
        proposing.ready.connect(self._measure)
        for signal in (session.image_opened, session.image_closed, session.classes_changed):
            signal.connect(self._show_regions)
        session.layer_changed.connect(self._show_strokes)
        session.image_closed.connect(self._forget)

    # -- the method ------------------------------------------------------------------

    def _show_plan(self) -> None:
        plan = self._proposing.plan
        part = segmenters[plan.method]
        place = self.methods.findData(plan.method)
        self.methods.setCurrentIndex(place)
        self.methods.setToolTip(about(part))
        self.histogram.setVisible(_cuts_channel(part))
        self.histogram.setToolTip(TAKES_OVER)
        self.histogram.set_thresholds(getattr(plan.settings, "thresholds", ()))
        self.clusters.setVisible(plan.method == "kmeans")
        self._measure()
        self._show_regions()

    def _dragged(self, values: list[float]) -> None:
        """Thresholds set by hand are those of the method, or of the one that is by hand."""
        settings = self._proposing.plan.settings
        names = {field.name for field in fields(settings)}
        if "thresholds" in names:
            self._proposing.set_settings(replace(settings, thresholds=tuple(values)))
        elif {"low", "high"} <= names and len(values) == 2:
            self._proposing.set_settings(replace(settings, low=values[0], high=values[1]))
        else:
            given = {"thresholds": tuple(values), "channel": self._proposing.channel}
            mapping = self._proposing.plan.mapping
            self._proposing.set_plan(BY_HAND, build(segmenters[BY_HAND], given), mapping)

    # -- the histogram ---------------------------------------------------------------

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

    def _forget(self) -> None:
        self.histogram.set_histogram([], 0, 255)
        self.clusters.forget()

    # -- the regions -----------------------------------------------------------------

    def _show_regions(self) -> None:
        proposing, session = self._proposing, self._session
        found, mapping = proposing.regions, proposing.mapping()
        open_image = session.layers is not None
        self.preview.setEnabled(open_image)
        self.propose.setEnabled(open_image)
        self.compare.setVisible(session.project is not None)
        if found is not None and self.histogram.isVisibleTo(self):
            self.histogram.set_thresholds(found.thresholds)
            self.histogram.set_colours(self._colours(found.count, len(found.thresholds) + 1))
        self.histogram.set_editable(bool(self.histogram.thresholds()) or self._by_hand)
        count = found.count if found is not None and not self._seeded else 0
        self.regions.show_regions(count, mapping, session.classes)
        self._show_strokes()
        self._say(proposing.problem)

    def _colours(self, regions: int, parts: int) -> list[Colour]:
        """Return the colour of each part of the histogram, from dark to light.

        Hysteresis parts the numbers in one more than it has regions: the middle one is weak and
        goes by its neighbours.
        """
        known, mapping = (
            {one.id: one.colour for one in self._session.classes},
            self._proposing.mapping(),
        )
        colours = [known.get(mapping.get(region, -1), GREY) for region in range(regions)]
        if parts == 3 and regions == 2:
            first, last = colours
            middle = tuple((a + b) // 2 for a, b in zip(first, last, strict=True))
            colours.insert(1, (middle[0], middle[1], middle[2]))
        return colours

    @property
    def _by_hand(self) -> bool:
        return self._proposing.plan.method == BY_HAND

    @property
    def _seeded(self) -> bool:
        return bool(self._proposing.plan.seeds != "none")

    def _show_strokes(self, *_: object) -> None:
        plan = self._proposing.plan
        self.strokes.show_for(plan.seeds, plan.together)

    def _say(self, problem: UserError | None) -> None:
        self._problem.setVisible(problem is not None and not self.strokes.isVisibleTo(self))
        self._problem.setText("" if problem is None else sentences(problem))
        self._hint.setText(self._hint_text())
        self._hint.setVisible(problem is None)

    def _hint_text(self) -> str:
        if self._session.layers is None:
            return "Open a picture, and a method's proposal will glow over it."
        if self._proposing.regions is None:
            return "The preview glows over the picture; nothing changes until you accept."
        if self._seeded:
            return "Paint more where it is wrong, and it learns; then accept at the picture."
        return "Choose the class of each region, then accept at the picture."


def method_groups() -> list[tuple[str, list[Entry]]]:
    """Return the methods by their families, each family by its titles."""
    groups = []
    for family in get_args(Family):
        names = [name for name in segmenters if segmenters[name].family == family]
        entries = [Entry(segmenters[n].title, n, about(segmenters[n])) for n in names]
        groups.append((family, sorted(entries, key=lambda entry: entry.text.lower())))
    return [(family, entries) for family, entries in groups if entries]


def about(part: type[Any]) -> str:
    """Return one line about a method: the first sentence of what is written of it."""
    words = " ".join((inspect.getdoc(part) or "").split("\n\n")[0].split())
    return words.split(". ")[0].rstrip(".")


def sentences(problem: UserError) -> str:
    """Return what stands against something, and what to do, as two sentences."""
    parts = (problem.message, problem.hint)
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)


def _cuts_channel(part: type[Any]) -> bool:
    """Tell whether a method looks at the numbers of one channel."""
    return any(field.name == "channel" for field in fields(part))
