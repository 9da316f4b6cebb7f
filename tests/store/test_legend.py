from pathlib import Path

import pytest

from segstudio.domain.classes import LabelClass
from segstudio.errors import UserError
from segstudio.store.legend import read_legend, write_legend

CLASSES = [
    LabelClass(0, "background", (0, 0, 0)),
    LabelClass(1, "sign, large", (255, 0, 16)),
    LabelClass(7, "Fenster ü", (1, 2, 3)),
]


def read(tmp_path: Path, text: str, name: str = "legend.csv") -> dict[tuple[int, int, int], int]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_legend(path, CLASSES)


@pytest.mark.parametrize("name", ["legend.csv", "legend.json"])
def test_a_legend_is_read_as_it_was_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_legend(path, CLASSES)
    assert read_legend(path, CLASSES) == {c.colour: c.id for c in CLASSES}


def test_the_file_is_a_line_for_each_class(tmp_path: Path) -> None:
    write_legend(tmp_path / "a.csv", CLASSES[:1])
    assert (tmp_path / "a.csv").read_text() == "id,name,colour\n0,background,#000000\n"


@pytest.mark.parametrize(
    "text",
    [
        "7,#0A0B0C",
        "Fenster ü,#0a0b0c\n",
        "\ufeff7;Fenster ü;#0A0B0C\r\n",
        "id\tname\tcolour\n99\tfenster Ü\t#0A0B0C\n\n",
        '[{"id": 7, "colour": "#0A0B0C"}]',
        '[{"name": "Fenster ü", "color": [10, 11, 12]}]',
        '{"Fenster ü": "#0A0B0C"}',
    ],
)
def test_other_ways_to_write_it(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == {(10, 11, 12): 7}


def test_colours_may_stand_for_nothing(tmp_path: Path) -> None:
    text = "255,#FFFFFF\nvoid,#FFFFFE\nbackground,#010101\nbackground,#020202\n"
    assert read(tmp_path, text) == {
        (255, 255, 255): 255,
        (255, 255, 254): 255,
        (1, 1, 1): 0,
        (2, 2, 2): 0,
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sky,#0A0B0C", "no class sky"),
        ("3,#0A0B0C", "no class 3"),
        ("0,#0A0B0C\n1,#0A0B0C", "two classes"),
        ("0,#0A0B0C\n1,red", "holds no colour"),
        ("", "names no classes"),
        ("[1]", "not an object"),
        ("[{", "not valid JSON"),
        ('[{"id": 0, "colour": [1, 2, "x"]}]', "not a colour"),
        ('[{"id": 0, "colour": [1, 2]}]', "not a colour"),
    ],
)
def test_what_is_wrong_is_told_with_the_file(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason) as caught:
        read(tmp_path, text)
    assert "legend.csv" in caught.value.message


def test_files_that_are_no_legend(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\0\0")
    with pytest.raises(UserError, match="not a text"):
        read_legend(tmp_path / "a.csv", CLASSES)
    with pytest.raises(UserError, match="not there"):
        read_legend(tmp_path / "missing.csv", CLASSES)
    (tmp_path / "b.csv").write_bytes(b"0,#000000\n" * 200_000)
    with pytest.raises(UserError, match="too large"):
        read_legend(tmp_path / "b.csv", CLASSES)
