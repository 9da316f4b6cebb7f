import json

import cv2
import numpy as np
import pytest

from segstudio.domain import states
from segstudio.domain.edit import Edit
from segstudio.domain.records import Split
from segstudio.domain.task import Quiet
from segstudio.workflows import unlabelled as module
from segstudio.workflows.add import plan_add
from segstudio.workflows.choice import choose
from segstudio.workflows.shelf import Shelf
from segstudio.workflows.train import resumable, train
from segstudio.workflows.unlabelled import without_labels


@pytest.fixture
def shelf():
    made = Shelf()
    yield made
    made.close()


def put(project, name, split):
    row = states.changed(next(i for i in project.images() if i.name == name), split=split)
    project.apply(Edit("Split", rows=(row,)))


def names(project, shelf):
    return [example.name for example in without_labels(project, shelf, Quiet())]


def test_pictures_without_a_labelled_pixel(project, shelf):
    found = without_labels(project, shelf, Quiet())
    assert [e.name for e in found] == ["p5.png", "p6.png"]
    assert found[0].read_pixels().shape == (64, 96, 3)
    assert (found[0].read_mask() == 255).all()
    assert found[0].read_mask().shape == (64, 96)
    assert found[0].content_hash() != found[1].content_hash()


@pytest.mark.parametrize("split", [Split.VAL, Split.TEST])
def test_what_is_set_aside_is_never_among_them(project, shelf, split):
    put(project, "p6.png", split)
    assert names(project, shelf) == ["p5.png"]
    put(project, "p5.png", Split.TRAIN)
    assert names(project, shelf) == ["p5.png"]


def test_pictures_of_another_kind_and_those_that_are_gone_are_left_out(project, shapes, shelf):
    grey = shapes / "pictures" / "grey.png"
    cv2.imwrite(str(grey), np.zeros((64, 96), np.uint8))
    project.apply(plan_add(project, [grey], Quiet()).edit)
    assert names(project, shelf) == ["p5.png", "p6.png"]
    (shapes / "pictures" / "p5.png").unlink()
    assert names(project, shelf) == ["p6.png"]


def test_of_large_ones_there_are_the_parts(project, shelf, monkeypatch):
    monkeypatch.setattr(module, "WHOLE", 1000)
    monkeypatch.setattr(module, "WINDOW", 64)
    found = without_labels(project, shelf, Quiet())
    assert [e.name for e in found] == ["p5.png"] * 2 + ["p6.png"] * 2
    assert [e.read_pixels().shape for e in found[:2]] == [(64, 64, 3), (64, 32, 3)]
    assert len({e.content_hash() for e in found}) == 4
    assert len({e.image for e in found}) == 2


def test_a_run_with_a_teacher_says_so_on_its_card_and_in_its_log(project, tiny):
    values = tiny | {"unlabelled": 1.0, "confidence": 0.3}
    report = train(project, choose("quick", None, values), Quiet())
    card = json.loads((report.bundle / "card.json").read_text())
    assert card["settings"]["unlabelled_pictures"] == 2
    assert card["settings"]["training"]["unlabelled"] == 1.0
    lines = (report.bundle.parent / "log.jsonl").read_text().splitlines()
    steps = [line for line in map(json.loads, lines) if "loss" in line]
    assert len(steps) == 4
    assert all(line["unlabelled_loss"] >= 0 and 0 <= line["sure"] <= 1 for line in steps)


def test_it_goes_on_after_an_interruption(project, tiny):
    class Impatient:
        def report(self, done, total, text):
            if text == "Training" and done == 3:
                raise KeyboardInterrupt

    values = tiny | {"unlabelled": 1.0, "confidence": 0.3}
    whole = train(project, choose("quick", None, values), Quiet())
    with pytest.raises(KeyboardInterrupt):
        train(project, choose("quick", None, values), Impatient())
    report = train(project, choose(), Quiet(), resume=resumable(project))
    assert (report.run, report.steps) == (2, 4)
    weights = [(each.bundle / "weights.safetensors").read_bytes() for each in (whole, report)]
    assert weights[0] == weights[1]
