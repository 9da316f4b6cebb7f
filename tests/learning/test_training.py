import os
from dataclasses import replace

import numpy as np
import pytest
import torch

from segstudio.domain.task import Cancelled
from segstudio.errors import UserError
from segstudio.learning import training
from segstudio.learning.losses.builtin.cross_entropy import CrossEntropy
from segstudio.learning.presets import PRESETS, preset
from segstudio.learning.settings import TrainSettings
from segstudio.learning.training import train

NARROW = {"width": 0.25}


@pytest.fixture
def run(examples, classes, tiny):
    """Train on five of the pictures, validate on the sixth; return the result and its log."""

    def run(settings=tiny, **changes):
        log = []
        given = {"examples": examples[:5], "holdout": examples[5:], "classes": classes}
        given |= {"settings": settings, "network_settings": NARROW, "log": log.append, "threads": 1}
        return train(**(given | changes)), log

    return run


def curve(log):
    return [entry["loss"] for entry in log if "loss" in entry]


def test_learns_and_says_how_well(run, classes):
    trained, log = run()
    assert len(curve(log)) == 40
    assert curve(log)[-1] < curve(log)[0] / 2
    evaluations = [entry for entry in log if "miou" in entry]
    assert [entry["step"] for entry in evaluations] == [20, 40]
    assert set(evaluations[0]["iou"]) == {"wall", "window"}
    card = trained.card
    assert card.metrics["miou"] > 0.65
    assert card.metrics["miou"] in [entry["miou"] for entry in evaluations]
    assert card.ids == (0, 7)
    assert card.settings["network"] == {"width": 0.25, "dropout": 0.1}
    assert card.settings["training"]["steps"] == 40
    assert card.parameters == sum(p.numel() for p in trained.module().parameters())


def test_same_seed_same_curve(run, tiny):
    short = replace(tiny, steps=6, noise=1.0)
    (one, first), (two, second) = run(short), run(short)
    assert curve(first) == curve(second)
    assert all(torch.equal(one.state[key], two.state[key]) for key in one.state)
    _, other = run(replace(short, seed=1))
    assert curve(other) != curve(first)


def test_leaves_the_callers_random_numbers_and_threads_alone(run, tiny):
    torch.manual_seed(5)
    expected = torch.rand(3)
    threads = torch.get_num_threads()
    torch.manual_seed(5)
    run(replace(tiny, steps=2))
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads


def test_a_few_strokes_are_enough_to_start(run, examples, tiny):
    mask = np.full((70, 90), 255, np.uint8)
    mask[10:14, 5:80] = 0
    mask[56:60, 5:80] = 0
    mask[28:34, 35:55] = 7
    stroked = [replace(examples[0], mask=mask)]
    trained, log = run(replace(tiny, steps=120), examples=stroked)
    assert [e["miou"] for e in log if "miou" in e][-1] > 0.55
    trained, log = run(replace(tiny, steps=4), examples=stroked, holdout=[])
    assert trained.card.metrics["miou"] is None
    assert trained.best_step == 4


def test_unlabelled_pixels_teach_nothing(run, examples, tiny):
    half = []
    for example in examples:
        mask = example.mask.copy()
        mask[:, 45:] = 255
        half.append(replace(example, mask=mask))
    other = [replace(e, mask=np.where(e.mask == 255, np.uint8(99), e.mask)) for e in half]
    short = replace(tiny, steps=3)
    assert curve(run(short, examples=half)[1]) == curve(run(short, examples=other)[1])


@pytest.mark.parametrize("reports", [1, 8, 10, 15, 40])
def test_cancel_stops_it_anywhere(run, tiny, reports):
    class Impatient:
        left = reports

        def report(self, done, total, text):
            self.left -= 1
            if not self.left:
                raise Cancelled

    log = []
    with pytest.raises(Cancelled):
        run(replace(tiny, steps=12, evaluations=12), task=Impatient(), log=log.append)
    assert len(log) < reports


def test_progress_never_goes_back(run, tiny):
    seen = []

    class Watching:
        def report(self, done, total, text):
            if text in ("Training", "Evaluating"):
                seen.append((done, total, text))

    run(replace(tiny, steps=4), task=Watching())
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert {total for _, total, _ in seen} == {4}
    # Both evaluations report before their picture and after it, so they can be cancelled.
    assert len([text for _, _, text in seen if text == "Evaluating"]) == 4


