"""The foot of the window: where the cursor is, what to do next, what is running."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.tiles import TILE, Layer
from segstudio.gui import theme
from segstudio.gui.next_step import NextStep
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label


class StatusStrip(QWidget):
    """One line of three parts; the next step is a button where a command does it."""

    def __init__(self, session: Session, chip: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_strip")
        self._session = session
        self.readout = label("", "secondary", "status_readout")
        self.readout.setFont(theme.figures(theme.SECONDARY))
        self.saved = label("", "secondary", "status_saved")
        self.step = button("", "next_step", "link")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, 0, theme.EDGE, 0)
        layout.setSpacing(theme.GROUP)
        # Equal shares at both sides keep the next step in the middle, whatever they say.
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        right = QHBoxLayout()
        right.setSpacing(theme.GROUP)
        right.addStretch(1)
        right.addWidget(self.saved)
        right.addWidget(chip)
        layout.addWidget(self.readout, 1)
        layout.addWidget(self.step)
        layout.addLayout(right, 1)
        self._zoom = 1.0
        self._at: tuple[float, float] | None = None
        for signal in (session.history_changed, session.edit_saved, session.project_changed):
            signal.connect(lambda *_: self._show_saved())
        session.history_changed.connect(self._show)

    def show_next(self, step: NextStep) -> None:
        """Name the next step."""
        self.step.setText(f"next: {step.text}")
        self.step.setAccessibleName(f"Next: {step.text}")
        self.step.setEnabled(bool(step.command))
        self.step.setProperty("command", step.command)

    def show_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self._show()

    def show_position(self, at: tuple[float, float] | None) -> None:
        """Show what lies under the cursor."""
        self._at = at
        self._show()

    def _show(self) -> None:
        session = self._session
        parts = []
        image = session.image
        if image is not None and self._at is not None:
            x, y = int(self._at[0] // 1), int(self._at[1] // 1)
            if 0 <= x < image.width and 0 <= y < image.height:
                parts.append(f"x {x}  y {y}")
                parts.append(self._class_at(x, y))
        if image is not None:
            percent = self._zoom * 100
            parts.append(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")
        self.readout.setText("  ·  ".join(part for part in parts if part))

    def _class_at(self, x: int, y: int) -> str:
        tile = self._session.tile(Layer.MASK, (y // TILE, x // TILE))
        id = UNLABELLED if tile is None else int(tile[y % TILE, x % TILE])
        found = self._session.class_of(id)
        return found.name if found else "unlabelled"

    def _show_saved(self) -> None:
        session = self._session
        if session.project is None:
            self.saved.setText("")
        elif not session.project.writable:
            self.saved.setText("read only")
        else:
            self.saved.setText("saving…" if session.unsaved else "saved")
