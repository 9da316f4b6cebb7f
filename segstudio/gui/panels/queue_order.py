"""How the queue is ordered: the strategy, its settings, and how much is asked for at once."""

from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.forms import SettingsForm
from segstudio.gui.queue_choice import MOST
from segstudio.gui.queue_ordering import QueueOrdering
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, icon_button
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.slider import guard_wheel
from segstudio.workflows.strategies.strategy import strategies

BATCH = 112
"""Width of the batch size in px."""


class QueueOrder(QWidget):
    """Strategy, batch size and Order; below, folded, the settings of the strategy."""

    def __init__(
        self, session: Session, ordering: QueueOrdering, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("queue_order_row")
        self._session, self._ordering = session, ordering
        self.strategy = combo("queue_strategy", "Strategy", "What decides which regions come first")
        for name in strategies:
            self.strategy.addItem(strategies[name].title, name)
        self.batch = QSpinBox()
        self.batch.setObjectName("queue_batch")
        self.batch.setAccessibleName("Batch size")
        self.batch.setToolTip("How many regions are asked for at once")
        self.batch.setRange(1, MOST)
        self.batch.setSuffix(" at once")
        self.batch.setKeyboardTracking(False)
        self.batch.setFixedWidth(BATCH)
        self.batch.setFont(theme.figures())
        guard_wheel(self.batch)
        self.fold = icon_button("settings", "queue_settings", "Settings of the strategy",
                                checkable=True)  # fmt: skip
        self.order = button("Order", "queue_order", "primary", "queue",
                            "Choose what to label next", "Ctrl+U")  # fmt: skip
        self.form: SettingsForm[object] | None = None
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.strategy, 1)
        row.addWidget(self.fold)
        second = QHBoxLayout()
        second.setSpacing(theme.GAP)
        second.addWidget(self.batch)
        second.addWidget(self.order, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GAP)
        self._column.addLayout(row)
        self._column.addLayout(second)
        self.strategy.activated.connect(
            lambda place: self._choose(strategy=self.strategy.itemData(place))
        )
        self.batch.valueChanged.connect(lambda number: self._choose(batch=number))
        self.fold.toggled.connect(lambda _: self._show())
        self.order.clicked.connect(lambda: ordering.rank())
        ordering.changed.connect(self._show)
        self._show()

    def _choose(self, strategy: str | None = None, batch: int | None = None) -> None:
        self._ordering.choose(strategy, batch)
        self._show()

    def _show(self) -> None:
        ordering, project = self._ordering, self._session.project
        place = self.strategy.findData(ordering.choice.strategy)
        quietly(self.strategy, lambda: self.strategy.setCurrentIndex(place))
        quietly(self.batch, lambda: self.batch.setValue(ordering.choice.batch))
        writable = bool(project and project.writable)
        self.order.setEnabled(writable and ordering.job is None)
        self._show_form()

    def _show_form(self) -> None:
        part = strategies[self._ordering.choice.strategy]
        open = self.fold.isChecked()
        if self.form is not None and (not open or self.form.part is not part):
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        if open and self.form is None:
            self.form = SettingsForm(part, prefix=f"queue_{self._ordering.choice.strategy}")
            self.form.changed.connect(self._take)
            self._column.addWidget(self.form)
        if self.form is not None:
            self.form.set_value(self._ordering.choice.part())

    def _take(self) -> None:
        if self.form is not None:
            self._ordering.choose(values=self.form.values())
