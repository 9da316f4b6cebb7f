"""Tells previews when what they are made of has changed: the strokes, or what is in sight."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.tiles import SparseLayer
from segstudio.gui.canvas.overlay import LEVELS
from segstudio.gui.session import Session
from segstudio.workflows.preview import Sight
from segstudio.workflows.strokes import Painted

if TYPE_CHECKING:
    from segstudio.gui.canvas.canvas import Canvas

STROKE_REST = 80
"""Milliseconds after a stroke until a preview is made of it: one may follow at once."""

SIGHT_REST = 160
"""Milliseconds that the view has to stand still."""


class Following(QObject):
    """The strokes on the open picture, and what is in sight of it, with news of both.

    The news come while anybody ``wants`` them.
    """

    strokes_changed = Signal()
    sight_changed = Signal()

    def __init__(self, session: Session, wants: Callable[[], bool]) -> None:
        super().__init__(session)
        self._session, self._wants = session, wants
        self._canvas: Canvas | None = None
        self._seen: Layers | None = None
        self._painted: Painted | None = None
        self._stroke_timer = self._timer(STROKE_REST, self.strokes_changed)
        self._sight_timer = self._timer(SIGHT_REST, self.sight_changed)
        session.history_changed.connect(self._look)
        for signal in (session.image_opened, session.image_closed):
            signal.connect(self._forget)

    def _timer(self, rest: int, signal: SignalInstance) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(rest)
        timer.timeout.connect(signal)
        return timer

    def watch(self, canvas: "Canvas") -> None:
        """Follow what a canvas has in sight."""
        self._canvas = canvas
        canvas.view_changed.connect(self._move)

    @property
    def waiting(self) -> bool:
        """Whether news of strokes or view are about to come."""
        return self._stroke_timer.isActive() or self._sight_timer.isActive()

    def sight(self) -> Sight:
        """Return what is in sight; all of the picture where no canvas shows it."""
        session, canvas = self._session, self._canvas
        assert session.image is not None
        if canvas is None:
            return Sight(session.image.box)
        box = canvas.visible_box() or Box(0, 0, 1, 1)
        return Sight(box, 1 << canvas.view.level(LEVELS))

    def strokes(self) -> Painted:
        """Return the strokes on the open picture as they are now: the same ones until changed."""
        layers = self._session.layers
        assert layers is not None
        if self._painted is None or self._seen is None or not _same(self._seen, layers):
            self._seen = layers.copy()
            self._painted = Painted(self._seen)
        return self._painted

    def _forget(self) -> None:
        self._seen = self._painted = None
        self._stroke_timer.stop()

    def _move(self) -> None:
        if self._wants():
            self._sight_timer.start()

    def _look(self) -> None:
        layers = self._session.layers
        if layers is None or not self._wants():
            return
        if self._seen is None or not _same(self._seen, layers):
            self._stroke_timer.start()


def _same(before: Layers, now: Layers) -> bool:
    """Tell whether mask and sources are still those of a snapshot."""
    return all(_same_tiles(a, b) for a, b in ((before.mask, now.mask), (before.source, now.source)))


def _same_tiles(before: SparseLayer, now: SparseLayer) -> bool:
    # Tiles are never changed: another content is another tile.
    return len(before) == len(now) and all(now.get(key) is before.get(key) for key in before)
