"""The middle of the window: the canvas, and the overview that floats over it."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from segstudio.domain.geometry import Box
from segstudio.errors import UserError
from segstudio.gui.canvas.canvas import Canvas
from segstudio.gui.canvas.minimap import Minimap
from segstudio.gui.canvas.pixels import as_qimage
from segstudio.gui.coarse import Coarse
from segstudio.gui.loading import PictureLoader
from segstudio.gui.session import Session
from segstudio.store.display import Display
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers

GAP = 12


class Stage(QWidget):
    """Shows the open image, from its picture coarse first and then sharp."""

    def __init__(self, session: Session, readers: Readers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self._session = session
        self.loader = PictureLoader(session, readers)
        self.canvas = Canvas(session, readers, self)
        self.canvas.context.follow(self.loader)
        self.minimap = Minimap(self.canvas)
        self._shown: int | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        session.image_opened.connect(self._open)
        session.image_closed.connect(self._close)
        self.loader.coarse_ready.connect(self._coarse)
        self.loader.picture_ready.connect(self._sharp)
        self.loader.display_changed.connect(self._redisplay)
        self.loader.failed.connect(session.say_error)
        self.canvas.pixels.failed.connect(self._unreadable)
        self.canvas.view_changed.connect(self._place)
        self.minimap.moved.connect(self._go)

    def put_on_top(self, widget: QWidget) -> None:
        """Put a strip above the canvas."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, widget)

    # -- the image -------------------------------------------------------------------

    def _open(self) -> None:
        image = self._session.image
        if image is not None:
            if self._shown != image.id:
                self.canvas.pixels.clear()
                self.canvas.pixels.image = image.box
            self._shown = image.id
            self.canvas.show_image(image.box)

    def _close(self) -> None:
        self._shown = None
        self.canvas.clear()
        self.minimap.set_image(None)
        self._place()

    def _coarse(self, coarse: Coarse) -> None:
        image = self._session.image
        if image is not None:
            self.canvas.pixels.show_coarse(image.box, coarse)
            self.minimap.set_image(as_qimage(coarse.colours), image.box.shape, coarse.box)
            self.canvas.update()
            self._place()

    def _sharp(self, picture: Picture, display: Display) -> None:
        self.canvas.pixels.show(picture, display)
        self.canvas.update()

    def _redisplay(self, display: Display) -> None:
        self.canvas.pixels.set_display(display)
        self.canvas.update()

    def _unreadable(self, error: Exception) -> None:
        image = self._session.image
        reason = error.message if isinstance(error, UserError) else str(error)
        self._session.said.emit(
            f"a part of {image.name if image else 'the picture'} cannot be read: {reason}",
            "your labels are safe; once the file is there again, move the view to see it",
        )

    # -- the view --------------------------------------------------------------------

    def fit(self) -> None:
        self.canvas.view.fit()
        self.canvas.changed_view()

    def zoom_full(self) -> None:
        self.canvas.view.set_zoom(1.0)
        self.canvas.changed_view()

    def zoom_by(self, factor: float) -> None:
        self.canvas.view.set_zoom(self.canvas.view.zoom * factor)
        self.canvas.changed_view()

    def show_box(self, box: Box) -> None:
        """Bring a region of the image into sight."""
        self.canvas.view.show_box(box)
        self.canvas.changed_view()

    def _go(self, x: float, y: float) -> None:
        self.canvas.view.centre_on((x, y))
        self.canvas.changed_view()

    # -- places ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        image = self._session.image
        if image is None:
            return
        part = self.canvas.visible_box()
        self.minimap.set_view(
            QRectF(
                part.left / image.width,
                part.top / image.height,
                part.width / image.width,
                part.height / image.height,
            )
        )
        size = self.minimap.size()
        area = self.canvas.rect()
        self.minimap.move(area.width() - size.width() - GAP, area.height() - size.height() - GAP)
