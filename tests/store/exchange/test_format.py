import csv

import numpy as np
import pytest

from segstudio.domain.classes import parse_class
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Layer, LayerBuilder
from segstudio.store.exchange.format import formats
from segstudio.store.masks import read_mask
from segstudio.store.project import Project

# The objects on which converters fail: a ring with a hole and an island in it, an object of two
# parts, one of a single pixel, a line of two pixels' width, a square of two.
HARD = np.full((40, 60), 255, np.uint8)
HARD[2:20, 2:20] = 1
HARD[6:16, 6:16] = 0
HARD[10:12, 10:12] = 1
HARD[2:6, 30:34] = HARD[10:14, 30:34] = 2
HARD[30, 30] = 1
HARD[25:27, 5:50] = 2
HARD[34:36, 50:52] = 0


@pytest.fixture
def project(tmp_path):
    made = Project.create(tmp_path / "p", [parse_class(n, i) for i, n in enumerate("abc")])
    images = [
        ImageRecord(n, f"../{name}", name, 60, 40) for n, name in ((1, "x.jpg"), (2, "y.jpg"))
    ]
    rows = tuple(RowChange("images", image.id, None, image.row()) for image in images)
    builder = LayerBuilder(40, 60)
    builder.write(images[0].box, HARD)
    tiles = builder.finish().items()
    changes = [TileChange(n, Layer.MASK, key, None, tile) for n in (1, 2) for key, tile in tiles]
    made.apply(Edit("Add", tuple(changes), rows))
    yield made
    made.close()


@pytest.mark.parametrize("name", list(formats))
def test_every_format_writes_all_pictures_and_says_what_it_lost(project, tmp_path, name):
    done = formats[name]().export(project, project.images(), tmp_path / "out", Quiet())
    assert (done.images, done.failed, done.interrupted) == (2, [], False)
    assert done.changed >= 0
    assert any((tmp_path / "out").iterdir())


@pytest.mark.parametrize("name", list(formats))
def test_every_format_can_be_interrupted(project, tmp_path, name):
    class Impatient(Quiet):
        def report(self, done, total, text):
            if done:
                raise Cancelled

    done = formats[name]().export(project, project.images(), tmp_path / "out", Impatient())
    assert done.interrupted
    assert done.images == 1


def test_masks_come_back_exactly(project, tmp_path):
    out = tmp_path / "out"
    done = formats["masks"]().export(project, project.images(), out, Quiet())
    assert done.changed == 0
    again = read_mask(out / "x.png", (40, 60), project.classes())
    np.testing.assert_array_equal(again, HARD)
    with (out / "legend.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["name"]) for row in rows] == [("0", "a"), ("1", "b"), ("2", "c")]


def test_a_picture_that_cannot_be_written_is_left_out(project, tmp_path):
    (tmp_path / "out" / "x.png").mkdir(parents=True)
    done = formats["masks"]().export(project, project.images(), tmp_path / "out", Quiet())
    assert done.images == 1
    assert [f.path.endswith("x.png") for f in done.failed] == [True]
