"""Adding pictures to a project, with masks where there are some."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.task import Task
from segstudio.errors import Failure, UserError
from segstudio.store.files import content_hash
from segstudio.store.pictures import check
from segstudio.store.project import Project, stored_path
from segstudio.workflows.finding import find_pictures
from segstudio.workflows.gathering import Gathering, gathering
from segstudio.workflows.incoming import MaskRules, incoming, state_of
from segstudio.workflows.items import Batch, Item, check_unchanged, each
from segstudio.workflows.pairing import MaskFiles


@dataclass
class Addition:
    """What adding came to, and the edit that does it."""

    edit: Edit = field(default_factory=lambda: Edit(""))
    added: int = 0
    known: int = 0
    """Pictures that the project had already."""
    found_again: int = 0
    """Pictures of the project that had been moved."""
    masks: int = 0
    failed: list[Failure] = field(default_factory=list)
    interrupted: bool = False


def plan_add(
    project: Project,
    paths: Sequence[Path],
    task: Task,
    split: Split = Split.POOL,
    masks: Path | None = None,
    rules: MaskRules | None = None,
) -> Addition:
    """Look at pictures, and plan to add those that can be opened.

    Masks are paired with pictures by name; one that does not fit is refused, its picture is
    added without. Pictures that the project has are passed over, but get a mask where they have
    none; one whose file has changed is left out, one whose file had gone is connected again
    when its content is met.
    """
    files, failed = find_pictures(paths, [masks] if masks else [])
    if not files and not failed:
        raise UserError("there are no pictures there", "name pictures, or a folder that holds some")
    with gathering(project, len(files) if masks else 1) as gathered:
        pairs = MaskFiles(masks, paths) if masks else None
        work = _Adding(project, gathered, split, pairs, rules)
        batch = each([Item(file) for file in files], work.add, task, "Adding")
        return work.result(batch, failed)


class _Adding:
    """Looks at one picture after the other, and gathers what is to be entered."""

    def __init__(
        self,
        project: Project,
        gathered: Gathering,
        split: Split,
        masks: MaskFiles | None,
        rules: MaskRules | None,
    ) -> None:
        images = project.images()
        self._project, self._gathered, self._split, self._masks = project, gathered, split, masks
        self._rules = rules or MaskRules(project.classes())
        self._by_path = {image.path: image for image in images}
        self._gone = {i.hash: i for i in images if i.hash and not project.path_of(i).exists()}
        self._next = max((image.id for image in images), default=0) + 1
        self._labelled = {image.id for image in project.labelled()}
        self._done = Addition()

    def add(self, item: Item, task: Task) -> None:
        """Look at one file."""
        path = stored_path(self._project.root, item.path)
        known = self._by_path.get(path)
        if known is not None:
            check_unchanged(item.path, known)
            self._done.known += 1
            if known.id not in self._labelled:
                self._put(known, known, item.path, task)
            return
        info = check(item.path)
        content = content_hash(item.path)
        moved = self._gone.pop(content, None)
        if moved is not None:
            self._put(moved, replace(moved, path=path, name=item.path.name), item.path, task)
            self._done.found_again += 1
            return
        image = ImageRecord(
            self._next, path, item.path.name, info.width, info.height, info.bands, info.dtype,
            split=self._split, size=item.path.stat().st_size, hash=content, georef=info.georef,
            nodata=info.nodata, note=info.note, added=time.time(),
        )  # fmt: skip
        self._put(None, image, item.path, task)
        self._next += 1
        self._done.added += 1

    def _put(self, before: ImageRecord | None, image: ImageRecord, file: Path, task: Task) -> None:
        """Enter a picture, with its mask if there is one that fits."""
        tiles = list(self._mask_of(image, file, task))
        if tiles:
            image = replace(image, state=state_of(image, tiles))
        row = before.row() if before else None
        self._gathered.take(tiles, RowChange.between("images", image.id, row, image.row()))
        self._by_path[image.path] = image
        if tiles:
            self._done.masks += 1
            self._labelled.add(image.id)

    def _mask_of(self, image: ImageRecord, file: Path, task: Task) -> Iterator[TileChange]:
        if self._masks is None or image.id in self._labelled:
            return
        mask = self._masks.of(file)
        if mask is None:
            return
        try:
            yield from incoming(image, mask, self._rules, task)
        except UserError as error:
            self._done.failed.append(Failure(str(mask), error.message))

    def result(self, batch: Batch, failed: Sequence[Failure]) -> Addition:
        done = self._done
        done.failed = [*failed, *batch.failed, *done.failed]
        if self._masks is not None and not self._masks.met:
            reason = "no mask in it is named like one of the pictures"
            done.failed.append(Failure(str(self._masks.folder), reason))
        text = f"Add {done.added} picture{'s' * (done.added != 1)}"
        done.edit = self._gathered.edit(text)
        done.interrupted = batch.interrupted
        return done
