import errno
import os
from dataclasses import replace

import numpy as np
import pytest
import torch

from segstudio.domain.card import InputSpec
from segstudio.domain.classes import LabelClass
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.learning import training
from segstudio.learning.checkpoint import Rhythm
from segstudio.learning.crops import Crops
from segstudio.learning.dataset import Cache, channel_table, survey
from segstudio.learning.losses.builtin.cross_entropy import CrossEntropy
from segstudio.learning.presets import PRESETS, preset
from segstudio.learning.settings import TrainSettings
from segstudio.learning.training import _Run, train
from segstudio.learning.unfinished import Unfinished
from segstudio.learning.untrained import Untrained, without_pixels

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


def warnings(log):
    return [(entry["step"], entry["warning"]) for entry in log if "warning" in entry]


def test_learns_and_says_how_well(run, classes, tiny):
    trained, log = run(replace(tiny, steps=80))
    assert len(curve(log)) == 80
    assert curve(log)[-1] < curve(log)[0] / 2
    evaluations = [entry for entry in log if "miou" in entry]
    assert [entry["step"] for entry in evaluations] == [40, 80]
    assert set(evaluations[0]["iou"]) == {"wall", "window"}
    card = trained.card
    assert card.metrics["miou"] > 0.65
    assert card.metrics["miou"] in [entry["miou"] for entry in evaluations]
    assert card.ids == (0, 7)
    assert card.settings["network"] == {"width": 0.25, "dropout": 0.1}
    assert card.settings["training"]["steps"] == 80
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
    trained, log = run(replace(tiny, steps=200), examples=stroked)
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
    with pytest.raises(UserError, match=r"no longer a number after 2 steps, at .* [0-4]\.png") as e:
        run(log=log.append)
    assert "learning rate" in e.value.hint
    assert len(curve(log)) == 2
    assert e.value.trained is None


def test_a_run_that_must_stop_hands_over_its_best_weights(run, tiny, monkeypatch):
    settings = replace(tiny, steps=12, evaluations=3)
    best = []

    def spoil(entry):
        if "miou" in entry:
            best.append(entry)
        if entry["step"] == 10:
            monkeypatch.setattr(CrossEntropy, "__call__", lambda *args: torch.tensor(torch.inf))

    with pytest.raises(Unfinished, match="after 10 steps") as stopped:
        run(settings, log=spoil)
    trained = stopped.value.trained
    assert trained.best_step in (4, 8)
    assert trained.card.metrics["miou"] in [entry["miou"] for entry in best]
    assert all(torch.isfinite(value).all() for value in trained.state.values())
    assert trained.module()(torch.zeros(1, 3, 64, 64)).shape == (1, 2, 64, 64)


def test_the_pictures_named_are_those_that_the_batch_was_cut_from(tiny, examples):
    read = []
    watched = [
        replace(e, pixels=lambda e=e: read.append(e.name) or e.pixels, mask=e.mask)
        for e in examples[:5]
    ]
    cache = Cache(watched, budget=1)  # nothing stays in it, so that every reading is seen
    found = survey(watched, [0, 7], 3, Quiet())
    crops = Crops(cache, found, channel_table([0, 7]), InputSpec(), tiny.augmentation, 64, 3)
    for step in range(5):
        read.clear()
        crops.batch(step, 4)
        names = crops.names(step, 4)
        assert [name for n, name in enumerate(names) if n == 0 or name != names[n - 1]] == read


def test_a_picture_that_is_gone_stops_the_run_with_its_best_weights(run, tiny, monkeypatch):
    read = Cache.read

    def remove(entry):
        if entry["step"] == 5:
            monkeypatch.setattr(Cache, "read", gone)

    def gone(self, place):
        if place == 2:
            raise UserError("2.png is gone", "put it back")
        return read(self, place)

    with pytest.raises(Unfinished, match=r"2\.png is gone") as stopped:
        run(replace(tiny, evaluations=10), log=remove)
    assert stopped.value.hint == "put it back"
    assert stopped.value.trained.best_step == 4


