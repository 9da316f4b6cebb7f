"""Samples are predicted anew between evaluations, and nothing else changes by it."""

from dataclasses import replace

import pytest
import torch

from segstudio.learning.checkpoint import Rhythm
from segstudio.learning.glances import Glances
from segstudio.learning.training import train


@pytest.fixture
def at_every_epoch(monkeypatch):
    """Let no time have to pass between two looks."""
    monkeypatch.setattr(Glances, "SHORTEST", 0.0)
    monkeypatch.setattr(Glances, "SHARE", 1e9)


def trained(examples, classes, tiny):
    log = []
    result = train(examples[:4], examples[4:], classes, tiny, log=log.append, threads=1)
    return result, log


def looks(log):
    return [entry for entry in log if "samples" in entry and "iou" not in entry]


def test_samples_come_after_epochs_too(examples, classes, tiny, at_every_epoch):
    _, log = trained(examples, classes, replace(tiny, average=0.0))
    found = looks(log)
    assert len(found) > 5
    assert not {entry["step"] for entry in found} & tiny.evaluated_after()
    names = [sample.name for sample in found[0]["samples"]]
    evaluated = next(entry for entry in log if "iou" in entry)
    assert names == [sample.name for sample in evaluated["samples"]]
    first, last = (entry["samples"][0].predicted for entry in (found[0], found[-1]))
    assert (first != last).any()  # what has been learned is to be seen


def test_who_looks_changes_nothing(examples, classes, tiny, monkeypatch):
    alone, quiet = trained(examples, classes, tiny)
    assert looks(quiet) == []  # it is over within seconds
    monkeypatch.setattr(Glances, "SHORTEST", 0.0)
    monkeypatch.setattr(Glances, "SHARE", 1e9)
    watched, log = trained(examples, classes, tiny)
    assert looks(log)
    losses = [[entry["loss"] for entry in each if "loss" in entry] for each in (quiet, log)]
    assert losses[0] == losses[1]
    assert all(torch.equal(watched.state[name], value) for name, value in alone.state.items())


def test_looking_takes_a_fiftieth_of_the_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    class Slow:
        def look(self, module, device, task):
            now[0] += 1.0
            return []

    glances = Glances(Slow(), 1)
    assert isinstance(glances, Rhythm)
    now[0] = 20.0
    assert glances.due(1)
    assert glances.look(1, None, None, None) == {}
    now[0] = 21.0 + 49.0
    assert not glances.due(2)
    now[0] = 21.0 + 51.0
    assert glances.due(2)
