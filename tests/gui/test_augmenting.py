import numpy as np
import pytest

from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.tiles import Layer, Packed
from segstudio.errors import UserError
from segstudio.gui.augmenting import COUNT, Augmenting
from segstudio.gui.models import Models
from segstudio.gui.training import Training
from segstudio.learning.settings import TrainSettings

WAIT = 20_000


@pytest.fixture
def training(session):
    return Training(session, Models(session))


@pytest.fixture
def augmenting(qtbot, session, training):
    made = Augmenting(session, training)
    yield made
    made.set_live(False)
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=WAIT)


@pytest.fixture
def labelled(session):
    """Label a tile of the first picture: the left is background, the right a sign."""
    ids = np.zeros((256, 256), np.uint8)
    ids[:, 128:] = 1
    change = TileChange(1, Layer.MASK, (0, 0), None, Packed(ids))
    session.apply(Edit("Label", (change,)))


def pixels(augmenting):
    return np.stack([sample.pixels for sample in augmenting.samples])


def test_parts_are_switched_for_the_next_training(augmenting, training):
    assert augmenting.augmentation == TrainSettings().augmentation
    augmenting.switch("noise", True)
    augmenting.switch("flip", False)
    augmenting.set_values("hsv", strength=0.7)
    chosen = training.choice().training.augmentation
    assert chosen.names == ("balanced", "zoom", "hsv", "contrast", "noise")
    assert augmenting.part("hsv").strength == 0.7
    assert training.values["augment"] == chosen.written()


def test_a_part_comes_back_as_strong_as_it_was(augmenting):
    augmenting.set_values("noise", strength=0.3)
    augmenting.switch("noise", False)
    assert "noise" not in augmenting.augmentation.names
    assert augmenting.part("noise").strength == 0.3
    augmenting.switch("noise", True)
    assert augmenting.augmentation.names[-1] == "noise"
    assert augmenting.part("noise").strength == 0.3


def test_the_usual_parts_need_no_setting_and_short_ones_are_taken_over(augmenting, training):
    training.values = {"turn": True, "steps": 7}
    assert "rot90" in augmenting.augmentation.names
    augmenting.switch("rot90", False)
    assert training.values == {"steps": 7}
    for name in augmenting.augmentation.names:
        augmenting.switch(name, False)
    assert training.values == {"steps": 7, "augment": ("none",)}
    assert augmenting.augmentation.names == ()


def test_samples_follow_the_switches_and_stay_in_their_places(qtbot, augmenting, labelled):
    with qtbot.waitSignal(augmenting.drawn, timeout=WAIT):
        augmenting.set_live(True)
    assert len(augmenting.samples) == COUNT
    before = [sample.mask for sample in augmenting.samples], pixels(augmenting)
    assert {0, 1} <= set(np.unique(before[0])) <= {0, 1, 255}
    with qtbot.waitSignal(augmenting.drawn, timeout=WAIT):
        augmenting.switch("noise", True)
    assert np.array_equal(before[0], [sample.mask for sample in augmenting.samples])
    assert (pixels(augmenting) != before[1]).any()
    with qtbot.waitSignal(augmenting.drawn, timeout=WAIT):
        augmenting.draw_others()
    assert not np.array_equal(before[0], [sample.mask for sample in augmenting.samples])


def test_nothing_is_drawn_while_nobody_looks(session, augmenting, labelled):
    augmenting.switch("noise", True)
    augmenting.draw_others()
    assert not session.jobs.jobs
    assert not augmenting._rest.isActive()
    assert augmenting.samples == []


def test_without_labels_there_is_a_reason_until_there_are_some(qtbot, augmenting, request):
    with qtbot.waitSignal(augmenting.drawn, timeout=WAIT):
        augmenting.set_live(True)
    assert isinstance(augmenting.problem, UserError)
    assert "nothing is labelled" in augmenting.problem.message
    with qtbot.waitSignal(augmenting.drawn, timeout=WAIT):
        request.getfixturevalue("labelled")
    assert augmenting.problem is None
    assert len(augmenting.samples) == COUNT


def test_settings_from_elsewhere_are_followed(qtbot, augmenting, training, labelled):
    augmenting.set_live(True)
    training.values = {"augment": ("rot90",)}
    with qtbot.waitSignal(augmenting.changed, timeout=WAIT):
        training.changed.emit()
    assert augmenting.augmentation.names == ("rot90",)