@pytest.mark.parametrize(
    "failure",
    [MemoryError(), RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 9")],
)
def test_running_out_of_memory_is_an_error_with_advice(run, monkeypatch, failure):
    def fail(*args):
        raise failure

    monkeypatch.setattr(Crops, "batch", fail)
    with pytest.raises(UserError, match="not enough memory") as error:
        run()
    assert "batch" in error.value.hint


def test_other_failures_are_not_taken_for_lack_of_memory(run, monkeypatch):
    def fail(*args):
        raise RuntimeError("shapes differ")

    monkeypatch.setattr(Crops, "batch", fail)
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
    assert os.listdir(tmp_path) == ["checkpoint.pt"]


def test_a_checkpoint_of_something_else_or_damaged_is_refused(
    run, examples, classes, tiny, tmp_path
):
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
    with pytest.raises(UserError, match="other settings"):
        run(settings, checkpoint=path, loss_settings={"smoothing": 0.1})
    more = [*classes, LabelClass(9, "door", (0, 200, 0))]
    with pytest.raises(UserError, match="classes have changed"):
        run(settings, checkpoint=path, classes=more)
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole[:-100], b"no checkpoint at all"):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match="cut short"):
            run(settings, checkpoint=path)


def test_a_checkpoint_is_written_at_the_end_of_an_epoch_too(run, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(Rhythm, "SHORTEST", 0.0)
    monkeypatch.setattr(Rhythm, "SHARE", 1e9)
    settings = replace(tiny, steps=9, evaluations=1)
    whole, log = run(settings)
    path = tmp_path / "checkpoint.pt"

    def interrupt(entry):
        if entry["step"] == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(settings, checkpoint=path, log=interrupt)
    rest, rest_log = run(settings, checkpoint=path)
    # Five pictures of 65 × 90 labelled pixels are two batches of four crops of 64 × 64.
    assert curve(rest_log) == curve(log)[6:]
    assert all(torch.equal(whole.state[key], rest.state[key]) for key in whole.state)


@pytest.mark.parametrize(
    "changes",
    [
        {"optimiser": "sgd", "schedule": "poly", "clip": 0.5},
        {"optimiser": "adam", "schedule": "one_cycle", "accumulate": 2, "average": 0.0},
        {"schedule": "constant", "loss": "focal+dice", "patience": 5},
    ],
)
def test_any_way_of_training_can_be_interrupted(run, tiny, tmp_path, changes):
    settings = replace(tiny, steps=6, evaluations=2, **changes)
    whole, log = run(settings)
    path = tmp_path / "checkpoint.pt"

    def interrupt(entry):
        if entry["step"] == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(settings, checkpoint=path, log=interrupt)
    rest, rest_log = run(settings, checkpoint=path)
    assert curve(rest_log) == curve(log)[3:]
    assert all(torch.equal(whole.state[key], rest.state[key]) for key in whole.state)
    assert all(torch.isfinite(value).all() for value in rest.state.values())


def test_a_disk_that_is_full_is_said_and_the_run_goes_on(run, tiny, tmp_path, monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device")

    def fail(data, path):
        path.write_bytes(b"half")
        raise full

    monkeypatch.setattr(torch, "save", fail)
    trained, log = run(replace(tiny, steps=4), checkpoint=tmp_path / "checkpoint.pt")
    assert trained.best_step == 4
    assert [step for step, _ in warnings(log)] == [2, 4]
    assert "No space left" in warnings(log)[0][1]
    assert os.listdir(tmp_path) == []


def test_patience_ends_a_run_that_grows_no_better(run, tiny):
    # Without a rate nothing changes, so that no evaluation is better than the first.
    still = replace(tiny, steps=40, evaluations=20, learning_rate=1e-12, patience=3)
    trained, log = run(still)
    assert len([entry for entry in log if "miou" in entry]) <= 6
    assert trained.steps < 40
    trained, _ = run(replace(still, patience=0, steps=10, evaluations=10))
    assert trained.steps == 10


def test_memory_that_runs_out_halves_the_batch_and_the_run_goes_on(run, tiny, monkeypatch):
    true = _Run._loss
    sizes = []

    def limited(self, step, inputs, targets):
        sizes.append(len(inputs))
        if step >= 2 and len(inputs) > 2:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")
        return true(self, step, inputs, targets)

    monkeypatch.setattr(_Run, "_loss", limited)
    trained, log = run(replace(tiny, steps=4, batch=8))
    assert sizes == [8, 8, 8, 4, 2, 2, 2, 2, 2, 2, 2, 2]
    assert [step for step, _ in warnings(log)] == [3, 3]
    assert "2 crops at a time, 8 a step still" in warnings(log)[-1][1]
    assert trained.card.settings["training"]["batch"] == 8


def test_a_step_of_several_batches_learns_from_the_mean_of_their_losses(run, tiny, monkeypatch):
    found = []
    true = _Run._loss

    def watched(self, step, inputs, targets):
        loss = true(self, step, inputs, targets)
        found.append((len(inputs), float(loss.detach())))
        return loss

    monkeypatch.setattr(_Run, "_loss", watched)
    _, log = run(replace(tiny, steps=1, batch=3, accumulate=2))
    assert [size for size, _ in found] == [3, 3]
    assert curve(log) == [pytest.approx(sum(loss for _, loss in found) / 2)]


def test_a_long_gradient_is_shortened(run, tiny):
    """With plain SGD and a rate of 1, one step is as long as the gradient."""
    plain = replace(
        tiny, steps=1, optimiser="sgd", momentum=0.0, weight_decay=0.0, average=0.0,
        learning_rate=1.0, schedule="constant",
    )  # fmt: skip
    start, _ = run(replace(plain, learning_rate=1e-12))

    def length(settings):
        module, first = run(settings)[0].module(), start.module()
        pairs = zip(module.parameters(), first.parameters(), strict=True)
        return float(torch.cat([(a - b).detach().flatten() for a, b in pairs]).norm())

    assert length(plain) > 0.1
    assert length(replace(plain, clip=0.01)) == pytest.approx(0.01, rel=0.01)


def test_the_batch_is_recorded_where_it_was_left_open(run, tiny):
    trained, _ = run(replace(tiny, steps=1, batch=None))
    assert trained.card.settings["training"]["batch"] == 4


def test_what_the_untrained_network_knows_is_said_first(run, tiny, examples, classes):
    _, log = run(replace(tiny, steps=1))
    untrained = log[0]["untrained"]
    assert untrained["chance"] == pytest.approx(0.693, abs=1e-3)
    assert 0.4 < untrained["loss"] < 1.4
    assert warnings(log) == []
    black = [replace(e, pixels=np.zeros_like(e.pixels)) for e in examples]
    _, log = run(replace(tiny, steps=1, noise=0.0), examples=black)
    assert any("one colour all over" in text for _, text in warnings(log))
    more = [*classes, LabelClass(9, "door", (0, 200, 0))]
    _, log = run(replace(tiny, steps=1), classes=more)
    assert warnings(log) == [(0, without_pixels([5, 5, 0], ["wall", "window", "door"]))]
    assert "door" in warnings(log)[0][1]


def test_the_look_before_the_first_step_changes_nothing(run, tiny, monkeypatch):
    short = replace(tiny, steps=2)
    _, log = run(short)
    monkeypatch.setattr(training, "look_at", lambda *args, **more: Untrained(0.7, 0.69, ()))
    _, other = run(short)
    assert curve(log) == curve(other)


def test_class_weights_can_be_given(run, tiny):
    short = replace(tiny, steps=2, balance=0.0)
    plain, given = run(short)[1], run(replace(short, class_weights=(1.0, 1.0)))[1]
    assert curve(plain) == curve(given)
    assert curve(run(replace(short, class_weights=(2.0, 2.0)))[1])[0] == 2 * curve(plain)[0]
    with pytest.raises(UserError, match="1 numbers for 2 classes"):
        run(replace(short, class_weights=(1.0,)))


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
