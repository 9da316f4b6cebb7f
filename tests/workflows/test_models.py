import pytest

from segstudio.domain.card import Card, CardClass
from segstudio.domain.classes import parse_class
from segstudio.errors import UserError
from segstudio.workflows.models import class_table, find_model, in_use


def card(*names):
    classes = tuple(CardClass(id, name, (0, 0, 0)) for id, name in enumerate(names))
    return Card(classes, "net", {})


def classes(*names):
    return [parse_class(name, id) for id, name in enumerate(names)]


def test_a_model_of_the_project_keeps_its_ids_whatever_they_are_called_now():
    table = class_table(card("a", "b"), classes("renamed", "too"), own=True)
    assert table[:3].tolist() == [0, 1, 255]


def test_other_models_go_by_name():
    table = class_table(card("Sky", "road", "car"), classes("car", "sky"), own=False)
    assert table[:3].tolist() == [1, 255, 0]


def test_a_model_without_any_known_class_is_refused():
    with pytest.raises(UserError, match="none of the model's classes"):
        class_table(card("sky"), classes("cell"), own=False)


def test_models_are_found_by_run_by_project_and_by_path(trained):
    bundle = trained.run_folder(1) / "model"
    root = str(trained.root)
    assert find_model(f"{root}:1").path == find_model(f"{root}:").path == bundle
    assert find_model(f"{root}:1").project == trained.root
    assert find_model(str(bundle)).project is None
    assert find_model(str(bundle / "model.onnx")).path == bundle / "model.onnx"
    assert find_model(str(bundle)).key == find_model(str(bundle / "model.onnx")).key
    assert in_use(trained).path == bundle


def test_what_is_no_model_is_refused(trained, project):
    for text in ("nothing", f"{trained.root}:9", str(trained.root.parent / "pictures")):
        with pytest.raises(UserError):
            find_model(text)
    with pytest.raises(UserError, match="no model yet"):
        in_use(project)
