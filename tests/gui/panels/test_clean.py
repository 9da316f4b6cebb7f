import pytest
from PySide6.QtWidgets import QLabel

from segstudio.gui import cleaning as module
from segstudio.gui.canvas.canvas import Canvas
from segstudio.gui.cleaning import Cleaning
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.panels.clean import CleanPanel
from segstudio.interactive.cleanup import cleanups

WAIT = 20_000


@pytest.fixture
def cleaning(qtbot, session, readers):
    canvas = Canvas(session, readers)
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    session.image_opened.connect(lambda: canvas.show_image(session.image.box))
    made = Cleaning(session, ScriptedAsker(), canvas, list)
    yield made
    made.set_live(False)
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=WAIT)


@pytest.fixture
def panel(session, cleaning, show):
    panel = CleanPanel(session, cleaning)
    show(panel)
    return panel


def note(panel):
    return panel.findChild(QLabel, "clean_note").text()


def choose(box, value):
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_every_step_has_its_form(panel, cleaning):
    assert panel.steps.count() == len(list(cleanups))
    for name in cleanups:
        choose(panel.steps, name)
        assert cleaning.name == name
        assert panel._form.objectName() == f"clean_{name}_form"
        assert panel.steps.currentText() == cleanups[name].title


def test_what_is_not_possible_is_grey(panel, session, open_image):
    assert not panel.preview.isEnabled()
    assert not panel.apply.isEnabled()
    assert "Open a picture" in note(panel)
    choose(panel.scopes, "all")
    assert panel.apply.isEnabled()
    assert not panel.preview.isEnabled()
    open_image(1)
    assert panel.preview.isEnabled()
    choose(panel.scopes, "image")
    assert panel.apply.isEnabled()
    assert "Locked classes stay" in note(panel)


def test_moving_a_setting_begins_a_look_that_is_told_in_figures(
    panel, cleaning, open_image, qtbot, monkeypatch
):
    open_image(1)
    choose(panel.steps, "fill_rest")
    choose(panel._form.fields["class_id"].box, 2)
    assert cleaning.step.class_id == 2
    assert panel.preview.isChecked()
    qtbot.waitUntil(lambda: "80,000 pixels" in note(panel), timeout=WAIT)
    monkeypatch.setattr(module, "CHEAP", 10)
    choose(panel._form.fields["class_id"].box, 1)
    qtbot.waitUntil(lambda: "Too large" in note(panel), timeout=WAIT)
    panel.preview.click()
    assert not cleaning.live
    assert "Locked" in note(panel)


def test_settings_come_back_with_their_step(panel, cleaning):
    panel._form.fields["smaller_than"].box.setValue(77)
    choose(panel.steps, "smooth")
    choose(panel.steps, "remove_specks")
    assert panel._form.value().smaller_than == 77
