import cv2
import numpy as np
import pytest

from segstudio.domain.records import Split
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.sample import Shares, sample_project


@pytest.mark.parametrize(("images", "shares"), [(3, (1, 1, 1)), (10, (6, 2, 2)), (30, (18, 6, 6))])
def test_pictures_are_shared_out(images, shares):
    found = Shares.of(images)
    assert (found.train, found.val, found.pool) == shares


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    return folder, sample_project(folder, "facade", 3, 0)


def test_a_sample_has_labelled_pictures_and_some_to_label(sample):
    folder, root = sample
    assert root == folder / "facade-demo.segstudio"
    project = Project.open(root, write=False)
    images = project.images()
    assert [i.split for i in images] == [Split.TRAIN, Split.VAL, Split.POOL]
    assert [i.name for i in project.labelled()] == ["facade-01.jpg", "facade-02.jpg"]
    assert all(project.path_of(i).is_file() for i in images)
    assert [label.name for label in project.classes()][:2] == ["background", "facade"]
    mask = project.layers(images[0]).mask.read(images[0].box)
    project.close()
    reference = cv2.imread(str(folder / "reference" / "facade-01.png"), cv2.IMREAD_UNCHANGED)
    assert mask.shape == reference.shape[:2]
    assert (mask != 255).all()
    assert len(np.unique(mask)) > 2


def test_a_sample_that_is_there_is_left_as_it_is(sample):
    folder, root = sample
    before = (folder / "pictures" / "facade-01.jpg").stat().st_mtime_ns
    assert sample_project(folder, "facade", 3, 5) == root
    assert (folder / "pictures" / "facade-01.jpg").stat().st_mtime_ns == before


def test_an_interruption_leaves_no_half_project(tmp_path):
    class Impatient(Quiet):
        def report(self, done, total, text):
            if text == "Making the project":
                raise Cancelled

    with pytest.raises(Cancelled):
        sample_project(tmp_path, "facade", 3, 0, Impatient())
    assert not list(tmp_path.glob("*.segstudio"))
    assert not list(tmp_path.glob(".facade*"))


def test_too_few_pictures_and_unknown_scenes_are_refused(tmp_path):
    with pytest.raises(UserError, match="too few"):
        sample_project(tmp_path, "facade", 2)
    with pytest.raises(UserError, match="no scene"):
        sample_project(tmp_path, "moon", 3)
    assert list(tmp_path.iterdir()) == []


def test_pictures_from_above_are_georeferenced_rasters_too(tmp_path):
    import rasterio

    root = sample_project(tmp_path, "satellite", 3)
    rasters = sorted((tmp_path / "rasters").iterdir())
    with rasterio.open(rasters[0]) as raster:
        assert (raster.count, raster.dtypes[0]) == (4, "uint16")
        assert raster.crs is not None
    assert len(rasters) == 3
    assert root.is_dir()
