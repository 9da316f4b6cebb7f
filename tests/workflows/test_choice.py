"""How to train, as it is chosen: presets, values by name, runs before."""

import json

import pytest

from segstudio.errors import UserError
from segstudio.workflows.choice import Choice, choose


def test_a_choice_is_a_preset_with_changes():
    choice = choose("quick", "ddrnet23_slim", {"steps": "7", "width": "0.5"})
    assert choice.training.network == "ddrnet23_slim"
    assert choice.training.steps == 7
    assert choice.network["width"] == 0.5


def test_settings_of_a_loss_are_given_as_those_of_the_network_are():
    choice = choose("quick", None, {"loss": "focal+dice", "gamma": "1.5", "width": 0.5})
    assert choice.training.loss == "focal+dice"
    assert choice.loss == {"gamma": 1.5}
    assert Choice.from_json(json.loads(json.dumps(choice.to_json()))) == choice


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"loss": "focal+dise"}, "dise"),
        ({"gamma": 2}, "gamma"),
        ({"loss": "focal", "gamma": 9}, "gamma"),
        ({"bogus": 1}, "bogus"),
        ({"steps": "none"}, "steps"),
        ({"network": "unet"}, "unet"),
    ],
)
def test_settings_that_do_not_exist_are_refused(values, said):
    with pytest.raises(UserError, match=said):
        choose("quick", None, values)
