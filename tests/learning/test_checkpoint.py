import json
from dataclasses import asdict, replace

import pytest

from segstudio.errors import UserError
from segstudio.learning.checkpoint import Origin, Rhythm, steps_an_epoch
from segstudio.learning.settings import TrainSettings


def of_settings(**changes):
    training = json.loads(json.dumps(asdict(TrainSettings(steps=30))))
    return Origin({"training": training | changes, "network": {}}, [[0, "wall"]], "labels")


def test_a_checkpoint_of_an_older_version_knows_fewer_settings():
    older = of_settings()
    for name in ("unlabelled", "harder", "clip"):
        del older.settings["training"][name]
    of_settings().check(older)
    with pytest.raises(UserError, match="other settings"):
        of_settings(unlabelled=1.0).check(older)
    with pytest.raises(UserError, match="without labels have changed"):
        of_settings().check(replace(of_settings(), unlabelled="those"))


def test_an_epoch_cuts_as_many_pixels_as_are_labelled():
    assert steps_an_epoch(labelled=100, side=10, crops=1) == 1
    assert steps_an_epoch(labelled=801, side=10, crops=4) == 3
    assert steps_an_epoch(labelled=0, side=10, crops=4) == 1


def test_checkpoints_come_at_the_end_of_epochs_and_at_least_every_minute(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    rhythm = Rhythm(epoch=100)
    now[0] = 9.0
    assert not rhythm.due(100)  # too soon after the last
    now[0] = 11.0
    assert not rhythm.due(99)
    assert rhythm.due(100)
    rhythm.written(100, 0.1)
    now[0] = 30.0
    assert not rhythm.due(199)
    assert rhythm.due(200)
    now[0] = 71.0
    assert rhythm.due(101)
    rhythm.written(101, 3.0)
    now[0] = 71.0 + 59.0
    assert not rhythm.due(250)  # writing takes 3 s: no more than a twentieth of the time
    now[0] = 71.0 + 61.0
    assert rhythm.due(250)
