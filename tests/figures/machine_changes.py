"""Random changes of every kind, made in a session and in the model beside it."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from machine_driver import MORE, refusing
from machine_labelling import Labelling
from machine_model import (
    MASK,
    NOBODY,
    PROPOSAL,
    Snapshot,
)
from PySide6.QtCore import QCoreApplication

from segstudio.domain.classes import LabelClass, default_colour, free_id
from segstudio.domain.edit import RowChange, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import Split, State, class_row
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import TILE, Layer, Packed, Source, keys_of, tile_box
from segstudio.store.project import stored_path
from segstudio.workflows.add import plan_add
from segstudio.workflows.clear import plan_clear
from segstudio.workflows.reclass import plan_delete, plan_merge
from segstudio.workflows.remove import plan_remove


class Driver(Labelling):
    """Makes changes of every kind."""

    # -- in between -----------------------------------------------------------------

    def open_and_change(self) -> None:
        """Change a picture while it is on its way to the screen."""
        make = self.rng.choice([self._stage_somewhere, lambda: self.undo, lambda: self.redo])()
        others = sorted(self.session.images.keys() - self.session.shown)
        if others:
            self.session.open_image(self.rng.choice(others))
            if self.rng.random() < 0.5:
                QCoreApplication.processEvents()
        make()

    def fill_disk(self) -> None:
        """Go on while the disk refuses everything, until it has room again."""
        session = self.session
        assert session.project is not None
        session.project.writer.patience = 0.02
        with refusing():
            for _ in range(self.rng.randint(1, 5)):
                if session.editable and session.image is not None:
                    self.rng.choice([self.stroke, self.stroke, self.change_class, self.undo])()
                if self.rng.random() < 0.4:
                    session.open_image(self.rng.choice([*session.images, 0]))
                end = time.monotonic() + 0.03
                while time.monotonic() < end:
                    QCoreApplication.processEvents()
        session.project.writer.retry()

    # -- classes ---------------------------------------------------------------------

    def add_class(self) -> None:
        """Add a class with the next number that the screen knows."""
        if len(self.session.classes) > 12:
            return
        id, now = free_id(self.session.classes), self.model.now
        label = LabelClass(id, self.some_name(), default_colour(id))
        label = replace(label, position=self.rng.randint(0, 9))
        if id in now.classes:  # of which the screen knows nothing yet
            id = min(set(range(255)) - now.classes.keys())
        after = now.with_class(id, {**class_row(label), "id": id})
        self.expect(f"Add class {label.name}", after)
        self.session.change_class(label)

    def change_class(self) -> None:
        """Rename, recolour, hide, lock or move a class."""
        if not self.session.classes:
            return
        label, rng = self.rng.choice(self.session.classes), self.rng
        new = replace(
            label,
            **rng.choice(
                [
                    {"name": self.some_name()},
                    {"colour": tuple(rng.randrange(256) for _ in range(3))},
                    {"visible": not label.visible},
                    {"locked": not label.locked},
                    {"position": rng.randint(0, 9)},
                ]
            ),
        )
        after = self._rows_now("classes", label.id, class_row(label), class_row(new))
        if after is not None and new != label:
            self.expect(f"Change class {new.name}", after, always=False)
        self.session.change_class(new)

    def _rows_now(
        self, table: str, id: int, before: dict, after: dict, now: Snapshot | None = None
    ) -> Snapshot | None:
        """Return the project with what changes from one row to another.

        What someone else has changed meanwhile stands.
        """
        now = now or self.model.now
        row = getattr(now, table).get(id)
        if row is None:
            return None
        changed = {
            name: value for name, value in after.items()
            if value != before[name] and row[name] == before[name]
        }  # fmt: skip
        if table == "classes":
            return now.with_class(id, {**row, **changed})
        return now.with_image(id, **changed)

    def reclass(self) -> None:
        """Merge a class into another one, or delete it."""
        self.settle()
        now, project = self.model.now, self.session.project
        assert project is not None
        free = sorted(id for id, row in now.classes.items() if not row["locked"])
        if len(now.classes) < 3 or not free:
            return
        id = self.rng.choice(free)
        target = self.rng.choice(sorted(now.classes.keys() - {id}))
        name, other = now.classes[id]["name"], now.classes[target]["name"]
        after = now.with_class(id, None)
        if self.rng.random() < 0.5:
            after = self._reclassed(after, id, target)
            self.expect(f"Merge {name} into {other}", after)
            edit = plan_merge(project, id, target, Quiet())
        else:
            after = self._reclassed(after, id, NOBODY)
            self.expect(f"Delete class {name}", after)
            edit = plan_delete(project, id, Quiet())
        self.session.apply(edit)

    def _reclassed(self, now: Snapshot, id: int, target: int) -> Snapshot:
        for image in now.images:
            mask, source, proposal = map(self.arrays.get, now.layers[image])
            had = mask.min() != NOBODY, proposal.min() != NOBODY
            mask[mask == id] = proposal[proposal == id] = target
            source[mask == NOBODY] = NOBODY
            labelled, proposed = mask.min() != NOBODY, proposal.min() != NOBODY
            state = now.images[image]["state"]
            if had[0] and not labelled:
                state = (State.PROPOSED if proposed else State.UNLABELLED).value
            elif had[1] and not proposed:
                state = self._without_proposal(image, state, bool(labelled))
            now = self.after(now, image, mask, source, proposal).with_image(image, state=state)
        return now

    # -- pictures --------------------------------------------------------------------

    def mark(self) -> None:
        """Give pictures another state or split."""
        images, values = self.session.images, {}
        ids = [id for id in self.some_images() if id in images]
        if self.rng.random() < 0.7:
            values["state"] = self.rng.choice(list(State))
        if self.rng.random() < 0.7:
            values["split"] = self.rng.choice(list(Split))
        after = self.model.now
        for id in ids:
            before = images[id].row()
            new = {**before, **{name: value.value for name, value in values.items()}}
            after = self._rows_now("images", id, before, new, after) or after
        self.expect("Mark", after, always=False)
        self.session.set_image(ids, "Mark", **values)

    def clear(self) -> None:
        """Take back all that is labelled in pictures."""
        self.settle()
        ids, now, after = self.some_images(), self.model.now, self.model.now
        project = self.session.project
        assert project is not None
        edit = plan_clear(project, [self.session.images[id] for id in ids], Quiet())
        for id in ids:
            after = after.with_layers(id, self.blank(now.images[id]))
            after = after.with_image(id, state=State.UNLABELLED.value)
        self.expect(edit.text, after, always=False)
        self.session.apply(edit)

    def remove(self) -> None:
        """Take pictures out of the project."""
        self.settle()
        ids, after = self.some_images(), self.model.now
        project = self.session.project
        assert project is not None
        if len(after.images) - len(ids) < 2:
            ids = ids[:1]
        if len(after.images) < 2:
            return
        edit = plan_remove(project, [self.session.images[id] for id in ids], Quiet())
        if self.rng.random() < 0.3:
            self.stroke()  # which nobody knew of when it was planned
        after = self.model.now
        for id in ids:
            after = after.without_image(id)
        self.expect(edit.text, after)
        self.session.apply(edit)

    def add(self) -> None:
        """Add pictures with masks; those that are there and not labelled get their mask."""
        self.settle()
        project, after, folder = self.session.project, self.model.now, self.root.parent
        assert project is not None
        names = self.rng.sample(sorted(MORE), self.rng.randint(1, 3))
        files = [folder / "more" / f"{name}.png" for name in names]
        addition = plan_add(project, files, Quiet(), masks=folder / "masks")
        by_path = {row["path"]: id for id, row in after.images.items()}
        new = {row.after["path"]: row for row in addition.edit.rows if row.before is None}
        for file in files:
            path = stored_path(project.root, file)
            id = by_path.get(path)
            if id is None:
                row = new[path]
                assert row.id not in after.images
                id = row.id
                size = MORE[file.stem]
                assert (row.after["height"], row.after["width"]) == size
                state = State.UNLABELLED.value
                after = replace(after, images={**after.images, id: {**row.after, "state": state}})
                after = after.with_layers(id, self.blank(row.after))
            after = self._with_mask(after, id, folder / "masks" / file.name)
        self.expect(addition.edit.text, after, always=False)
        self.session.apply(addition.edit)

    def _with_mask(self, after: Snapshot, id: int, file: Path) -> Snapshot:
        """Return the project with the mask of a file, where it fits and there is none."""
        mask = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        known = set(after.classes) | {NOBODY}
        labelled = self.arrays.get(after.layers[id][MASK]).min() != NOBODY
        if labelled or not set(np.unique(mask).tolist()) <= known:
            return after
        source = np.where(mask == NOBODY, np.uint8(NOBODY), np.uint8(Source.IMPORT))
        whole = (mask != NOBODY).mean() >= 0.5
        state = (State.REVIEWED if whole else State.IN_WORK).value
        return self.after(after, id, mask, source).with_image(id, state=state)

    def stage(self) -> None:
        """Change tiles of any pictures, through the database."""
        self._stage_somewhere()()

    def give_up(self) -> None:
        """Stage tiles and forget them."""
        project, ids = self.session.project, self.some_images()
        assert project is not None
        stage = project.stage()
        tile = Packed(np.zeros((TILE, TILE), np.uint8))
        stage.put(TileChange(id, Layer.MASK, (0, 0), None, tile) for id in ids)
        if self.rng.random() < 0.5:
            stage.edit("Never made")
        stage.drop()

    def _stage_somewhere(self) -> Callable[[], None]:
        """Stage changes of pictures, one of which is not there; return what makes them."""
        project = self.session.project
        assert project is not None
        stage, put = project.stage(), []
        for id in [*self.some_images(), 999]:
            row = self.model.now.images.get(id, {"height": 300, "width": 300})
            for layer in self.rng.sample([MASK, PROPOSAL], self.rng.randint(1, 2)):
                ids = self.blobs((row["height"], row["width"]))
                tiles = self.tiles(ids)
                for key in keys_of(Box(0, 0, *ids.shape)):
                    if self.rng.random() < self.waits:
                        put.append((id, layer, key, tiles.get(key)))
        changes = [TileChange(id, Layer(layer), key, None, tile) for id, layer, key, tile in put]
        for id, layer, key, tile in put:
            if layer == MASK:
                given = None
                if tile is not None:
                    ids = np.where(tile.array == NOBODY, np.uint8(NOBODY), np.uint8(Source.PERSON))
                    given = Packed(ids)
                changes.append(TileChange(id, Layer.SOURCE, key, None, given))
        self.rng.shuffle(changes)
        stage.put(changes)
        id = self.rng.choice([*self.model.now.images, 999])
        before = self.model.now.images.get(id, {"split": ""})
        after = {**before, "split": self.rng.choice(list(Split)).value}
        row = RowChange.between("images", id, before, after)
        edit = stage.edit("Staged", [row])

        def make() -> None:
            self._expect_staged(changes, id, before, after)
            self.session.apply(edit)

        return make

    def _expect_staged(self, changes: list[TileChange], id: int, before: dict, row: dict) -> None:
        after = self._rows_now("images", id, before, row) or self.model.now
        fresh: dict[tuple[int, int], np.ndarray] = {}
        for change in changes:
            if change.image in after.images:
                place = change.image, int(change.layer)
                if place not in fresh:
                    fresh[place] = self.array(*place)
                part = fresh[place][tile_box(change.key).slices]
                tile = np.full((TILE, TILE), NOBODY, np.uint8)
                if change.after is not None:
                    tile = change.after.array
                part[:] = tile[: part.shape[0], : part.shape[1]]
        for (image, layer), array in fresh.items():
            layers = list(after.layers[image])
            layers[layer] = self.arrays.put(array)
            after = after.with_layers(image, (layers[0], layers[1], layers[2]))
        self.expect("Staged", after, always=bool(changes))


KINDS: dict[str, int] = {
    "stroke": 6, "interrupted_stroke": 2, "propose": 3, "accept": 3, "accept_at_once": 2,
    "discard": 1, "batch": 2, "stage": 2, "add_class": 2, "change_class": 3, "reclass": 1,
    "mark": 2, "clear": 1, "remove": 1, "add": 2, "open_and_change": 2,
}  # fmt: skip
"""Changes by how often they are made."""

MOVES: dict[str, int] = {
    "undo": 5, "redo": 4, "go_near": 3, "go_to": 1, "open": 4, "forget_memory": 1,
    "reopen": 1, "lose_power": 1, "give_up": 1, "fill_disk": 1,
}  # fmt: skip
"""What else is done in between, by how often."""
