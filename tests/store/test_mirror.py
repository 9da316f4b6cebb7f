from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segstudio.domain import states
from segstudio.domain.classes import parse_class
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.store.mirror import write_mirror
from segstudio.store.project import Project


@pytest.fixture
def project(tmp_path):
    made = Project.create(tmp_path / "p", [parse_class("a", 0), parse_class("b:#102030", 1)])
    yield made
    made.close()


def add(project, *paths, georef=None):
    first = max((image.id for image in project.images()), default=0) + 1
    images = [
        ImageRecord(first + n, f"../{path}", Path(path).name, 300, 40, georef=georef)
        for n, path in enumerate(paths)
    ]
    rows = tuple(RowChange("images", image.id, None, image.row()) for image in images)
    project.apply(Edit("Add", rows=rows))
    return images


def paint(project, image, value):
    array = blank()
    array[:10, :20] = value
    project.apply(
        Edit("Paint", (TileChange(image.id, Layer.MASK, (0, 0), None, Packed.of(array)),))
    )


def files(project):
    folder = project.root / "masks"
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_masks_are_written_as_indexed_png(project):
    one, two, _ = add(project, "a.jpg", "b.jpg", "c.jpg")
    paint(project, one, 1)
    paint(project, two, 0)
    assert write_mirror(project, Quiet()) == 2
    assert files(project) == ["a.png", "b.png"]
    with Image.open(project.root / "masks" / "a.png") as written:
        assert written.mode == "P"
        assert written.getpalette()[3:6] == [0x10, 0x20, 0x30]
        ids = np.asarray(written)
    assert ids.shape == (40, 300)
    assert (ids[:10, :20] == 1).all()
    assert (ids == 255).sum() == 11800
    assert project.stale() == []
    assert write_mirror(project, Quiet()) == 0


def test_only_what_changed_is_written_again(project):
    one, two = add(project, "a.jpg", "b.jpg")
    paint(project, one, 1)
    paint(project, two, 1)
    write_mirror(project, Quiet())
    before = (project.root / "masks" / "b.png").stat().st_mtime_ns
    paint(project, one, 0)
    assert write_mirror(project, Quiet()) == 1
    assert (project.root / "masks" / "b.png").stat().st_mtime_ns == before


def test_a_mask_that_was_taken_back_is_removed(project):
    (one,) = add(project, "a.jpg")
    paint(project, one, 1)
    write_mirror(project, Quiet())
    project.turn([project.history()[0][-1].id], undo=True).result()
    write_mirror(project, Quiet())
    assert files(project) == []


def test_names_follow_when_another_picture_has_the_same_stem(project):
    (one,) = add(project, "x/a.jpg")
    paint(project, one, 1)
    write_mirror(project, Quiet())
    (two,) = add(project, "y/a.jpg")
    paint(project, two, 1)
    write_mirror(project, Quiet())
    assert files(project) == ["x/a.png", "y/a.png"]


def test_georeferenced_pictures_get_geotiff(project):
    import rasterio

    place = {"wkt": "", "epsg": None, "transform": [2.0, 0.0, 100.0, 0.0, -2.0, 50.0]}
    (one,) = add(project, "map.tif", georef=place)
    paint(project, one, 1)
    write_mirror(project, Quiet())
    with rasterio.open(project.root / "masks" / "map.tif") as file:
        assert list(file.transform)[:6] == place["transform"]
        assert file.read(1)[0, 0] == 1


def test_what_was_written_before_an_interruption_counts(project):
    images = add(project, "a.jpg", "b.jpg", "c.jpg")
    for image in images:
        paint(project, image, 1)

    class Impatient(Quiet):
        def report(self, done, total, text):
            if done == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        write_mirror(project, Impatient())
    assert files(project) == ["a.png", "b.png"]
    assert project.stale() == [images[2].id]
    assert write_mirror(project, Quiet()) == 1


def test_a_stroke_while_the_masks_are_written_is_written_the_next_time(project):
    one, two = add(project, "a.jpg", "b.jpg")
    paint(project, one, 1)
    paint(project, two, 1)

    class Painter(Quiet):
        def report(self, done, total, text):
            if done == 1:
                paint(project, one, 0)

    assert write_mirror(project, Painter()) == 2
    assert project.stale() == [one.id]
    assert write_mirror(project, Quiet()) == 1
    with Image.open(project.root / "masks" / "a.png") as written:
        assert (np.asarray(written)[:10, :20] == 0).all()
    assert project.stale() == []


def test_a_change_of_split_writes_nothing(project):
    (one,) = add(project, "a.jpg")
    project.apply(Edit("Split", rows=(states.changed(one, split=Split.VAL),)))
    assert write_mirror(project, Quiet()) == 0


def test_a_name_in_the_database_cannot_reach_out_of_the_folder(project, tmp_path):
    outside = tmp_path / "precious.png"
    outside.write_bytes(b"x")
    project.set_fact("mirror", '{"7": "../../precious.png"}').result()
    write_mirror(project, Quiet())
    assert outside.exists()
