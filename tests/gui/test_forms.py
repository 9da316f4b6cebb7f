from dataclasses import dataclass, field
from typing import Literal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QPushButton, QSpinBox

from segstudio.gui.forms import SettingsForm, snake_case
from segstudio.gui.widgets.slider import ValueSlider

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@dataclass(frozen=True)
class EveryKind:
    clusters: int = field(
        default=4, metadata={"label": "Clusters", "range": (2, 20), "help": "How many groups"}
    )
    steps: int = 1500
    offset: int = field(default=0, metadata={"range": (-5, 5)})
    momentum: float = field(default=0.9, metadata={"range": (0.0, 1.0), "step": 0.01})
    learning_rate: float = field(default=0.0005, metadata={"range": (1e-5, 0.1)})
    weight: float = 1.5
    balanced: bool = True
    space: Literal["rgb", "lab"] = "rgb"
    note: str = "plain"
    thresholds: tuple[int, ...] = field(default=(128,), metadata={"range": (0, 255)})
    scales: tuple[float, ...] = (0.5, 1.0)
    features: tuple[Literal["colour", "edges", "texture"], ...] = ("colour",)
    limit: int | None = field(default=None, metadata={"range": (1, 9)})
    mode: Literal["soft", "hard"] | None = None


OTHER = EveryKind(
    clusters=7, steps=20, offset=-3, momentum=0.123456, learning_rate=0.01, weight=-2.25,
    balanced=False, space="lab", note="other", thresholds=(40, 90), scales=(2.0,),
    features=("colour", "texture"), limit=3, mode="hard",
)  # fmt: skip


@pytest.fixture
def form(qtbot):
    form = SettingsForm(EveryKind)
    qtbot.addWidget(form)
    form.resize(320, 600)
    form.show()
    return form


def child(form, kind, name):
    found = form.findChild(kind, name)
    assert found is not None, name
    return found


def test_shows_the_defaults(form):
    assert form.value() == EveryKind()
    assert child(form, QSpinBox, "every_kind_clusters").value() == 4
    assert child(form, QSpinBox, "every_kind_offset").value() == 0


def test_goes_there_and_back_for_every_kind(form, qtbot):
    with qtbot.assertNotEmitted(form.changed):
        form.set_value(OTHER)
    assert form.value() == OTHER
    form.set_value(EveryKind())
    assert form.value() == EveryKind()


def test_some_values_leave_the_others(form):
    form.set_values({"clusters": 9, "unknown": 1})
    assert form.value().clusters == 9
    assert form.value().steps == 1500


def test_everything_to_use_has_a_name_a_label_and_help(form):
    from segstudio.settings import settings_of

    for setting in settings_of(EveryKind):
        editor = form.fields[setting.name]
        parts = [
            w for kind in (QSpinBox, QDoubleSpinBox, QCheckBox, QComboBox, QLineEdit, QPushButton,
                           ValueSlider)
            for w in editor.findChildren(kind) if w.objectName() != "qt_spinbox_lineedit"
        ]  # fmt: skip
        assert parts, setting.name
        for part in parts:
            assert part.objectName().startswith(f"every_kind_{setting.name}")
            assert part.accessibleName().startswith(setting.label)
    names = [w.objectName() for w in form.findChildren(QSpinBox)]
    assert len(names) == len(set(names))
    assert child(form, QSpinBox, "every_kind_clusters").toolTip() == "How many groups"


def test_a_prefix_can_be_given(qtbot):
    form = SettingsForm(EveryKind, prefix="method")
    qtbot.addWidget(form)
    assert child(form, QSpinBox, "method_clusters")
    assert form.objectName() == "method_form"


def test_typing_a_number_moves_the_slider(form, qtbot):
    box = child(form, QSpinBox, "every_kind_clusters")
    with qtbot.waitSignal(form.changed):
        box.setValue(20)
    slider = child(form, ValueSlider, "every_kind_clusters_slider")
    assert slider.value() == slider.maximum()
    assert form.value().clusters == 20


def test_the_slider_acts_while_it_is_dragged(form, qtbot):
    slider = child(form, ValueSlider, "every_kind_clusters_slider")
    heard = []
    form.changed.connect(lambda: heard.append(form.value().clusters))
    end = QPoint(slider.width() - 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=end)
    assert heard == [20]
    assert child(form, QSpinBox, "every_kind_clusters").value() == 20
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)


