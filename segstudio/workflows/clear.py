"""Taking back all that is labelled in pictures."""

from collections.abc import Iterable, Iterator, Sequence

from segstudio.domain import states
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import ImageRecord, State
from segstudio.domain.task import Task, track
from segstudio.store.facts_of_images import places_of_tiles
from segstudio.store.project import Project


def plan_clear(project: Project, images: Sequence[ImageRecord], task: Task) -> Edit:
    """Plan to drop masks and proposals of pictures; they are unlabelled then, their split stays."""
    rows = [states.changed(image, State.UNLABELLED) for image in images]
    return emptying(project, images, rows, f"Clear {counted(images)}", "Clearing", task)


def emptying(
    project: Project,
    images: Sequence[ImageRecord],
    rows: Iterable[RowChange | None],
    text: str,
    doing: str,
    task: Task,
) -> Edit:
    """Return an edit called ``text`` that drops every tile of pictures and changes these rows.

    Its tiles are staged, so that it takes no memory however many they are. Nothing is staged
    any more where it is cancelled.
    """
    stage = project.stage()
    try:
        for image in track(task, images, doing):
            stage.put(_gone(project, image), task)
        return stage.edit(text, rows)
    except BaseException:
        stage.drop()
        raise


def _gone(project: Project, image: ImageRecord) -> Iterator[TileChange]:
    for layer, key in places_of_tiles(project, image.id):
        yield TileChange(image.id, layer, key, None, None)


def counted(images: Sequence[ImageRecord]) -> str:
    """Name one picture, count several."""
    return images[0].name if len(images) == 1 else f"{len(images)} pictures"
