"""Copying the mask of one picture onto the open one."""

from collections.abc import Iterable

from PySide6.QtCore import QObject

from segstudio.domain.edit import TileChange
from segstudio.domain.layers import Layers
from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.gui.settling import Settling


class MaskCopying(QObject):
    """Puts what is labelled in another picture where it is in the open one, as one edit."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._settling = Settling(session)

    def copy_from(self, id: int | None) -> Job | None:
        """Copy the mask of a picture, None for want of one; what it lacks stays as it is here."""
        try:
            return self._copy(id)
        except UserError as error:
            self._session.say_error(error)
            return None

    def _copy(self, id: int | None) -> Job | None:
        from segstudio.workflows.cleaning import copied

        session, project = self._session, self._session.project
        here, there = session.image, session.images.get(-1 if id is None else id)
        if project is None or here is None or not session.editable:
            return None
        if there is None:
            raise UserError("there is no picture before this one", "its mask would be copied")
        if (there.width, there.height) != (here.width, here.height):
            raise UserError(
                f"{there.name} is {there.width} × {there.height},"
                f" and this picture {here.width} × {here.height}",
                "masks are copied between pictures of one size",
            )
        locked, target = session.locked, here.id

        def plan(layers: Layers, job: Job) -> Iterable[TileChange]:
            if not project.writer.settled():
                raise UserError("copying has to wait: the project cannot be saved")
            mask = project.layers(there).mask
            if not len(mask):
                raise UserError(f"{there.name} is not labelled", "there is nothing to copy")
            return copied(target, layers, mask, job, locked)

        return self._settling.settle(f"Copy the mask of {there.name}", target, plan)
