from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import pytest

from segstudio.errors import UserError
from segstudio.settings import assignments, build, settings_of


@dataclass(frozen=True)
class Part:
    title: ClassVar[str] = "A part"

    clusters: int = field(default=4, metadata={"label": "Clusters", "range": (2, 20)})
    rate: float = field(default=0.1, metadata={"range": (0, 1), "step": 0.01, "help": "how fast"})
    thresholds: tuple[float, ...] = (90.0, 170.0)
    space: Literal["rgb", "lab"] = "rgb"
    flip: bool = True
    note: str = ""
    weights: str | None = None
    depths: tuple[int, ...] = field(default_factory=lambda: (1, 2))
    hidden: int = field(default=1, init=False)


def test_settings_are_read_from_the_fields() -> None:
    found = {setting.name: setting for setting in settings_of(Part)}
    assert list(found) == [
        "clusters", "rate", "thresholds", "space", "flip", "note", "weights", "depths",
    ]  # fmt: skip
    assert (found["clusters"].label, found["rate"].label) == ("Clusters", "Rate")
    assert (found["clusters"].low, found["clusters"].high) == (2, 20)
    assert (found["rate"].step, found["rate"].help) == (0.01, "how fast")
    assert found["thresholds"].many
    assert found["space"].choices == ("rgb", "lab")
    assert found["weights"].optional
    assert found["depths"].default == (1, 2)
    kinds = [setting.kind for setting in found.values()]
    assert kinds == ["int", "float", "float", "choice", "bool", "str", "str", "int"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("clusters", "6", 6),
        ("rate", "0.5", 0.5),
        ("rate", "0", 0.0),
        ("thresholds", "90,170", (90.0, 170.0)),
        ("thresholds", "12.5", (12.5,)),
        ("thresholds", 12, (12.0,)),
        ("thresholds", [1, 2], (1.0, 2.0)),
        ("depths", "3,4,5", (3, 4, 5)),
        ("space", "lab", "lab"),
        ("flip", "false", False),
        ("flip", "On", True),
        ("flip", False, False),
        ("note", "a, b", "a, b"),
        ("weights", "none", None),
        ("weights", "file.pt", "file.pt"),
        ("clusters", 6.0, 6),
    ],
)
def test_values_are_brought_to_their_type(name: str, text: Any, value: Any) -> None:
    found = getattr(build(Part, {name: text}), name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("clusters", "many", "clusters is a whole number from 2 to 20"),
        ("clusters", "1", "clusters is a whole number from 2 to 20"),
        ("clusters", "21", "clusters is a whole number from 2 to 20"),
        ("clusters", "4.5", "clusters is a whole number from 2 to 20"),
        ("clusters", 4.5, "clusters is a whole number from 2 to 20"),
        ("clusters", True, "clusters is a whole number from 2 to 20"),
        ("clusters", None, "clusters is a whole number from 2 to 20"),
        ("rate", "nan", "rate is a number from 0 to 1"),
        ("thresholds", "90,high", "thresholds is a number, or several with commas between"),
        ("space", "hsv", "space is one of rgb, lab"),
        ("flip", "perhaps", "flip is true or false"),
    ],
)
def test_a_value_that_does_not_fit_is_explained(name: str, value: Any, hint: str) -> None:
    with pytest.raises(UserError) as error:
        build(Part, {name: value})
    assert name in error.value.message
    assert error.value.hint == hint


def test_an_unknown_setting_names_the_known_ones() -> None:
    with pytest.raises(UserError) as error:
        build(Part, {"cluster": 3})
    assert "clusters, rate, thresholds" in error.value.hint

    @dataclass(frozen=True)
    class Bare:
        pass

    with pytest.raises(UserError) as error:
        build(Bare, {"x": 1})
    assert error.value.hint == "it has no settings"


def test_a_field_that_no_form_can_show_is_a_programming_error() -> None:
    @dataclass(frozen=True)
    class Odd:
        table: dict[str, int] = field(default_factory=dict)

    with pytest.raises(TypeError, match="table"):
        settings_of(Odd)


def test_assignments_are_read_from_the_command_line() -> None:
    found = assignments(["clusters=6", " space = lab ", "note=a=b"])
    assert found == {"clusters": "6", "space": "lab", "note": "a=b"}
    for bad in ("clusters", "=3", ""):
        with pytest.raises(UserError) as error:
            assignments([bad])
        assert error.value.hint == "write it as FIELD=VALUE"