def test_large_factors_slide_logarithmically(form):
    slider = child(form, ValueSlider, "every_kind_learning_rate_slider")
    slider.setValue(slider.maximum() // 2)
    assert form.value().learning_rate == pytest.approx(1e-3, rel=0.02)


def test_a_number_without_a_range_has_no_slider(form):
    assert form.findChild(ValueSlider, "every_kind_steps_slider") is None


def test_a_wrong_text_is_marked_and_the_last_valid_one_kept(form, qtbot):
    edit = child(form, QLineEdit, "every_kind_thresholds")
    edit.clear()
    QTest.keyClicks(edit, "90, 170")
    assert form.value().thresholds == (90, 170)
    QTest.keyClicks(edit, "0")
    assert form.value().thresholds == (90, 170)
    assert edit.property("invalid") is True
    assert "from 0 to 255" in edit.toolTip()
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.property("invalid") is False


def test_what_is_typed_stays_as_it_is_while_others_say_it_back(form, qtbot):
    """A panel shows the settings anew after each change of them."""
    edit = child(form, QLineEdit, "every_kind_thresholds")
    form.changed.connect(lambda: form.set_values(form.values()))
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    edit.setText("9, 170")
    edit.setCursorPosition(1)
    QTest.keyClicks(edit, "0,11")
    assert edit.text() == "90,11, 170"
    assert edit.cursorPosition() == 5
    assert form.value().thresholds == (90, 11, 170)
    form.set_values({"thresholds": (1, 2)})
    assert edit.text() == "1, 2"
    assert edit.cursorPosition() == 0


def test_an_optional_setting_is_switched_on(form, qtbot):
    check = child(form, QCheckBox, "every_kind_limit_set")
    box = child(form, QSpinBox, "every_kind_limit")
    field = check.parentWidget()
    assert not box.isEnabled()
    assert field.unset.isVisibleTo(field)
    assert not box.isVisibleTo(field)
    with qtbot.waitSignal(form.changed):
        check.click()
    assert box.isEnabled()
    assert box.isVisibleTo(field)
    assert not field.unset.isVisibleTo(field)
    assert form.value().limit == 1


def test_chips_keep_the_order_of_the_choices(form, qtbot):
    for name in ("texture", "edges"):
        with qtbot.waitSignal(form.changed):
            child(form, QPushButton, f"every_kind_features_{name}").click()
    assert form.value().features == ("colour", "edges", "texture")


def test_each_change_is_said_once(form, qtbot):
    heard = []
    form.changed.connect(lambda: heard.append(1))
    child(form, QComboBox, "every_kind_space").setCurrentIndex(1)
    child(form, QCheckBox, "every_kind_balanced").click()
    child(form, QDoubleSpinBox, "every_kind_weight").setValue(3.0)
    assert len(heard) == 3


def test_a_part_without_settings_is_an_empty_form(qtbot):
    @dataclass(frozen=True)
    class Plain:
        pass

    form = SettingsForm(Plain)
    qtbot.addWidget(form)
    assert form.value() == Plain()
    assert form.values() == {}


@pytest.mark.parametrize(
    ("name", "snake"), [("KMeans", "k_means"), ("MultiOtsu", "multi_otsu"), ("SLIC", "slic")]
)
def test_names_in_snake_case(name, snake):
    assert snake_case(name) == snake


@dataclass(frozen=True)
class Folding:
    seed: int = field(default=0, metadata={"range": (0, 9), "more": True})
    clusters: int = field(default=4, metadata={"range": (2, 20)})


def test_settings_that_few_change_are_folded(qtbot):
    form = SettingsForm(Folding)
    qtbot.addWidget(form)
    form.show()
    assert form.fields["clusters"].isVisible()
    assert not form.fields["seed"].isVisible()
    assert form.value() == Folding()
    child(form, QPushButton, "folding_more").click()
    assert form.fields["seed"].isVisible()
    assert form.shows_more
    assert form.fields["seed"].y() > form.fields["clusters"].y()


def test_a_form_without_such_settings_has_no_button(form):
    assert form.findChild(QPushButton, "every_kind_more") is None
