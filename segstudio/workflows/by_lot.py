"""Regions that the queue drew by lot: those that are labelled and not learned from yet.

They outlive their queue: a new order, made by hand or after a training, forgets none of them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord, QueueItem
from segstudio.store.project import Project
from segstudio.workflows.queue import settled

KEPT = "by_lot"
"""The project's fact that holds those of former queues."""

LEARNED = "by_lot_learned"
"""The fact that holds those from which a finished training has learned."""

Place = tuple[int, str, Box | None]
"""A picture, what it holds, and the box: another picture may get the number of a removed one."""


def labelled_by_lot(project: Project) -> list[QueueItem]:
    """Return what was asked for by lot and is labelled, but what no training has learned from."""
    images = {image.id: image for image in project.images()}
    learned = set(_read(project, LEARNED))
    known = {place: None for place in _read(project, KEPT)} | _asked(project, images)
    items = [
        item or QueueItem(place[0], 0.0, "", place[2], by_lot=True)
        for place, item in known.items()
        if place not in learned and place[0] in images and images[place[0]].hash == place[1]
    ]
    flags = settled(project, items)
    return [item for item, done in zip(items, flags, strict=True) if done]


def keep_labelled(project: Project) -> None:
    """Remember them, since another queue is about to take the place of this one."""
    images = {image.id: image for image in project.images()}
    _write(project, KEPT, [place for i in labelled_by_lot(project) if (place := _place(i, images))])


def note_learned(project: Project, items: Sequence[QueueItem]) -> None:
    """Remember that a training has learned from them: they tell nothing of its model."""
    images = {image.id: image for image in project.images()}
    asked = {*_asked(project, images), *_read(project, KEPT)}
    learned = {place for item in items if (place := _place(item, images))}
    before = [place for place in _read(project, LEARNED) if place in asked - learned]
    _write(project, LEARNED, [*before, *learned])


def _asked(project: Project, images: Mapping[int, ImageRecord]) -> dict[Place, QueueItem | None]:
    """Return what the queue asks for by lot."""
    items = [item for item in project.queue() if item.by_lot]
    return {place: item for item in items if (place := _place(item, images))}


def _place(item: QueueItem, images: Mapping[int, ImageRecord]) -> Place | None:
    image = images.get(item.image)
    return None if image is None else (image.id, image.hash, item.box)


def _read(project: Project, fact: str) -> list[Place]:
    """Return the places of a fact; what is no place is left out."""
    try:
        found: list[Any] = json.loads(project.fact(fact) or "[]")
        return [(int(id), str(hash), Box(*box) if box else None) for id, hash, box in found]
    except (ValueError, TypeError):
        return []


def _write(project: Project, fact: str, places: Sequence[Place]) -> None:
    values = [
        [id, hash, None if box is None else [box.top, box.left, box.bottom, box.right]]
        for id, hash, box in places
    ]
    project.set_fact(fact, json.dumps(values)).result()
