"""The bar over the canvas that says which region is in hand, and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.queueing import Queueing
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, icon_button, label
from segstudio.gui.widgets.floater import Floater
from segstudio.gui.widgets.floating_frame import FloatingFrame


class QueueBar(FloatingFrame):
    """Floats at the top of the canvas while an item of the queue is in hand."""

    closed = Signal()

    def __init__(self, session: Session, queueing: Queueing, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("queue_bar")
        self.setAccessibleName("In the queue")
        self._session, self._queueing = session, queueing
        self.hidden = False
        self.text = label("", "secondary", "queue_bar_text")
        self.text.setFont(theme.figures(theme.SECONDARY))
        self.next = button("Next  N", "queue_bar_next", "primary", "next",
                           "Go to the next region to label", "N")  # fmt: skip
        self.skip = button("Skip", "queue_bar_skip", "quiet", "",
                           "Put this region behind all others", "Shift+N")  # fmt: skip
        self.never = button("Never ask", "queue_bar_never", "quiet", "",
                            "Never ask for this region again", "Ctrl+Shift+N")  # fmt: skip
        self.close_button = icon_button("discard", "queue_bar_close", "Leave the queue", "Esc",
                                        kind="small")  # fmt: skip
        self.next.setAccessibleName("Next")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GROUP, theme.GAP, theme.GAP, theme.GAP)
        row.setSpacing(theme.GRID)
        row.addWidget(self.text)
        row.addSpacing(theme.GAP)
        for each in (self.next, self.skip, self.never):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
            row.addWidget(each)
        row.addWidget(self.close_button)
        self.next.clicked.connect(lambda: queueing.next_item())
        self.skip.clicked.connect(lambda: queueing.skip())
        self.never.clicked.connect(lambda: queueing.never_ask())
        self.close_button.clicked.connect(lambda: queueing.let_go())
        Floater(self, Qt.AlignmentFlag.AlignTop)
        queueing.moved.connect(self.refresh)
        queueing.changed.connect(self.refresh)
        self.hide()

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
        parts = [f"{queueing.listed.index(item) + 1} of {len(queueing.listed)}"]
        if item.reason:
            parts.append(item.reason)
        if queueing.is_done(item):
            parts.append("done ✓")
        elif item.box is not None:
            parts.append(f"{100 * queueing.share:.0f} % labelled")
        self.text.setText("  ·  ".join(parts))
        project = self._session.project
        for each in (self.skip, self.never):
            each.setEnabled(bool(project and project.writable))
        self.next.setEnabled(any(i != item for i in queueing.items))
        self.show()
