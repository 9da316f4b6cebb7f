from segstudio.domain.records import Split, State
from segstudio.domain.task import Quiet
from segstudio.store.mirror import write_mirror
from segstudio.workflows.add import plan_add
from segstudio.workflows.remove import plan_remove


def tables(project):
    """Return all rows that have to do with pictures."""
    project.writer.settle()
    read = project.reading().execute
    return {
        name: sorted(tuple(row) for row in read(f"SELECT * FROM {name}"))
        for name in ("images", "tiles")
    } | {"shares": {image.id: project.shares(image.id) for image in project.images()}}


def undo(project):
    entries, done = project.history()
    project.turn([entries[done - 1].id], undo=True).result()


def test_pictures_go_with_their_masks_and_the_files_stay(project):
    gone = [image for image in project.images() if image.split == Split.VAL]
    files = [project.path_of(image) for image in project.images()]
    content = [file.read_bytes() for file in files]
    project.apply(plan_remove(project, gone, Quiet()))
    assert len(project.images()) == 5
    assert [image.split for image in project.images()] == [Split.POOL] * 5
    left = (
        project.reading()
        .execute("SELECT COUNT(*) FROM tiles WHERE image = ?", (gone[0].id,))
        .fetchone()
    )
    assert left[0] == 0
    assert [file.read_bytes() for file in files] == content


def test_undo_brings_them_back_bit_for_bit(project):
    before, changes = tables(project), project.history()[1]
    project.apply(plan_remove(project, project.images()[:4], Quiet()))
    assert len(project.images()) == 2
    assert project.history()[1] == changes + 1
    undo(project)
    assert tables(project) == before


def test_the_mirror_loses_them_and_gets_them_again(project):
    write_mirror(project, Quiet())
    masks = project.root / "masks"
    before = {file.name: file.read_bytes() for file in masks.iterdir()}
    project.apply(plan_remove(project, project.images()[:1], Quiet()))
    write_mirror(project, Quiet())
    assert len(list(masks.iterdir())) == len(before) - 1
    undo(project)
    write_mirror(project, Quiet())
    assert {file.name: file.read_bytes() for file in masks.iterdir()} == before


def test_who_gets_the_number_of_one_that_is_gone_inherits_nothing(project, shapes):
    last = max(project.images(), key=lambda image: image.id)
    labelled = project.images()[0]
    project.set_thumbnail(last.id, b"a picture").result()
    project.apply(plan_remove(project, [labelled, last], Quiet()))
    project.apply(plan_add(project, [shapes / "pictures"], Quiet()).edit)
    again = {image.name: image for image in project.images()}
    assert len(again) == 6
    assert project.thumbnail(last.id) is None
    assert again[labelled.name].state == State.UNLABELLED
    assert project.shares(again[labelled.name].id) == {}
