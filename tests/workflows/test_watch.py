import shutil

from segstudio.store.project import stored_path
from segstudio.workflows.watch import look


def test_finds_what_the_project_does_not_have(project, shapes):
    folder = shapes / "pictures"
    known = {image.path for image in project.images()}
    assert look(project, [folder], known).files == {}
    below = folder / "more"
    below.mkdir()
    (folder / ".hidden").mkdir()
    new = shutil.copy(folder / "p1.png", below / "new.png")
    (folder / "empty.png").touch()
    (folder / "notes.txt").write_text("no picture")
    found = look(project, [folder], known)
    assert list(found.files) == [new]
    assert found.files[new] == (new.stat().st_size, new.stat().st_mtime_ns)
    assert set(found.folders) == {str(folder), str(below)}
    assert look(project, [folder], {*known, stored_path(project.root, new)}).files == {}


def test_pictures_beside_and_inside_the_project_are_known_by_their_stored_paths(project):
    inside = project.root / "photos"
    inside.mkdir()
    new = shutil.copy(project.path_of(project.images()[0]), inside / "a.png")
    assert list(look(project, [inside], set()).files) == [new]
    assert look(project, [inside], {"photos/a.png"}).files == {}


def test_says_which_folders_are_not_there(project, shapes):
    gone = shapes / "gone"
    found = look(project, [gone, shapes / "masks"], set())
    assert found.missing == [gone]
    assert found.folders == [str(shapes / "masks")]
    assert look(project, [gone], set()).files == {}
