"""A network of somebody else becomes the model in use; what its file does not say is asked."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.model_files import ModelFiles
from segstudio.gui.models import FILE, Models
from segstudio.gui.predicting import Predicting
from segstudio.inference.facts import Facts
from segstudio.workflows.models import in_use


@pytest.fixture
def foreign(tmp_path):
    """A network of one channel, without a word about it: bright is above the middle."""
    weights = {
        "w": np.array([20.0, 0, 0], np.float32).reshape(1, 3, 1, 1),
        "b": np.array([-10.0], np.float32),
    }
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "w", "b"], ["z"]),
            helper.make_node("Sigmoid", ["z"], ["y"]),
        ],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 1, "h", "w"])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    file = tmp_path / "bright.onnx"
    onnx.save(model, file)
    return file


@pytest.fixture
def ask():
    asker = ScriptedAsker()
    yield asker
    assert not asker.unused


@pytest.fixture
def models(session):
    return Models(session)


@pytest.fixture
def files(session, models, ask):
    return ModelFiles(session, models, ask)


def test_what_a_file_does_not_say_is_asked_once(
    qtbot, session, models, files, ask, foreign, wait_idle, open_image
):
    ask.answer("open_file", foreign, foreign)
    ask.answer("settings", Facts(("background", "sign"), "unit", "sigmoid"))
    files.choose()
    qtbot.waitUntil(lambda: models.current is not None)
    (_, (title, text, shown)) = next(a for a in ask.asked if a[0] == "settings")
    assert title == "What is this model?"
    assert "does not say which classes it knows and how its input is scaled" in text
    assert "background, sign, window" in text
    assert shown.form == "sigmoid"  # as its graph tells
    assert (models.current.kind, models.current.network) == (FILE, "bright.onnx")
    assert in_use(session.project).path.samefile(foreign)
    wait_idle()
    files.choose()  # now it is known: no question comes
    wait_idle()
    open_image(1)
    Predicting(session, models).this_image()
    wait_idle()
    proposal = session.layers.proposal.read(session.image.box)
    width = session.image.width
    assert (proposal[:, : width // 2] == 0).all()
    assert (proposal[:, width // 2 :] == 1).all()


def test_names_that_the_project_lacks_are_asked_for_again(
    qtbot, session, models, files, ask, foreign
):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    few = Facts(("a", "b", "c"), "unit", "sigmoid")
    ask.answer("settings", few, Facts(("rest", "person"), "unit", "sigmoid"), None)
    files.use(foreign)
    qtbot.waitUntil(lambda: len(ask.asked) == 3 and not session.jobs.jobs)
    _, (_, text, shown) = ask.asked[1]
    assert "bright.onnx gives 1 channel of classes, 3 were named" in text
    assert shown == few
    _, (_, text, shown) = ask.asked[2]
    assert "none of the model's classes (rest, person)" in text
    assert shown.classes == ("rest", "person")
    assert models.current is None
    assert not said


def test_what_cannot_be_used_is_said(qtbot, session, files, ask, tmp_path):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no")
    files.use(broken)
    qtbot.waitUntil(lambda: bool(said))
    assert "broken.onnx is not a model" in said[0]


def test_the_command_leads_there(studio, foreign):
    studio.window.ask.answer("open_file", foreign)
    studio.window.ask.answer("settings", Facts(("background", "sign"), "unit", "sigmoid"))
    studio.trigger("use_file").wait_idle()
    used = studio.window.work.learn.used.text()
    assert used == "In use: bright.onnx, from a file"
    studio.trigger("predict").wait_idle()
    assert set(np.unique(studio.proposal)) <= {0, 1}
    studio.trigger("rank").wait_idle()
    assert studio.window.queueing.items
