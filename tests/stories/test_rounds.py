"""From an empty project to the third round: ask, label, learn, ask again, by itself."""

import json

import pytest

from segstudio.cli.main import run
from segstudio.domain.records import State

TINY = {"network": "fast_scnn", "width": 0.25, "steps": 4, "batch": 2, "crop": 64, "evaluations": 1}


def label(studio, classes):
    """Go to the next region and label it with strokes until it marks itself done."""
    queueing = studio.window.queueing
    studio.key("N").wait_idle()
    item = queueing.current
    box = item.box or studio.session.image.box
    studio.brush(64)
    for place, top in enumerate(range(box.top + 16, box.bottom, 48)):
        studio.choose_class(classes[place % len(classes)])
        studio.drag((box.left + 4, top), (box.right - 4, top))
    studio.wait_saved().wait_idle()
    assert queueing.is_done(item)
    return item


@pytest.fixture
def rounds(studio):
    """The queue in batches of four; a training after every two labels."""
    queueing, training = studio.window.queueing, studio.window.training
    queueing.ordering.choose("recommended", 4)
    training.preset, training.network = "quick", TINY["network"]
    training.values = {name: value for name, value in TINY.items() if name != "network"}
    return studio


def ordered_by_command(project, capsys):
    """Order the queue of a project that no window has open; return its items."""
    capsys.readouterr()
    assert run(["rank", str(project), "--budget", "4", "--json"]) == 0
    return json.loads(capsys.readouterr().out)["items"]


def test_three_rounds(rounds, capsys):
    studio = rounds
    window, classes = studio.window, ["background", "sign", "window"]
    queueing, spotlight = window.queueing, window.canvas.over.spotlight

    # Round one: no model yet, so what is typical is asked for.
    studio.rank()
    assert len(queueing.items) == 4
    assert queueing.ordering.notes
    for _ in range(2):
        item = label(studio, classes)
        assert spotlight.box == item.box
        assert window.queue_bar.isVisible()
    assert len(queueing.items) == 2
    assert studio.session.image.state == State.IN_WORK
    studio.train(**TINY)
    first = window.models.current.id

    # After the training the queue is ordered by the model; the item in hand stays.
    assert queueing.current == item
    assert queueing.listed[0] == item or item in queueing.listed
    assert {i.predicted for i in queueing.items} - {None}

    # Round two: two more labels start a training by themselves.
    window.retraining.when = "2"
    window.work.show_panel("Queue")
    runs = len(window.models.runs)
    for _ in range(2):
        label(studio, classes)
    studio.wait_idle(600)
    assert len(window.models.runs) == runs + 1
    assert window.work.tabText(window.work.currentIndex()) == "Queue"
    second = window.models.runs[0]
    assert second.metrics["former"]["miou"] >= 0
    assert second.settings["weights"] == "run 1"
    assert window.models.current.id in (first, second.id)
    assert any("run 2 has learned" in text for text in studio.said)

    # Round three.
    for _ in range(2):
        label(studio, classes)
    studio.wait_idle(600)
    progress = window.progressing.progress
    assert [point.run for point in progress.points] == [1, 2, 3]
    pixels = [point.pixels for point in progress.points]
    assert pixels == sorted(set(pixels))
    assert progress.hint
    assert queueing.items
    studio.key("Esc")
    assert queueing.current is None
    assert not window.queue_bar.isVisible()

    # The command orders as the window does.
    studio.rank()
    seen = [
        (item.image, item.score, item.reason, item.predicted is None) for item in queueing.items
    ]
    project = studio.session.project.root
    studio.close()
    found = ordered_by_command(project, capsys)
    assert [(i["id"], i["score"], i["reason"], i["predicted"] is None) for i in found] == seen
