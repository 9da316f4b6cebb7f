"""The foot of the window: where the cursor is, what to do next, what is running."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.georef import coordinates
from segstudio.domain.tiles import TILE, Layer
from segstudio.gui import theme
from segstudio.gui.loading import PictureLoader
from segstudio.gui.next_step import NextStep
from segstudio.gui.pixel_values import PixelValues
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label
from segstudio.store.rasters import Readers

BANDS = 4
"""How many values of a pixel are written; the tool tip has all."""


REST = 200
"""Milliseconds without a move after which all is told of a pixel."""

PAUSE = 30
"""Milliseconds between two readings while the cursor moves: a brush has better to do."""


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
        # Fixed shares at both sides keep the next step near the middle, whatever they say.
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        right = QHBoxLayout()
        right.setSpacing(theme.GROUP)
        right.addStretch(1)
        right.addWidget(self.saved)
        right.addWidget(chip)
        layout.addWidget(self.readout, 5)
        layout.addWidget(self.step)
        layout.addLayout(right, 4)
        self._zoom = 1.0
        self._at: tuple[float, float] | None = None
        self._values: PixelValues | None = None
        self._parts: dict[str, str] = {}
        self._details: list[str] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._tell_all)
        self._late = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._catch_up)
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
        """Show what lies under the cursor; while it moves fast, not at each of its places."""
        self._at = at
        if self._pause.isActive():
            self._late = True
        else:
            self._pause.start(PAUSE)
            self._show()

    def _catch_up(self) -> None:
        if self._late:
            self._late = False
            self._show()

    def follow(self, loader: PictureLoader, readers: Readers) -> None:
        """Show the numbers of the pixel under the cursor, too."""
        self._values = PixelValues(loader, readers, self)
        self._values.changed.connect(self._show)

    def _show(self) -> None:
        parts, details = self._pixel()
        if self._session.image is not None:
            percent = self._zoom * 100
            parts["zoom"] = f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"
        self._parts, self._details = parts, details
        self._rest.start(REST)
        self._write()

    def _tell_all(self) -> None:
        """Put all of it into the tool tip, which Qt takes more than a millisecond for."""
        self.readout.setToolTip("\n".join(self._details))

    def _pixel(self) -> tuple[dict[str, str], list[str]]:
        """Return what is to be said of the pixel under the cursor, in short and in full."""
        image, pixel = self._session.image, None
        if image is not None and self._at is not None:
            x, y = int(self._at[0] // 1), int(self._at[1] // 1)
            pixel = (x, y) if 0 <= x < image.width and 0 <= y < image.height else None
        if self._values is not None and self._session.draft is None:  # a stroke has no time
            self._values.ask(pixel)
        if image is None or pixel is None or self._at is None:
            return {}, []
        where, place = f"x {x}  y {y}", coordinates(image.georef, *self._at)
        name = self._class_at(x, y)
        values = self._values.values if self._values and self._values.at == pixel else ()
        shown = "  ".join(values[:BANDS]) + (" …" if len(values) > BANDS else "")
        all_values = [f"band {band}: {value}" for band, value in enumerate(values, 1)]
        parts = {"pixel": where, "place": place, "values": shown, "class": name}
        return parts, [where, *([place] if place else []), name, *all_values]

    def _write(self) -> None:
        """Write as much as there is room for; the tool tip has the rest."""
        metrics, room = self.readout.fontMetrics(), self.readout.width()
        parts = self._parts
        for left_out in ((), ("values",), ("values", "place")):
            kept = [text for name, text in parts.items() if text and name not in left_out]
            text = "  ·  ".join(kept)
            if metrics.horizontalAdvance(text) <= room:
                break
        self.readout.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

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
