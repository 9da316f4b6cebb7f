from dataclasses import dataclass
from pathlib import Path

import pytest

from segstudio.errors import UserError
from segstudio.workflows.prompting import FOLDER, Kept, Place, find_place


def pair(folder):
    folder.mkdir(parents=True)
    (folder / "vit_encoder.onnx").write_bytes(b"e" * 10)
    (folder / "vit_decoder.onnx").write_bytes(b"d")
    return folder


def test_the_projects_own_comes_before_the_chosen_one(tmp_path):
    chosen = Place(pair(tmp_path / "chosen"))
    project = tmp_path / "project"
    project.mkdir()
    assert find_place(project, None) is None
    assert find_place(None, chosen) == chosen
    assert find_place(project, chosen) == chosen
    (project / FOLDER).mkdir()
    assert find_place(project, chosen) == chosen
    inner = pair(project / FOLDER / "small")
    assert find_place(project, chosen) == Place(inner)
    (project / FOLDER / "a_encoder.onnx").touch()
    assert find_place(project, chosen) == Place(project / FOLDER)


def test_a_chosen_model_that_is_gone_is_none(tmp_path):
    assert find_place(None, Place(tmp_path / "gone")) is None
    assert find_place(None, Place(tmp_path / "a.onnx", tmp_path / "b.onnx")) is None


@pytest.mark.parametrize("turned", [False, True])
def test_two_files_are_known_by_name_or_by_size(tmp_path, turned):
    folder = pair(tmp_path / "named")
    files = sorted(folder.glob("*.onnx"), reverse=turned)
    place = Place.of(files)
    assert (place.path.name, place.decoder.name) == ("vit_encoder.onnx", "vit_decoder.onnx")
    assert place.there
    assert place.name == "vit"
    files = [tmp_path / "one.onnx", tmp_path / "two.onnx"]
    files[0].write_bytes(b"1")
    files[1].write_bytes(b"12")
    assert Place.of(files[::-1] if turned else files) == Place(files[1], files[0])


def test_one_file_stands_for_its_folder_and_others_are_refused(tmp_path):
    folder = pair(tmp_path / "mobile_sam")
    place = Place.of([folder / "vit_encoder.onnx"])
    assert place == Place(folder)
    assert place.name == "mobile_sam"
    for files in ([], [Path("a.pt")], [Path(f"{n}.onnx") for n in range(3)]):
        with pytest.raises(UserError, match=r"two \.onnx files"):
            Place.of(files)


def test_a_place_is_kept_as_texts(tmp_path):
    for place in (Place(tmp_path), Place(tmp_path / "a", tmp_path / "b")):
        assert Place.from_texts(place.texts()) == place
    assert Place.from_texts([]) is None
    assert Place.from_texts(["a", "b", "c"]) is None


def test_a_broken_model_is_refused_in_words(tmp_path):
    with pytest.raises(UserError, match=r"cannot|not a model"):
        Place(pair(tmp_path / "broken")).open()


@dataclass
class Heavy:
    nbytes: int


def test_what_was_not_used_for_longest_makes_room():
    kept = Kept(100)
    for name in "abc":
        kept.put(name, Heavy(40))
    assert kept.keys() == ["c", "b"]
    assert kept["b"].nbytes == 40
    kept.put("d", Heavy(40))
    assert kept.keys() == ["d", "b"]
    assert "c" not in kept
    kept.put("huge", Heavy(1000))
    assert kept.keys() == ["huge"]
    kept.clear()
    assert kept.keys() == []
