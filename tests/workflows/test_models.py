import os

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from segstudio.domain.card import Card, CardClass
from segstudio.domain.classes import parse_class
from segstudio.errors import UserError
from segstudio.inference.facts import Unsaid
from segstudio.inference.model import sidecar_of
from segstudio.workflows.models import (
    class_table,
    find_model,
    in_use,
    introduce,
    kept_card,
    use_file,
    weights_at,
)


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


@pytest.fixture
def bare(tmp_path):
    """A network of somebody else, of two classes, that says nothing of itself."""
    sides = ["n", 2, "h", "w"]
    given, taken = (helper.make_tensor_value_info(n, TensorProto.FLOAT, sides) for n in ("y", "x"))
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "g", [taken], [given])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (tmp_path / "models").mkdir()
    file = tmp_path / "models" / "bare.onnx"
    onnx.save(model, file)
    return file


SAID = {"classes": "dark,bright", "scale": "unit", "form": "logits"}


def test_what_is_said_of_a_network_is_said_once(bare):
    with pytest.raises(Unsaid):
        find_model(str(bare)).open(1)
    key = find_model(str(bare)).key
    introduce(bare, SAID)
    assert sidecar_of(bare).is_file()
    model = find_model(str(bare)).open(1)
    assert [c.name for c in model.card.classes] == ["dark", "bright"]
    assert find_model(str(bare)).key != key
    introduce(bare, {"scale": "signed"})
    model = find_model(str(bare)).open(1)
    assert [c.name for c in model.card.classes] == ["dark", "bright"]
    assert model.logits(np.zeros((1, 1, 2), np.uint8))[0, 0, 0] == 1


def test_what_is_said_wrongly_changes_nothing(bare):
    introduce(bare, SAID)
    before = sidecar_of(bare).read_bytes()
    with pytest.raises(UserError, match="form cannot be"):
        introduce(bare, {"form": "guess"})
    with pytest.raises(UserError, match="2 channels of classes, 5 were named"):
        introduce(bare, {"classes": "a,b,c,d,e"})
    assert sidecar_of(bare).read_bytes() == before


def test_a_folder_that_may_not_be_written_to_gets_no_card(bare, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    refuse = os.replace

    def replace(source, target):
        if str(target).startswith(str(bare.parent)):
            raise PermissionError(13, "Permission denied")
        refuse(source, target)

    monkeypatch.setattr(os, "replace", replace)
    introduce(bare, SAID)
    assert [file.name for file in bare.parent.iterdir()] == ["bare.onnx"]
    assert kept_card(bare).is_relative_to(tmp_path / "own")
    assert len(find_model(str(bare)).open(1).card.classes) == 2
    introduce(bare, {"classes": "black,white"})
    assert find_model(str(bare)).open(1).card.classes[1].name == "white"


def test_a_bundle_needs_no_introduction(trained):
    with pytest.raises(UserError, match="says all there is"):
        introduce(trained.run_folder(1) / "model", SAID)


def test_a_file_from_elsewhere_can_be_the_model_in_use(project, bare):
    first = project.classes()[0].name
    introduce(bare, SAID | {"classes": f"{first},other"})
    assert use_file(project, bare).path == bare
    assert in_use(project).path.samefile(bare)
    assert find_model(f"{project.root}:").path.samefile(bare)
    introduce(bare, {"classes": "none,known"})
    with pytest.raises(UserError, match="none of the model's classes"):
        use_file(project, bare)
    bare.unlink()
    with pytest.raises(UserError, match="no longer at"):
        in_use(project)


def test_weights_are_a_file_a_bundle_or_a_run(trained, bare, tmp_path):
    bundle = trained.run_folder(1) / "model"
    file = tmp_path / "w.pth"
    file.write_bytes(b"")
    assert weights_at(str(file)) == file
    assert weights_at(str(bundle)) == weights_at(f"{trained.root}:1") == bundle
    with pytest.raises(UserError, match="has no weights to begin from"):
        weights_at(str(bare))
    with pytest.raises(UserError, match="no model at"):
        weights_at(str(tmp_path / "gone.pth"))
