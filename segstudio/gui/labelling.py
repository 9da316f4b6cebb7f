"""What a key does to the open picture, besides painting on it."""

from segstudio.domain.records import State
from segstudio.domain.tiles import TILE, Layer
from segstudio.gui.canvas.canvas import Canvas
from segstudio.gui.copying import MaskCopying
from segstudio.gui.panels.images_model import ImagesModel
from segstudio.gui.session import Session


class Labelling:
    """Chooses classes, brings the mask of the picture before, says that one is reviewed."""

    def __init__(self, session: Session, canvas: Canvas, listed: ImagesModel) -> None:
        self._session, self._canvas, self._listed = session, canvas, listed
        self._copying = MaskCopying(session)

    def swap_class(self) -> None:
        """Take the first class, or again the one before it."""
        if self._session.classes:
            self._session.view.swap_with_first(self._session.classes[0].id)

    def pick_class(self) -> None:
        """Choose the class that lies under the cursor."""
        point = self._canvas.under_cursor()
        if point is None:
            return
        x, y = (int(v // 1) for v in point)
        tile = self._session.tile(Layer.MASK, (y // TILE, x // TILE))
        if tile is not None and x >= 0 and y >= 0:
            id = int(tile[y % TILE, x % TILE])
            if self._session.class_of(id) is not None:
                self._session.view.choose_class(id)

    def copy_previous(self) -> None:
        """Copy the mask of the picture that is listed before the open one."""
        image = self._session.image
        if image is not None:
            self._copying.copy_from(self._listed.beside(image.id, -1))

    def mark_reviewed(self) -> None:
        """Say that the picture is reviewed, or that it is not after all."""
        image = self._session.image
        if image is not None:
            done = image.state == State.REVIEWED
            state = State.IN_WORK if done else State.REVIEWED
            self._session.set_image([image.id], "Mark reviewed", state=state)
