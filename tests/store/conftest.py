"""A project on disk with two pictures that nobody needs to decode."""

import pytest

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.draft import Draft
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import ImageRecord
from segstudio.domain.stroke import capsule
from segstudio.store.project import Project

CLASSES = [
    LabelClass(id, name, default_colour(id), position=id)
    for id, name in enumerate(["background", "sign", "window"])
]
IMAGES = [
    ImageRecord(1, "../a.jpg", "a.jpg", 530, 300, hash="aa"),
    ImageRecord(2, "../b.jpg", "b.jpg", 90, 120, hash="bb"),
]


def added(*images):
    """Return the edit that adds pictures."""
    return Edit("Add", rows=tuple(RowChange("images", i.id, None, i.row()) for i in images))


@pytest.fixture
def project(tmp_path):
    project = Project.create(tmp_path / "walls", CLASSES)
    project.apply(added(*IMAGES))
    yield project
    project.close()


@pytest.fixture
def stroke():
    """Return the edit of a stroke against what the project has now."""

    def stroke(project, id, start, end, diameter=20, value=1, locked=()):
        image = project.image(id)
        draft = Draft(id, project.layers(image), locked)
        box, region = capsule(start, end, diameter, image.box)
        if box:
            draft.paint(box, region, value)
        return draft.finish("Brush")

    return stroke
