"""The bar over the canvas that says which region is in hand, and why."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from segstudio.domain.records import QueueItem
from segstudio.gui import theme
from segstudio.gui.queue_words import lines_of
from segstudio.gui.queueing import Queueing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, icon_button
from segstudio.gui.widgets.floater import Floater
from segstudio.gui.widgets.floating_frame import FloatingFrame
from segstudio.gui.widgets.one_line import OneLine


class QueueBar(FloatingFrame):
    """Floats at the top of the canvas while an item of the queue is in hand.

    Its words stand over its buttons where there is no room for both in a row.
    """

    closed = Signal()

    def __init__(self, session: Session, queueing: Queueing, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("queue_bar")
        self.setAccessibleName("In the queue")
        self._session, self._queueing, self._canvas = session, queueing, canvas
        self.hidden = False
        self.text = OneLine("queue_bar_text")
        self.text.setToolTip("A region is done when half of it is labelled")
        self.next = button("Next  N", "queue_bar_next", "primary", "next",
                           "Go to the next region to label", "N")  # fmt: skip
        self.skip = button("Skip", "queue_bar_skip", "quiet", "",
                           "Put this region behind all others", "Shift+N")  # fmt: skip
        self.never = button("Never ask", "queue_bar_never", "quiet", "",
                            "Never ask for this region again", "Ctrl+Shift+N")  # fmt: skip
        self.close_button = icon_button("discard", "queue_bar_close", "Leave the queue", "Esc",
                                        kind="small")  # fmt: skip
        self.next.setAccessibleName("Next")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.GRID)
        for each in (self.next, self.skip, self.never):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
            self._buttons.addWidget(each)
        self._buttons.addWidget(self.close_button)
        self._parts_of = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts_of.setContentsMargins(theme.GROUP, theme.GAP, theme.GAP, theme.GAP)
        self._parts_of.setSpacing(theme.GROUP)
        self._parts_of.addWidget(self.text)
        self._parts_of.addLayout(self._buttons)
        self.next.clicked.connect(lambda: queueing.next_item())
        self.skip.clicked.connect(lambda: queueing.skip())
        self.never.clicked.connect(lambda: queueing.never_ask())
        self.close_button.clicked.connect(lambda: queueing.let_go())
        Floater(self, Qt.AlignmentFlag.AlignTop)
        canvas.installEventFilter(self)  # asked before the floater: it goes by the size there is
        queueing.moved.connect(self.refresh)
        queueing.changed.connect(self.refresh)
        self.hide()

    def _parts(self, item: QueueItem) -> list[str]:
        """Say where the item stands, how far it is, of which class it is, why it was chosen."""
        queueing = self._queueing
        listed, classes = queueing.listed, self._session.classes
        name = next((label.name for label in classes if label.id == item.predicted), None)
        about, why = lines_of(item.reason, name)
        far = ""
        if queueing.is_done(item):
            far = "done ✓"
        elif item.box is not None:  # rounded down: the half at which it is done is not said early
            far = f"{int(100 * queueing.share)} % labelled"
        place = f"{listed.index(item) + 1} of {len(listed)}"
        return [part for part in (place, far, about, why) if part]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _arrange(self) -> None:
        """Put the words beside the buttons, or over them."""
        widths = self.text.sizeHint().width(), self._buttons.sizeHint().width()
        wanted = sum(widths) + 2 * theme.GROUP + theme.GAP
        directions = QBoxLayout.Direction
        narrow = wanted > self._canvas.width() - 2 * theme.EDGE
        self._parts_of.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self._parts_of.setSpacing(theme.GRID if narrow else theme.GROUP)

    def give_way(self, hidden: bool) -> None:
        """Leave the place to another bar, or take it again."""
        self.hidden = hidden
        self.refresh()

    def refresh(self) -> None:
        """Say which item is in hand; where there is none, go."""
        queueing, item = self._queueing, self._queueing.current
        if item is None or self.hidden or item.image not in self._session.images:
            self.hide()
            return
        self.text.setText("  ·  ".join(self._parts(item)))
        project = self._session.project
        for each in (self.skip, self.never):
            each.setEnabled(bool(project and project.writable))
        self.next.setEnabled(any(i != item for i in queueing.items))
        self._arrange()
        self.show()
