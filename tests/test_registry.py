import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segstudio.errors import UserError
from segstudio.registry import Registry

PART = """
import {owner}

@{owner}.parts.add
class Part:
    name = "{name}"
"""


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A registry over a folder with the parts apple, orange and pear."""
    package = tmp_path / "fruit_parts"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name in ("pear", "apple", "orange"):
        (package / f"{name}.py").write_text(PART.format(owner="fruit_owner", name=name))
    (tmp_path / "fruit_owner.py").write_text(
        "from segstudio.registry import Registry\nparts = Registry('fruit_parts', 'fruit')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import fruit_owner  # type: ignore[import-not-found]

    yield fruit_owner.parts
    for name in [name for name in sys.modules if name.startswith("fruit_")]:
        del sys.modules[name]


def test_a_file_is_a_part_under_its_name(parts: Any) -> None:
    assert list(parts) == ["apple", "orange", "pear"]
    assert parts["pear"].name == "pear"
    assert "apple" in parts
    assert "grape" not in parts


def test_nothing_is_imported_before_it_is_asked_for(parts: Any) -> None:
    assert "fruit_parts" not in sys.modules
    assert "apple" in parts
    assert "fruit_parts.orange" in sys.modules


def test_a_part_and_its_instances_know_their_name(parts: Any) -> None:
    assert parts.name_of(parts["orange"]) == "orange"
    assert parts.name_of(parts["orange"]()) == "orange"


def test_a_near_miss_gets_a_suggestion(parts: Any) -> None:
    with pytest.raises(UserError) as error:
        parts["aple"]
    assert error.value.message == "there is no fruit called 'aple'"
    assert error.value.hint == "did you mean apple?"


def test_a_far_miss_gets_the_list(parts: Any) -> None:
    with pytest.raises(UserError) as error:
        parts["xyz"]
    assert error.value.hint == "there are: apple, orange, pear"


def test_two_parts_of_one_name_are_a_programming_error() -> None:
    registry: Registry[type[Any]] = Registry("nowhere", "thing")

    class One:
        pass

    registry.add(One)
    with pytest.raises(ValueError, match="two parts"):
        registry.add(One)
