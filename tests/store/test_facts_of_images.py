import numpy as np
import pytest

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import ImageRecord
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.store.facts_of_images import ImageFacts, facts_of_images, places_of_tiles
from segstudio.store.project import Project


def tile(**areas):
    """Return a tile in which class n has so many pixels."""
    ids = blank()
    flat, start = ids.reshape(-1), 0
    for name, pixels in areas.items():
        flat[start : start + pixels] = int(name[1:])
        start += pixels
    return Packed.of(np.ascontiguousarray(ids))


@pytest.fixture
def project(tmp_path):
    classes = [LabelClass(n, f"class {n}", default_colour(n)) for n in range(4)]
    project = Project.create(tmp_path / "some", classes)
    records = [ImageRecord(n, f"../{n}.png", f"{n}.png", 600, 300) for n in range(1, 5)]
    rows = tuple(RowChange("images", record.id, None, record.row()) for record in records)
    tiles = (
        TileChange(1, Layer.MASK, (0, 0), None, tile(c1=50, c3=7)),
        TileChange(1, Layer.MASK, (0, 1), None, tile(c3=3)),
        TileChange(2, Layer.MASK, (0, 0), None, tile(c0=9)),
        TileChange(2, Layer.PROPOSAL, (1, 2), None, tile(c2=9)),
    )
    project.apply(Edit("Add", tiles, rows))
    project.set_scores("net", "mean_entropy", {2: 0.5, 3: 0.75}).result()
    project.set_scores("other", "mean_entropy", {4: 0.25}).result()
    yield project
    project.close()


def test_tells_what_is_labelled_and_how_unsure_a_model_is(project):
    assert facts_of_images(project, "net", "mean_entropy") == {
        1: ImageFacts(frozenset({1, 3}), 60, None),
        2: ImageFacts(frozenset({0}), 9, 0.5),
        3: ImageFacts(frozenset(), 0, 0.75),
    }


def test_tells_of_some_pictures_only(project):
    found = facts_of_images(project, "net", "mean_entropy", ids=[2, 4])
    assert found == {2: ImageFacts(frozenset({0}), 9, 0.5)}
    assert facts_of_images(project, "net", "mean_entropy", ids=[]) == {}


def test_classes_that_were_painted_over_are_not_there(project):
    project.apply(Edit("Paint", (TileChange(1, Layer.MASK, (0, 0), None, tile(c1=57)),)))
    assert facts_of_images(project)[1] == ImageFacts(frozenset({1, 3}), 60)
    project.apply(Edit("Paint", (TileChange(1, Layer.MASK, (0, 1), None, None),)))
    assert facts_of_images(project)[1] == ImageFacts(frozenset({1}), 57)


def test_places_of_tiles_are_those_of_all_layers(project):
    assert set(places_of_tiles(project, 2)) == {(Layer.MASK, (0, 0)), (Layer.PROPOSAL, (1, 2))}
    assert list(places_of_tiles(project, 4)) == []
