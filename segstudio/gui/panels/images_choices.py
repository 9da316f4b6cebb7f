"""The small pop-up in which it is chosen which pictures are listed, and in which order."""

import time
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.domain.classes import LabelClass
from segstudio.domain.records import Split
from segstudio.gui import icons, theme
from segstudio.gui.panels.images_filter import ImageFilter, Order, Sorting
from segstudio.gui.panels.images_model import SPLIT_WORDS
from segstudio.gui.widgets.buttons import button, icon_button, label, line
from segstudio.gui.widgets.choices import class_square, combo
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.fields import ChipsField
from segstudio.gui.widgets.number_field import NumberField
from segstudio.settings import Setting

ORDERS = {
    Order.ADDED: "Order added",
    Order.NAME: "Name",
    Order.STATE: "State",
    Order.SCORE: "Uncertainty",
    Order.SHARE: "Labelled share",
    Order.DATE: "Date added",
}
DAY = 24 * 3600.0
SPANS = (
    ("Any time", 0.0),
    ("Last 24 hours", DAY),
    ("Last 7 days", 7 * DAY),
    ("Last 30 days", 30 * DAY),
    ("Last year", 365 * DAY),
)
"""How long ago pictures were added: text, and seconds (0: it does not matter)."""
ANY_CLASS = -1
WIDTH = 348
NAMES = 68


class ImageChoices(QFrame):
    """Sort and filter; every choice acts at once and says ``changed``."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("images_choices")
        self.setAccessibleName("Filter and sort the pictures")
        self.setProperty("role", "popup")
        # The click that closes it is over with that: on its button it would open it again.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self.setFixedWidth(WIDTH)
        self._make_parts()
        self._lay_out()
        self._connect()
        self.set_classes(())

    # -- parts -----------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.order = combo("images_order", "Sort by", "What the pictures are sorted by", 8)
        for order, text in ORDERS.items():
            self.order.addItem(text, order)
        self.falling = icon_button("rising", "images_falling", "Upwards", checkable=True)
        self.splits = ChipsField(
            Setting(
                "splits", "Used for", "choice", (), many=True, choices=tuple(Split),
                help="List pictures of this use only; none chosen lists all",
            ),
            "images_split",
        )  # fmt: skip
        for split in Split:
            self.splits.chips[split].setText(SPLIT_WORDS[split].capitalize())
        self.classes = combo("images_class", "Class", "List pictures whose mask has this class", 8)
        self.added = combo("images_added", "Added", "List pictures that were added lately", 8)
        for text, seconds in SPANS:
            self.added.addItem(text, seconds)
        self.unsure = NumberField(
            Setting(
                "unsure", "Uncertainty", "float", 0.0, low=0.0, high=1.0, step=0.01,
                help="List pictures of which the model in use is at least so unsure, 0…1",
            ),
            "images_unsure",
        )  # fmt: skip
        self.unsure_note = label("Order the queue first: that measures it", "secondary")
        self.clear = button("Show all", "images_clear", tip="List every picture again")

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.GAP)
        grid.setColumnMinimumWidth(0, NAMES)
        grid.setColumnStretch(1, 1)
        order = QHBoxLayout()
        order.setSpacing(theme.GAP)
        order.addWidget(self.order, 1)
        order.addWidget(self.falling)
        grid.addWidget(label("Sort by", "dim"), 0, 0)
        grid.addLayout(order, 0, 1)
        grid.addWidget(line(), 1, 0, 1, 2)
        rows: Sequence[tuple[str, QWidget]] = (
            ("Use", self.splits), ("Class", self.classes), ("Added", self.added),
            ("Unsure by", self.unsure),
        )  # fmt: skip
        for row, (text, widget) in enumerate(rows, 2):
            grid.addWidget(label(text, "dim"), row, 0)
            grid.addWidget(widget, row, 1)
        grid.addWidget(self.unsure_note, 6, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GROUP, theme.GROUP, theme.GROUP, theme.GROUP)
        column.setSpacing(theme.GROUP)
        column.addLayout(grid)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignRight)

    def _connect(self) -> None:
        self.order.currentIndexChanged.connect(self.changed)
        self.falling.toggled.connect(self._turn)
        self.splits.changed.connect(self.changed)
        self.classes.currentIndexChanged.connect(self.changed)
        self.added.currentIndexChanged.connect(self.changed)
        self.unsure.changed.connect(self.changed)

    def _turn(self, falling: bool) -> None:
        icons.set_icon(self.falling, "falling" if falling else "rising")
        said = "Downwards" if falling else "Upwards"
        self.falling.setToolTip(said)
        self.falling.setAccessibleName(said)
        self.changed.emit()

    # -- what is chosen --------------------------------------------------------------

    def sorting(self) -> Sorting:
        return Sorting(Order(self.order.currentData()), self.falling.isChecked())

    def narrowed(self, wanted: ImageFilter) -> ImageFilter:
        """Return a filter with what is chosen here besides what it has."""
        splits = frozenset(Split(name) for name in self.splits.value()) or frozenset(Split)
        chosen = self.classes.currentData()
        classes = frozenset() if chosen in (None, ANY_CLASS) else frozenset({chosen})
        span = float(self.added.currentData())
        since = time.time() - span if span else 0.0
        unsure = float(self.unsure.value())
        return replace(wanted, splits=splits, classes=classes, since=since, unsure=unsure)

    def words(self) -> list[str]:
        """Return in a few words what the list is narrowed to here."""
        words = [SPLIT_WORDS[Split(name)] for name in self.splits.value()]
        if self.classes.currentData() not in (None, ANY_CLASS):
            words.append(self.classes.currentText())
        if self.added.currentData():
            words.append(self.added.currentText().lower())
        if self.unsure.value() > 0:
            words.append(f"unsure by {self.unsure.value():.2f}")
        return words

    def reset(self) -> None:
        """Narrow the list to nothing any more; the order stays."""
        self.splits.set_value(())
        for box in (self.classes, self.added):
            quietly(box, lambda box=box: box.setCurrentIndex(0))  # type: ignore[misc]
        self.unsure.set_value(0.0)
        self.changed.emit()

    def set_classes(self, classes: Sequence[LabelClass]) -> None:
        """Offer these classes; the one that is chosen stays where it is still there."""
        box, chosen = self.classes, self.classes.currentData()
        box.blockSignals(True)
        box.clear()
        box.addItem("Any class", ANY_CLASS)
        for each in classes:
            box.addItem(class_square(each), each.name, each.id)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)
        if box.currentData() != chosen and chosen is not None:
            self.changed.emit()

    def set_scored(self, scored: bool) -> None:
        """Say whether a model has said of any picture how unsure it is."""
        self.unsure.setEnabled(scored or self.unsure.value() > 0)
        self.unsure_note.setVisible(not scored)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the parts that are shown need."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(WIDTH, layout.totalHeightForWidth(WIDTH))

    def show_below(self, widget: QWidget) -> None:
        """Show it under a widget, inside the screen."""
        self._fit()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        screen = widget.screen().availableGeometry()
        corner.setX(max(screen.left() + 4, min(corner.x(), screen.right() - self.width() - 4)))
        corner.setY(min(corner.y(), screen.bottom() - self.height() - 4))
        self.move(corner)
        self.show()
        self.order.setFocus(Qt.FocusReason.PopupFocusReason)
