"""The simulated people of ``figures/users.py``, on pictures of which the answer is known."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

FIGURES = Path(__file__).parent / "figures"


def load(name):
    """Import a script of the folder beside, as these import each other."""
    spec = importlib.util.spec_from_file_location(name, FIGURES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


person, hands, cases = (load(f"users_{name}") for name in ("person", "hands", "cases"))
load("command")
load("users_models")
users = load("users")


def square(side=100):
    """A bright rectangle on a dark ground, with a little grain."""
    rng = np.random.default_rng(0)
    reference = np.zeros((side, side), bool)
    reference[30:70, 20:80] = True
    rgb = np.where(reference[..., None], (210, 180, 60), (40, 60, 90)).astype(np.int16)
    rgb = np.clip(rgb + rng.integers(-6, 7, rgb.shape), 0, 255).astype(np.uint8)
    probabilities = np.where(reference, 0.7, 0.2).astype(np.float32)
    probabilities[:, :40] *= 0.5  # the model does not see the left part
    return person.Case(
        "square", rgb, reference, np.ones_like(reference), reference.astype(np.uint8), 1,
        np.stack([1 - probabilities, probabilities]),
    )  # fmt: skip


def test_the_next_click_goes_into_the_middle_of_the_largest_error():
    case = square()
    nothing = np.zeros(case.box.shape, bool)
    (error,) = person.errors_of(case, nothing)
    assert error.missing
    assert error.middle[1] == pytest.approx(50, abs=0.6)
    assert 39 < error.middle[0] < 61
    found = case.reference.copy()
    found[80:95, 80:95] = True
    found[40:44, 40:44] = False
    error, second = person.errors_of(case, found)
    assert second.missing
    assert not error.missing
    assert error.middle == (87.5, 87.5)
    assert person.errors_of(case, case.reference) == []


def test_what_does_not_count_is_no_error():
    case = square()
    case.counted[:, 60:] = False
    found = case.reference.copy()
    found[:, 60:] = ~found[:, 60:]
    assert person.errors_of(case, found) == []
    assert case.iou(found) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_a_stroke_runs_along_the_error_and_stays_inside(turned):
    case = square()
    wrong = case.reference.T if turned else case.reference
    other = person.Case("", case.rgb, wrong, case.counted)
    (error,) = person.errors_of(other, np.zeros_like(wrong))
    stroke = person.stroke_along(error)
    rows, columns = np.nonzero(stroke)
    long, short = (np.ptp(rows), np.ptp(columns)) if turned else (np.ptp(columns), np.ptp(rows))
    assert long > 30
    assert short <= person.WIDEST
    assert not (stroke & ~wrong).any()
    assert person.stroke_along(error, 1).sum() < stroke.sum()


def test_the_outline_is_that_of_the_region():
    from segstudio.interactive.shapes import polygon

    case = square()
    points = [(float(x), float(y)) for x, y in hands.outline_of(case.reference)]
    found = polygon(points, case.box).over(case.box)
    assert case.iou(found) > 0.99


@pytest.mark.parametrize("tool", users.HANDS)
def test_every_tool_gets_a_plain_object(tool):
    case = square()
    worked = users.work(tool, case)
    assert max(worked.ious) >= users.GOAL
    assert worked.needed <= 6
    assert worked.after(10) > 0.9
    assert worked.ious == users.work(tool, case).ious


def test_what_would_make_it_worse_is_not_done():
    case = square()
    hand = hands.WandHand(case)
    found = case.reference.copy()
    found[:6, :6] = True  # a click there would take nothing away that is right
    assert case.iou(hand.act(found, person.errors_of(case, found))) == 1
    found = case.reference.copy()
    found[40:46, 40:46] = False
    case.rgb[40:46, 40:46] = (40, 60, 90)
    case.rgb[:, 43] = (40, 60, 90)  # and there it would leak
    assert (hand.act(found, person.errors_of(case, found)) == found).all()


def test_a_person_stops_when_it_is_right_or_too_long(monkeypatch):
    class Clumsy:
        def __init__(self, case):
            self.case = case

        def start(self):
            return np.zeros(self.case.box.shape, bool)

        def act(self, found, errors):
            return found

    monkeypatch.setitem(users.HANDS, "clumsy", Clumsy)
    worked = users.work("clumsy", square())
    assert worked.ious == (0.0,) * (users.MOST + 1)
    assert worked.needed == users.MOST


def test_the_row_holds_means_over_the_objects():
    worked = [users.Worked((0.0, 0.5, 0.9), 1.0), users.Worked((0.0, 0.1, 0.2, 0.3), 2.0)]
    row = users.row("x", "wand", worked)
    assert (row["1"], row["3"], row["10"]) == ("0.300", "0.600", "0.600")
    assert row["to 0.85"] == f"{(2 + users.MOST) / 2:.1f}"
    assert row["reached"] == "1 of 2"
    assert row["s each"] == "0.60"


def test_other_objects_of_the_class_do_not_count():
    classes = np.zeros((200, 200), np.uint8)
    classes[60:100, 60:100] = classes[60:100, 110:120] = 1
    mine = classes == 1
    mine[:, 105:] = False
    rgb = np.zeros((200, 200, 3), np.uint8)
    case = cases.in_sight("x", rgb, mine, classes, 1, None)
    assert case.reference.shape == (40 + 64, 40 + 64)
    assert case.reference.sum() == 1600
    assert (~case.counted).sum() == 400
    assert not case.counted[case.classes == 1][~case.reference[case.classes == 1]].any()
