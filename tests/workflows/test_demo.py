import pytest
from PIL import Image

from segstudio.domain.records import State
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.demo import demo


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    values = {"width": 0.25, "crop": 64, "batch": 2, "evaluations": 1, "steps": 2}
    return folder, demo(folder, Quiet(), images=3, values=values)


def test_the_demonstration_does_the_whole_job(made):
    folder, report = made
    assert report.images == 3
    assert report.run == 1
    assert 0 <= report.miou < 1
    assert set(report.baselines) == {"forest", "kmeans", "multi_otsu"}
    assert sorted(path.name for path in folder.iterdir()) == [
        "export", "facade-demo.png", "facade-demo.segstudio", "pictures", "reference",
    ]  # fmt: skip
    project = Project.open(report.project, write=False)
    pool = project.images()[-1]
    assert pool.state == State.PROPOSED
    assert len(project.layers(pool).proposal)
    assert {item.image for item in project.queue()} == {pool.id}
    project.close()


def test_the_sheet_shows_every_measured_picture_in_four_columns(made):
    _, report = made
    with Image.open(report.sheet) as sheet:
        assert sheet.width > 4 * 300
        assert sheet.height > 300
        assert len(sheet.getcolors(1 << 24) or ()) > 1000


def test_a_second_demonstration_does_not_touch_the_first(made):
    folder, _ = made
    with pytest.raises(UserError, match="exists already"):
        demo(folder, Quiet(), images=3)
