import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from segstudio.errors import UserError
from segstudio.learning.presets import PRESETS
from segstudio.workflows.choice import Choice, choose
from segstudio.workflows.settings_files import read_settings, write_settings


@pytest.mark.parametrize("preset", PRESETS)
def test_settings_come_back_as_they_were(tmp_path, preset):
    choice = choose(
        preset, None,
        {"width": 0.5, "steps": 9, "loss": "focal+dice", "gamma": 3, "class_weights": "1,2.5",
         "learning_rate": 1e-5},
    )  # fmt: skip
    choice = Choice(choice.training, choice.network, Path('weights of "old".pth'), choice.loss)
    file = tmp_path / "settings.toml"
    write_settings(file, choice)
    found = read_settings(file)
    assert found.training == choice.training
    assert dict(found.network) == dict(choice.network)
    assert dict(found.loss) == dict(choice.loss)
    assert found.weights == choice.weights.absolute()
    table = tomllib.loads(file.read_text())["training"]
    assert {**asdict(choice.training), **table}.keys() == asdict(choice.training).keys()


def test_what_a_file_leaves_out_is_as_usual(tmp_path):
    file = tmp_path / "few.toml"
    file.write_text('[training]\nnetwork = "fast_scnn"\nsteps = 12\n[network]\nwidth = 2\n')
    found = read_settings(file)
    assert (found.training.network, found.training.steps) == ("fast_scnn", 12)
    assert found.training.crop == PRESETS["default"].crop
    assert found.network["width"] == 2.0
    assert found.weights is None


def test_what_is_asked_for_beside_a_file_stands_above_it(tmp_path):
    file = tmp_path / "few.toml"
    file.write_text('[training]\nnetwork = "fast_scnn"\nsteps = 12\n[network]\nwidth = 2\n')
    found = read_settings(file, None, {"steps": "13", "width": "0.5"})
    assert (found.training.steps, found.network["width"]) == (13, 0.5)
    other = read_settings(file, "scale_cnn_s")
    assert (other.training.network, other.training.steps) == ("scale_cnn_s", 12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[training\n", "is no TOML"),
        ("[training]\nsteps = 0\n", "steps cannot be 0"),
        ("[training]\nwidths = 1\n", "no setting called 'widths'"),
        ('[training]\nnetwork = "fast_scn"\n', "no network called"),
        ("training = 3\n", "no table"),
        ("[trainings]\nsteps = 4\n", "has a table 'trainings'"),
        ("weights = 3\n", "no path"),
        (b"\xff\xfe\x00", "no text"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(tmp_path, text, said):
    file = tmp_path / "wrong.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserError, match=said) as refusal:
        read_settings(file)
    assert refusal.value.hint
    with pytest.raises(UserError, match="cannot be read"):
        read_settings(tmp_path / "none.toml")
