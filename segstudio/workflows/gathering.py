"""Changes that come together picture by picture, to be made as one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.store.staging import Stage


class Gathering:
    """What a batch changes, on its way into one edit.

    Of a single picture it is held; of several the tiles wait in the database, so that memory
    does not grow with the batch.
    """

    def __init__(self, stage: Stage | None) -> None:
        self._stage = stage
        self._tiles: list[TileChange] = []
        self._rows: list[RowChange] = []

    def take(self, changes: Iterable[TileChange], row: RowChange | None) -> None:
        """Add what changes in one picture.

        All of it or nothing: what is worked out on the way may stop it, waiting for the disk
        does not. Raises `Refused` where the disk takes no more.
        """
        found = list(changes)
        if self._stage is None:
            self._tiles += found
        else:
            try:
                self._stage.put(found)
            except UserError as error:
                raise Refused(error) from error
        if row is not None:
            self._rows.append(row)

    def edit(self, text: str) -> Edit:
        """Return all of it as one edit, to be applied once."""
        if self._stage is None:
            return Edit(text, tuple(self._tiles), tuple(self._rows))
        return self._stage.edit(text, self._rows)


class Refused(Exception):
    """The disk takes no more: a reason to end a batch, not to leave out a picture."""

    def __init__(self, error: UserError) -> None:
        super().__init__(error.message)
        self.error = error


@contextmanager
def gathering(project: Project, pictures: int) -> Iterator[Gathering]:
    """Give a gathering for changes of so many pictures; whatever goes wrong, it is dropped.

    Raises `UserError` where the disk refuses.
    """
    stage = project.stage() if pictures > 1 else None
    try:
        yield Gathering(stage)
    except BaseException as error:
        if stage is not None:
            stage.drop()
        if isinstance(error, Refused):
            raise error.error from None
        raise
