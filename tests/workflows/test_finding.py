from pathlib import Path

import pytest

from segstudio.errors import UserError
from segstudio.workflows.finding import find_pictures, natural

PNG = b"\x89PNG\r\n\x1a\n rest"


def touch(path: Path, content: bytes = PNG) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_names_sort_as_people_count():
    names = ["p10.png", "p9.png", "P1.png", "q.png", "1.png"]
    assert sorted(names, key=natural) == ["1.png", "P1.png", "p9.png", "p10.png", "q.png"]


def test_folders_are_searched_in_order_and_below(tmp_path):
    for name in ("b10.jpg", "b9.jpg", "sub/a.tif", "notes.txt", "sub/deep/z.PNG"):
        touch(tmp_path / name)
    found, failed = find_pictures([tmp_path])
    names = [path.relative_to(tmp_path).as_posix() for path in found]
    # notes.txt holds a PNG under a wrong name: content counts too.
    assert names == ["b9.jpg", "b10.jpg", "notes.txt", "sub/a.tif", "sub/deep/z.PNG"]
    assert failed == []


def test_texts_hidden_files_projects_and_masks_are_passed_over(tmp_path):
    touch(tmp_path / "a.png")
    touch(tmp_path / "readme.txt", b"hello")
    touch(tmp_path / ".hidden.png")
    touch(tmp_path / "p.segstudio" / "masks" / "a.png")
    touch(tmp_path / "p.segstudio" / "project.db")
    touch(tmp_path / "masks" / "a.png")
    touch(tmp_path / "a.ovr", b"II*\0 overview")
    found, _ = find_pictures([tmp_path], apart=[tmp_path / "masks"])
    assert found == [tmp_path / "a.png"]


def test_a_file_that_is_named_is_taken_whatever_it_is(tmp_path):
    text = touch(tmp_path / "readme.txt", b"hello")
    assert find_pictures([text, text])[0] == [text]


def test_a_missing_path_is_refused(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        find_pictures([tmp_path, tmp_path / "nothing"])


def test_a_link_to_a_folder_above_does_not_go_round(tmp_path):
    touch(tmp_path / "a.png")
    (tmp_path / "up").symlink_to(tmp_path)
    assert find_pictures([tmp_path])[0] == [tmp_path / "a.png"]
