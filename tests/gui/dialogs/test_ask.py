from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QListWidget, QWidget

from segstudio.gui.dialogs.ask import Asker, ScriptedAsker
from segstudio.gui.dialogs.question import Question
from segstudio.gui.widgets.swatch import ColourPopup
from segstudio.inference.facts import Facts


@pytest.fixture
def asker(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    with qtbot.waitExposed(window):
        window.show()
    return Asker(window)


@pytest.fixture
def when_asked(qtbot):
    """Do something with the dialog that opens next."""

    def when_asked(act):
        def find():
            dialog = QApplication.activeModalWidget() or QApplication.activePopupWidget()
            if dialog is None:
                QTimer.singleShot(5, find)
                return
            try:
                act(dialog)
            except BaseException:
                dialog.close()  # else the test would wait for an answer for ever
                raise

        QTimer.singleShot(0, find)

    return when_asked


def press(name):
    return lambda dialog: QTest.mouseClick(
        dialog.findChild(QWidget, name), Qt.MouseButton.LeftButton
    )


def key(which):
    return lambda dialog: QTest.keyClick(dialog.focusWidget() or dialog, which)


@pytest.mark.parametrize(
    ("act", "danger", "answer"),
    [
        (press("question_yes"), False, True),
        (press("question_no"), False, False),
        (key(Qt.Key.Key_Return), False, True),
        (key(Qt.Key.Key_Escape), False, False),
        (key(Qt.Key.Key_Return), True, False),  # what loses something is never a mere Enter away
        (press("question_yes"), True, True),
    ],
)
def test_confirms(asker, when_asked, act, danger, answer):
    when_asked(act)
    assert asker.confirm("Discard?", "It is lost.", "Discard", "Keep", danger=danger) is answer


def test_asks_for_text(asker, when_asked):
    def type_it(dialog):
        field = dialog.findChild(QLineEdit, "question_field")
        field.clear()
        assert not dialog.yes.isEnabled()
        QTest.keyClicks(field, " walls ")
        QTest.keyClick(field, Qt.Key.Key_Return)

    when_asked(type_it)
    assert asker.text("Name", "", "old") == "walls"
    when_asked(key(Qt.Key.Key_Escape))
    assert asker.text("Name", "", "old") is None


def test_asks_for_a_choice(asker, when_asked):
    def choose(dialog):
        found = dialog.findChild(QListWidget, "question_choices")
        QTest.keyClick(found, Qt.Key.Key_Down)
        QTest.keyClick(found, Qt.Key.Key_Return)

    when_asked(choose)
    assert asker.choose("Which output?", "", ["logits", "probabilities"]) == 1
    when_asked(press("question_no"))
    assert asker.choose("Which output?", "", ["logits", "probabilities"]) is None


def test_asks_for_a_colour(asker, when_asked):
    def choose(popup):
        assert isinstance(popup, ColourPopup)
        popup.edit.setText("#010203")
        QTest.keyClick(popup.edit, Qt.Key.Key_Return)

    when_asked(choose)
    assert asker.choose_colour((9, 9, 9), asker.parent.mapToGlobal(asker.parent.pos())) == (1, 2, 3)
    when_asked(lambda popup: popup.close())
    assert asker.choose_colour((9, 9, 9)) is None


def test_asks_for_files_and_remembers_the_folder(asker, monkeypatch, tmp_path):
    starts = []

    def answer(name, chosen):
        def ask(parent, title, start, *rest):
            starts.append(start)
            return chosen

        monkeypatch.setattr(QFileDialog, name, ask)

    one, two = str(tmp_path / "a" / "1.png"), str(tmp_path / "a" / "2.png")
    answer("getOpenFileNames", ([one, two], ""))
    answer("getOpenFileName", (one, ""))
    answer("getSaveFileName", (str(tmp_path / "out.zip"), ""))
    answer("getExistingDirectory", str(tmp_path))
    assert asker.open_files() == [Path(one), Path(two)]
    assert asker.open_file("Open") == Path(one)
    assert asker.save_file("Save", "masks.zip") == tmp_path / "out.zip"
    assert asker.open_folder(start=tmp_path / "b") == tmp_path
    assert starts == [
        "", str(tmp_path / "a"), str(tmp_path / "a" / "masks.zip"), str(tmp_path / "b")
    ]  # fmt: skip

    answer("getOpenFileNames", ([], ""))
    answer("getExistingDirectory", "")
    assert asker.open_files() == []
    assert asker.open_folder() is None


def test_a_script_answers_in_order():
    asker = ScriptedAsker().answer("confirm", True, False).answer("open_folder", Path("/a"))
    asker.answer("open_files", [Path("/b")]).answer("open_file", None).answer(
        "save_file", Path("/c")
    )
    asker.answer("choose_colour", (1, 2, 3)).answer("choose", 1).answer("text", "name")
    assert asker.confirm("Sure?", "Really.", "Yes") is True
    assert asker.confirm("Sure?", "Really.", "Yes") is False
    assert asker.open_folder() == Path("/a")
    assert asker.open_files("Add") == [Path("/b")]
    assert asker.open_file("Open") is None
    assert asker.choose_colour((0, 0, 0)) == (1, 2, 3)
    assert asker.choose("Which?", "", ["a", "b"]) == 1
    assert asker.unused == {"save_file": [Path("/c")], "text": ["name"]}
    assert asker.save_file("Save", "x") == Path("/c")
    assert asker.text("Name", "") == "name"
    assert asker.unused == {}
    assert asker.asked[0] == ("confirm", ("Sure?", "Really."))


def test_an_unforeseen_question_fails():
    asker = ScriptedAsker()
    with pytest.raises(AssertionError, match="nobody expected the question confirm"):
        asker.confirm("Sure?", "", "Yes")
    with pytest.raises(AssertionError, match="no question called confrim"):
        asker.answer("confrim", True)


def test_every_question_can_be_scripted():
    questions = [n for n in vars(Asker) if not n.startswith("_")]
    assert len(questions) == 9
    assert all(name in vars(ScriptedAsker) for name in questions)


def test_a_long_text_is_not_cut_off(qtbot):
    question = Question("Discard?", "word " * 80, "Discard", "Keep")
    qtbot.addWidget(question)
    question.adjustSize()
    said = question.findChild(QWidget, "question_text")
    assert said.height() >= said.heightForWidth(said.width())


def test_settings_of_a_part_are_asked_for(asker, when_asked):
    part = Facts(("a", "b"), scale="signed")
    when_asked(press("question_yes"))
    assert asker.settings("What is it?", "Say it", part) == part

    def change(dialog):
        dialog.findChild(QLineEdit, "question_classes").clear()
        QTest.keyClicks(dialog.findChild(QLineEdit, "question_classes"), "x, y")
        press("question_yes")(dialog)

    when_asked(change)
    assert asker.settings("What is it?", "Say it", part) == Facts(("x", "y"), scale="signed")
    when_asked(press("question_no"))
    assert asker.settings("What is it?", "Say it", part) is None
