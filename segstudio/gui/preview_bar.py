"""What is previewed: over the picture, and in words in the bar that floats there."""

from segstudio.gui.canvas.canvas import Canvas
from segstudio.gui.canvas.preview import Piece
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.gui.widgets.floating_bar import FloatingBar


class PreviewBar(FloatingBar):
    """Lets the canvas show the preview; says of it, or of a proposal, what it is."""

    def __init__(self, session: Session, proposing: Proposing, canvas: Canvas) -> None:
        super().__init__("preview", canvas)
        self._session, self._proposing, self._canvas = session, proposing, canvas
        proposing.previewed.connect(self._show_preview)

    def refresh(self) -> None:
        """Say what there is to accept; where there is nothing, go."""
        proposing, session = self._proposing, self._session
        if proposing.regions is not None:
            title = type(proposing.plan.settings).title
            count = "" if proposing.plan.seeds != "none" else f", {proposing.regions.count} regions"
            self.set_text(f"preview: {title}{count}")
        elif session.layers is not None and len(session.layers.proposal):
            self.set_text("proposal, not yet accepted")
        self.setVisible(proposing.anything)

    def _show_preview(self) -> None:
        proposing = self._proposing
        pieces = [Piece(p.box, p.ids, p.doubt) for p in (proposing.regions, proposing.rest) if p]
        if pieces:
            seeded = proposing.plan.seeds != "none"
            self._canvas.preview.show(pieces, proposing.mapping(), beneath=seeded)
        else:
            self._canvas.preview.clear()