def test_a_loss_that_is_no_number_is_an_error_with_advice(run, monkeypatch):
    true = CrossEntropy.__call__

    def spoiled(self, logits, targets, weights):
        spoiled.calls += 1
        return true(self, logits, targets, weights) * (float("nan") if spoiled.calls > 6 else 1)

    spoiled.calls = 0
    monkeypatch.setattr(CrossEntropy, "__call__", spoiled)
    log = []
    with pytest.raises(UserError, match="no longer a number after 2 steps") as error:
        run(log=log.append)
    assert "learning rate" in error.value.hint
    assert len(log) == 2


@pytest.mark.parametrize(
    "failure",
    [MemoryError(), RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 9")],
)
def test_running_out_of_memory_is_an_error_with_advice(run, monkeypatch, failure):
    def fail(*args):
        raise failure

    monkeypatch.setattr(training.Crops, "batch", fail)
    with pytest.raises(UserError, match="not enough memory") as error:
        run()
    assert "batch" in error.value.hint


def test_other_failures_are_not_taken_for_lack_of_memory(run, monkeypatch):
    def fail(*args):
        raise RuntimeError("shapes differ")

    monkeypatch.setattr(training.Crops, "batch", fail)
    with pytest.raises(RuntimeError, match="shapes differ"):
        run()


def test_nothing_labelled_is_said_before_anything_starts(run, examples):
    blank = [replace(e, mask=np.full((70, 90), 255, np.uint8)) for e in examples]
    with pytest.raises(UserError, match="nothing is labelled"):
        run(examples=blank)


def test_a_run_that_was_interrupted_goes_on_as_if_it_had_not_been(run, tiny, tmp_path):
    settings = replace(tiny, steps=8, evaluations=2)
    whole, log = run(settings)
    path = tmp_path / "checkpoint.pt"

    class Interrupted(Exception):
        pass

    def interrupt(entry):
        if entry["step"] == 6:
            raise Interrupted

    with pytest.raises(Interrupted):
        run(settings, checkpoint=path, log=interrupt)
    rest, rest_log = run(settings, checkpoint=path)
    assert curve(rest_log) == curve(log)[4:]
    assert all(torch.equal(whole.state[key], rest.state[key]) for key in whole.state)
    assert os.listdir(tmp_path) == []


def test_a_checkpoint_of_other_settings_or_labels_is_refused(run, examples, tiny, tmp_path):
    path = tmp_path / "checkpoint.pt"

    def interrupt(entry):
        if entry["step"] == 6:
            raise KeyboardInterrupt

    settings = replace(tiny, steps=8)
    with pytest.raises(KeyboardInterrupt):
        run(settings, checkpoint=path, log=interrupt)
    with pytest.raises(UserError, match="other settings"):
        run(replace(settings, seed=3), checkpoint=path)
    with pytest.raises(UserError, match="labels have changed"):
        run(settings, checkpoint=path, examples=examples[:4])
    with pytest.raises(UserError, match="other settings"):
        run(settings, checkpoint=path, network_settings={"width": 0.5})


def test_sixteen_bit_pictures_of_five_bands(run, examples, tiny):
    def five(example):
        deep = np.repeat(example.pixels[:, :, :1], 5, 2).astype(np.uint16) * 100
        return replace(example, pixels=deep)

    trained, _ = run(
        replace(tiny, steps=60),
        examples=[five(e) for e in examples[:5]],
        holdout=[five(examples[5])],
    )
    assert trained.card.input.bands == 5
    assert trained.card.metrics["miou"] > 0.65


def test_presets():
    assert set(PRESETS) == {"quick", "default", "long"}
    assert preset("default") == TrainSettings()
    assert preset("default").network == "ddrnet23_slim"
    assert preset("quick").network == "fast_scnn"
    with pytest.raises(UserError, match="no preset called 'slow'"):
        preset("slow")


def test_the_last_step_is_always_evaluated():
    assert TrainSettings(steps=10, evaluations=4).evaluated_after() == {2, 5, 8, 10}
    assert TrainSettings(steps=2, evaluations=8).evaluated_after() == {1, 2}
