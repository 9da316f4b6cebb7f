"""Indexed PNG, or GeoTIFF for georeferenced pictures, with a legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from segstudio.domain.classes import LabelClass
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Cancelled, Task, track
from segstudio.errors import Failure, UserError
from segstudio.store.exchange.format import Exported, formats
from segstudio.store.project import Project

LEGEND = "legend.csv"


@formats.add
@dataclass(frozen=True)
class Masks:
    """One file a picture: ids are class ids, 255 is unlabelled. Exact."""

    title: ClassVar[str] = "Indexed masks with a legend"

    def export(
        self, project: Project, images: Sequence[ImageRecord], folder: Path, task: Task
    ) -> Exported:
        from segstudio.store.masks import write_legend
        from segstudio.store.mirror import mask_names

        names, classes, done = mask_names(project, list(images)), project.classes(), Exported()
        try:
            for image in track(task, images, "Exporting"):
                path = folder / names[image.id]
                try:
                    done.changed += _write(project, image, path, classes)
                except UserError as error:
                    done.failed.append(Failure(str(path), error.message))
                else:
                    done.images += 1
        except Cancelled:
            done.interrupted = True
        if done.images:
            write_legend(folder / LEGEND, classes)
        return done


def _write(project: Project, image: ImageRecord, path: Path, classes: list[LabelClass]) -> int:
    """Write one mask; return how many of its objects differ when it is read again."""
    from segstudio.store.exchange.compare import differing_objects
    from segstudio.store.masks import mask_windows, write_mask

    mask = project.layers(image).mask
    size = (image.height, image.width)
    write_mask(path, *size, mask.read, classes, image.georef)
    changed = 0
    for box, ids in mask_windows(path, size, classes):
        changed += differing_objects(mask.read(box), ids)
    return changed
