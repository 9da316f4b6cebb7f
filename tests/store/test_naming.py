from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from segstudio.store.naming import output_names


def names(*paths: str, tif: tuple[str, ...] = ()) -> list[str]:
    return [
        name.as_posix() for name in output_names([Path(p) for p in paths], {Path(p) for p in tif})
    ]


def test_the_stem_names_the_mask() -> None:
    assert names("in/a.jpg", "in/deep/b.tif", tif=("in/deep/b.tif",)) == ["a.png", "b.tif"]
    assert names("a.jpg") == ["a.png"]
    assert names("double.ext.tar.png") == ["double.ext.tar.png"]
    assert names() == []


def test_equal_stems_keep_their_folder() -> None:
    assert names("in/x/01.jpg", "in/y/01.jpg", "in/y/02.jpg") == ["x/01.png", "y/01.png", "02.png"]
    assert names("in/01.jpg", "in/y/01.jpg") == ["01.png", "y/01.png"]
    assert names("in/x/A.jpg", "in/y/a.jpg") == ["x/A.png", "y/a.png"]


def test_equal_stems_in_one_folder_keep_the_whole_name() -> None:
    assert names("in/01.jpg", "in/01.png") == ["01.jpg.png", "01.png.png"]
    assert names("in/01.jpg", "in/01.tif", tif=("in/01.tif",)) == ["01.jpg.png", "01.tif.tif"]
    assert names("x/01.jpg", "x/01.png", "y/01.png") == [
        "x/01.jpg.png",
        "x/01.png.png",
        "y/01.png",
    ]


def test_no_name_is_given_twice_by_accident() -> None:
    given_names = names("in/01.jpg", "in/01.png", "in/01.jpg.gif")
    assert len(set(given_names)) == 3


part = st.sampled_from(["a", "b", "A", "a.jpg"])


@given(st.sets(st.tuples(part, part, st.sampled_from(["jpg", "png", "tif"])), max_size=12))
def test_names_are_told_apart(parts: set[tuple[str, str, str]]) -> None:
    seen = {f"{folder}/{stem}.{ending}".casefold(): 0 for folder, stem, ending in parts}
    found = names(*seen)
    assert len({name.casefold() for name in found}) == len(seen)
    assert not any(Path(name).is_absolute() or ".." in Path(name).parts for name in found)
