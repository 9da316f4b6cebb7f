"""What to do where a method learns from strokes and there are none yet."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from segstudio.domain.records import Split, State
from segstudio.gui.session import Session
from segstudio.gui.widgets.labels import EmptyState

PAINT = {
    "picture": "Paint a little of each class: the rest of the picture is worked out from it.",
    "project": "Paint a little of each class, here or elsewhere: the method learns from it.",
}


class StrokesHint(QWidget):
    """Says to paint, and offers the brush; hidden once something is painted."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("propose_strokes")
        self._session = session
        self.empty = EmptyState("", "Take the brush", "propose_strokes_empty", "brush")
        self.empty.clicked.connect(lambda: session.view.choose_tool("brush"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.empty)
        self.hide()

    def show_for(self, seeds: str, together: bool) -> None:
        """Show it where a method has nothing to learn from: in this picture, or in any."""
        self.setVisible(self._session.layers is not None and self._lacks(seeds, together))
        if seeds != "none":
            self.empty.set_text(PAINT[seeds], "Take the brush")

    def _lacks(self, seeds: str, together: bool) -> bool:
        layers = self._session.layers
        if seeds == "none" or (layers is not None and len(layers.mask)):
            return False
        return (
            not together
            or seeds == "picture"
            or not any(
                image.state in (State.IN_WORK, State.REVIEWED)
                and image.split in (Split.TRAIN, Split.POOL)
                for image in self._session.images.values()
            )
        )
