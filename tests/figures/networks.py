"""Does every network keep the whole contract, however heavy it is?

Asks all of ``tests/learning/test_network.py`` and ``test_parameters.py`` and prints a line a
network: its parameters in millions for 3 bands and 3 classes, the answer to each question,
the seconds that it took. Takes some minutes.

    python tests/figures/networks.py [NAME …]
"""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from segstudio.cli.console import table
from segstudio.learning.networks.network import networks

TESTS = Path(__file__).parents[1] / "learning"

QUESTIONS = {
    "test_logits_have_the_size_of_the_picture": "sizes",
    "test_auxiliary_heads_are_there_only_while_training": "heads",
    "test_gradients_reach_every_parameter": "gradients",
    "test_dropout_is_a_setting": "dropout",
    "test_a_frozen_encoder_stays_as_it_was": "frozen",
    "test_onnx_of_any_size_equals_torch": "onnx",
    "test_state_survives_a_round_trip": "state",
    "test_learns_four_pictures_by_heart": "by heart",
    "test_width_scales_the_parameters": "width",
    "test_parameters_are_those_published": "count",
}


class Answers:
    """What pytest found out, by network and question."""

    def __init__(self, chosen: list[str]) -> None:
        self.chosen = chosen
        self.passed: dict[tuple[str, str], bool] = {}
        self.seconds: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if _network(item) in self.chosen]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: Any) -> Any:
        report = yield
        name, question = _network(item), QUESTIONS[item.originalname]
        answered = self.passed.get((name, question), True)
        # A question asked in several ways is answered by all of them; skipped is not answered.
        self.passed[name, question] = answered and report.passed
        self.seconds[name] = self.seconds.get(name, 0) + report.duration
        return report

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"network": name, "million": f"{_millions(name):.2f}"}
            | {question: self._answer(name, question) for question in QUESTIONS.values()}
            | {"seconds": f"{self.seconds[name]:.0f}"}
            for name in self.chosen
        ]

    def _answer(self, name: str, question: str) -> str:
        answer = self.passed.get((name, question))
        return "–" if answer is None else "yes" if answer else "NO"


def _network(item: Any) -> str | None:
    """Return which network a test asks, None where it asks none."""
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else callspec.params.get("name")


def _millions(name: str) -> float:
    with torch.device("meta"):
        module = networks[name]().build(3, 3)
    return sum(p.numel() for p in module.parameters()) / 1e6


def main() -> int:
    answers = Answers(sys.argv[1:] or list(networks))
    os.environ["SEGSTUDIO_WHOLE_CONTRACT"] = "1"
    files = [str(TESTS / name) for name in ("test_network.py", "test_parameters.py")]
    code = pytest.main([*files, "-q", "--no-header"], plugins=[answers])
    print(table(answers.rows()))
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main())
