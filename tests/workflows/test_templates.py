from dataclasses import replace

import pytest

from segstudio.domain.classes import PALETTE, LabelClass, default_colour
from segstudio.domain.records import class_of
from segstudio.errors import UserError
from segstudio.store.legend import read_legend, write_legend
from segstudio.store.project import Project
from segstudio.workflows import templates
from segstudio.workflows.templates import (
    classes_of,
    plan_load,
    plan_start,
    read_classes,
    write_classes,
)


def label(id, name, colour=None, **values):
    return LabelClass(id, name, colour or default_colour(id), position=id, **values)


@pytest.mark.parametrize("name", templates.names())
def test_a_template_begins_with_background_in_safe_colours(name):
    found = templates.template(name)
    assert found.title
    assert found.about
    assert found.classes[0].name == "background"
    assert [c.id for c in found.classes] == [c.position for c in found.classes]
    assert [c.id for c in found.classes] == list(range(len(found.classes)))
    colours = [c.colour for c in found.classes]
    assert len(set(colours)) == len(colours)
    assert set(colours) <= set(PALETTE)
    assert set(colours[:8]) <= set(PALETTE[:8])


def test_the_templates():
    assert templates.names() == ["binary", "cells", "facade_clutter", "land_cover"]
    with pytest.raises(UserError, match="no template 'moon'") as error:
        templates.template("moon")
    assert "land_cover" in error.value.hint


# -- files -----------------------------------------------------------------------------

CLASSES = [label(3, "sky, clear"), label(0, "Fenster ü"), label(250, "x", (1, 2, 3))]


@pytest.mark.parametrize("name", ["classes.json", "classes.csv"])
def test_classes_are_read_as_they_were_written(tmp_path, name):
    write_classes(tmp_path / name, CLASSES)
    found = read_classes(tmp_path / name)
    assert found == [replace(c, position=n) for n, c in enumerate(CLASSES)]
    assert classes_of(str(tmp_path / name)) == found
    assert read_legend(tmp_path / name, CLASSES) == {c.colour: c.id for c in CLASSES}


@pytest.mark.parametrize("name", ["legend.json", "legend.csv"])
def test_legends_are_read(tmp_path, name):
    write_legend(tmp_path / name, CLASSES)
    assert [(c.id, c.name, c.colour) for c in read_classes(tmp_path / name)] == [
        (c.id, c.name, c.colour) for c in CLASSES
    ]


def test_what_lacks_is_given(tmp_path):
    path = tmp_path / "some.json"
    path.write_text(
        '[{"name": "a"}, {"name": "b", "id": 0}, {"name": "void", "colour": "#FFFFFF"},'
        ' {"name": "c", "colour": "#666666"}]'
    )
    found = read_classes(path)
    assert [(c.id, c.name) for c in found] == [(1, "a"), (0, "b"), (2, "c")]
    assert found[2].colour == PALETTE[0]
    assert len({c.colour for c in found}) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "is not an object"),
        ("{", "not valid JSON"),
        ("[]", "names no classes"),
        ("void,#FFFFFF", "names no classes"),
        ('[{"name": "a", "colour": "red"}]', "'red' is not a colour"),
        ('[{"name": "a"}, {"name": "A"}]', "two classes are called 'a'"),
        ('[{"name": "a", "id": 1}, {"name": "b", "id": 1}]', "same number"),
        ('[{"name": "a", "id": 300}]', "numbered 0 to 254"),
        ('[{"name": "a", "id": -1}]', "'-1' is not the number of a class"),
        ('[{"id": 4}]', "class 4 has no name"),
        ('[{"name": "' + "x" * 81 + '"}]', "not a name"),
        ("a,#010203\nb,#010203", "a and b have the same colour #010203"),
        ("a,b,c\nd,e,f", "holds no colour"),
        ("[" + ",".join(f'{{"name": "{n}"}}' for n in range(256)) + "]", "more than 255"),
        ("\x00\xff", "not a text"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path, text, said):
    path = tmp_path / "bad.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match=said) as error:
        read_classes(path)
    assert error.value.message.startswith("the classes of bad.json cannot be read: ")
    assert "\n" not in error.value.message


def test_neither_a_template_nor_a_file(tmp_path):
    assert classes_of("cells") == list(templates.template("cells").classes)
    with pytest.raises(UserError, match="no template and no file called 'moon'") as error:
        classes_of("moon")
    assert "binary" in error.value.hint
    with pytest.raises(UserError, match="no file"):
        classes_of(str(tmp_path))


# -- into a project ----------------------------------------------------------------------


def applied(classes, edit):
    """Return the classes after an edit."""
    rows = {c.id: vars(c) for c in classes}
    for row in edit.rows:
        if row.after is None:
            del rows[row.id]
        else:
            rows[row.id] = {**rows.get(row.id, {}), **row.after}
    return sorted((class_of(row) for row in rows.values()), key=lambda c: c.position)


def test_loading_adds_what_lacks_with_free_numbers_and_recolours():
    here = [label(0, "background"), label(2, "Sign", (9, 9, 9), locked=True), label(5, "old")]
    wanted = [label(0, "wall", (1, 1, 1)), label(1, "sign", (2, 2, 2)), label(7, "tree")]
    loading = plan_load(here, wanted, "Load classes")
    after = applied(here, loading.edit)
    assert [(c.id, c.name) for c in after] == [
        (0, "background"), (2, "Sign"), (5, "old"), (1, "wall"), (7, "tree"),
    ]  # fmt: skip
    assert after[1] == LabelClass(2, "Sign", (2, 2, 2), locked=True, position=2)
    assert after[3].colour == (1, 1, 1)
    assert (loading.added, loading.recoloured, loading.avoided) == (2, 1, ())
    assert loading.edit.text == "Load classes"


def test_loading_twice_changes_nothing():
    here = [label(0, "background")]
    wanted = list(templates.template("facade_clutter").classes)
    after = applied(here, plan_load(here, wanted, "Load").edit)
    assert [c.name for c in after] == [c.name for c in wanted]
    assert not plan_load(after, wanted, "Load").edit


def test_loading_gives_no_colour_that_another_class_has():
    here = [label(0, "background"), label(1, "mine", PALETTE[2])]
    wanted = [label(2, "a", PALETTE[2]), label(3, "b", PALETTE[3]), label(0, "background")]
    loading = plan_load(here, wanted, "Load")
    after = applied(here, loading.edit)
    assert len({c.colour for c in after}) == len(after)
    assert after[1] == here[1]
    assert loading.avoided == ("a",)


def test_colours_may_be_exchanged():
    here = [label(0, "a"), label(1, "b")]
    after = applied(
        here, plan_load(here, [label(0, "a", PALETTE[1]), label(1, "b", PALETTE[0])], "").edit
    )
    assert [c.colour for c in after] == [PALETTE[1], PALETTE[0]]


def test_no_more_classes_than_there_are_numbers():
    here = [label(id, f"class {id}") for id in range(254)]
    assert plan_load(here, [label(0, "one more")], "").added == 1
    with pytest.raises(UserError, match="at most 255"):
        plan_load(here, [label(0, "one more"), label(1, "and another")], "")


def test_a_project_starts_from_a_template(tmp_path):
    first = [label(0, "background"), label(1, "object")]
    wanted = list(templates.template("cells").classes)
    project = Project.create(tmp_path / "walls", first)
    project.apply(plan_start(first, wanted, "Template Cells"))
    assert project.classes() == wanted
    entries, done = project.history()
    project.turn([entries[done - 1].id], undo=True).result()
    assert project.classes() == first
    project.apply(plan_start(wanted, wanted[:1], "Fewer"))
    project.close()
