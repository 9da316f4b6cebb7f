"""The pictures and classes of the open project, as they are in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from segstudio.domain import merging, states
from segstudio.domain.classes import LabelClass, check_classes
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import ImageRecord, class_row
from segstudio.store.project import moved_path


@dataclass
class Changed:
    """What some rows changed: ids of pictures, those of them that are gone, whether classes."""

    images: list[int] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    classes: bool = False


@dataclass
class Records:
    """Pictures by id, and classes in their order."""

    images: dict[int, ImageRecord] = field(default_factory=dict)
    classes: list[LabelClass] = field(default_factory=list)

    def class_of(self, id: int) -> LabelClass | None:
        return next((label for label in self.classes if label.id == id), None)

    def take(self, rows: Iterable[RowChange]) -> Changed:
        """Bring pictures and classes up to an edit; return what it changed."""
        changed = Changed()
        for row in rows:
            if row.table == "images":
                changed.images.append(row.id)
                self._take_image(row, changed)
            else:
                changed.classes = True
                self._take_class(row)
        if changed.classes:
            self.classes.sort(key=lambda label: (label.position, label.id))
        return changed

    def class_edit(self, label: LabelClass) -> Edit | None:
        """Return the edit that adds a class, or gives the one of its id other properties.

        None where nothing changes. Raises `UserError` where it does not go with the others.
        """
        old = self.class_of(label.id)
        if old == label:
            return None
        check_classes([c for c in self.classes if c.id != label.id] + [label])
        text = f"Change class {label.name}" if old else f"Add class {label.name}"
        before = class_row(old) if old else None
        return Edit(text).with_rows(
            [RowChange.between("classes", label.id, before, class_row(label))]
        )

    def image_edit(self, ids: Iterable[int], text: str, **values: Any) -> Edit:
        """Return the edit that gives pictures another state or split."""
        rows = [states.changed(self.images[id], **values) for id in ids if id in self.images]
        return Edit(text).with_rows(rows)

    def move(self, old: Path, new: Path) -> None:
        """The project goes on in another folder: paths are relative to it."""
        self.images = {
            id: replace(image, path=moved_path(image.path, old, new))
            for id, image in self.images.items()
        }

    def _take_image(self, row: RowChange, changed: Changed) -> None:
        if row.after is None:
            self.images.pop(row.id, None)
            changed.gone.add(row.id)
        else:
            self.images[row.id] = merging.record_after(self.images.get(row.id), row)

    def _take_class(self, row: RowChange) -> None:
        known = self.class_of(row.id)
        # A list of its own: what was handed out before stays as it was.
        self.classes = [label for label in self.classes if label.id != row.id]
        if row.after is not None:
            self.classes.append(merging.class_after(known, row))
