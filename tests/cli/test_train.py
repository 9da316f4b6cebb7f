import json

import pytest

QUICK = ["--preset", "quick", "--set", "width=0.25", "--set", "crop=64", "--set", "batch=2"]


def test_what_a_training_warns_of_is_printed(cli, shapes):
    root = shapes / "sky.segstudio"
    names = [word for name in ("ground", "box", "disc", "sky") for word in ("--class", name)]
    assert cli("new", root, *names) == 0
    pictures = [shapes / "pictures" / f"p{n}.png" for n in (1, 2)]
    assert cli("add", root, *pictures, "--masks", shapes / "masks") == 0
    assert cli("train", root, *QUICK, "--steps", "1") == 0
    warned = "warning: nothing to learn from is labelled sky: the model will not know it"
    assert cli.err.splitlines().count(warned) == 1


def test_losses_optimisers_and_schedules_are_settings(cli, project):
    words = ["optimiser=sgd", "schedule=poly", "loss=focal+dice", "gamma=1", "accumulate=2"]
    more = [word for text in words for word in ("--set", text)]
    values = cli.json("train", project, *QUICK, "--steps", "2", *more)
    saved = json.loads((project / "runs" / "1" / "settings.json").read_text())
    assert saved["training"]["optimiser"] == "sgd"
    assert saved["loss"] == {"gamma": 1.0}
    card = json.loads((project / "runs" / "1" / "model" / "card.json").read_text())
    assert card["settings"]["training"]["batch"] == 2
    assert card["settings"]["loss"] == {"gamma": 1.0}
    assert values["steps"] == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("loss=dise", "no loss called 'dise'"),
        ("optimiser=lion", "optimiser cannot be 'lion'"),
        ("schedule=steps", "schedule cannot be 'steps'"),
        ("batch=1", "batch cannot be '1'"),
        ("class_weights=1,2", "class_weights has 2 numbers for 3 classes"),
    ],
)
def test_settings_that_do_not_fit_are_refused(cli, project, text, said):
    assert cli("train", project, *QUICK, "--steps", "2", "--set", text) == 2
    assert said in cli.err
    assert "hint: " in cli.err
    assert not list((project / "runs").glob("*/log.jsonl"))
    assert cli.json("list", "runs", project)["rows"] == []
