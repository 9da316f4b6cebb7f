"""A question keeps its width, whatever it is about."""

import pytest

from segstudio.gui.dialogs.question import WIDTH, Question, breakable
from segstudio.gui.forms import SettingsForm
from segstudio.inference.facts import Facts

LONG = "dummy_segmentation_models__one_output_softmax_bsx2x512x512.onnx"


@pytest.mark.parametrize("text", ["Short.", f"{LONG} does not say which classes it knows."])
def test_a_long_name_does_not_widen_it(qtbot, text):
    question = Question("What is this model?", text, "Use it", "Cancel")
    question.add_form(SettingsForm(Facts, prefix="question"))
    qtbot.addWidget(question)
    with qtbot.waitExposed(question):
        question.show()
    assert question.width() == WIDTH
    assert question.height() >= question.heightForWidth(WIDTH)  # no field is squeezed


def test_only_names_longer_than_a_line_are_broken():
    assert breakable("sky.onnx has 2 classes") == "sky.onnx has 2 classes"
    assert breakable(LONG) != LONG
    assert breakable(LONG).replace("\u200b", "") == LONG
