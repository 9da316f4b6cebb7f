import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.study_arms import Group, Maker, Plan, Wanted, with_steps
from segstudio.workflows.study_results import Finished, Results, counts_of
from segstudio.workflows.study_training import Made, Study

SETTINGS = {"crop": 32, "batch": 2, "evaluations": 2, "augment": ("none",)}


def plan_of(wanted: Wanted) -> Plan:
    """Compare two small networks; the third is the first again, with more steps."""
    maker = Maker(wanted)
    arms = [
        maker.arm(name, name, "scale_cnn_s", {"base": base}, {})
        for name, base in (("thin", 4), ("thick", 8))
    ]
    longer = with_steps(arms[0], "longer", "longer", 2 * wanted.steps)
    return Plan("tried", "Tried", "nobody", ("About.",), (Group("All", (*arms, longer)),))


def wanted(steps: int = 2, seeds: tuple[int, ...] = (0, 1), **settings: Any) -> Wanted:
    return Wanted(steps, seeds, settings={**SETTINGS, **settings})


def make(project: Project, asked: Wanted, file: Path, task: Any = None) -> tuple[Made, list[int]]:
    """Make the study; return with it how many runs there were each time that it wrote."""
    counts: list[int] = []
    study = Study(project, plan_of(asked), asked, Results(file))

    def written(made: Made) -> None:
        counts.append(sum(map(len, made.runs.values())))

    return study.make(task or Quiet(), written), counts


class Stop:
    """Ends the task when a report says so."""

    def __init__(self, text: str, after: int = 0) -> None:
        self._text, self._after = text, after

    def report(self, done: int, total: int, text: str) -> None:
        if self._text in text:
            self._after -= 1
            if self._after < 0:
                raise Cancelled


def test_a_second_call_trains_only_what_lacks(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "tried.json"
    with pytest.raises(Cancelled):
        make(project, wanted(), file, Stop("longer, seed 0"))
    before = Results(file).runs
    assert [run.seed for run in before.values()] == [0, 0]
    made, counts = make(project, wanted(), file)
    assert counts == [3, 4, 5, 6]  # two were there; each of the others is written at once
    assert {name: [run.seed for run in runs] for name, runs in made.runs.items()} == {
        "thin": [0, 1], "thick": [0, 1], "longer": [0, 1],
    }  # fmt: skip
    after = Results(file).runs
    assert {key: after[key] for key in before} == before
    assert make(project, wanted(), file)[1] == []
    assert make(project, wanted(seeds=(0, 1, 2)), file)[1] == [7, 8, 9]
    assert not Results(file).work.exists()


def test_a_run_cut_short_goes_on_and_ends_alike(project: Project, tmp_path: Path) -> None:
    asked = wanted(6, (0,), evaluations=3)
    whole, _ = make(project, asked, tmp_path / "whole.json")
    file = tmp_path / "cut.json"
    with pytest.raises(Cancelled):
        # Each step reports thrice: the fourth step comes after the first evaluation.
        make(project, asked, file, Stop("thin", after=18))
    (kept,) = Results(file).work.glob("*/checkpoint.pt")
    assert kept.stat().st_size > 10_000
    cut, _ = make(project, asked, file)
    for name, runs in whole.runs.items():
        assert cut.runs[name][0].pictures == runs[0].pictures, name
        assert cut.runs[name][0].curve == runs[0].curve, name
        assert [step for step, _ in runs[0].curve] == (
            [4, 8, 12] if name == "longer" else [2, 4, 6]
        )


def test_the_same_training_is_one_run(project: Project, tmp_path: Path) -> None:
    asked = wanted(seeds=(0,))
    plan = plan_of(asked)
    first = plan.arms[0]
    twin = replace(first, name="twin")
    plan = replace(plan, groups=(Group("All", (first, twin)),))
    made = Study(project, plan, asked, Results(tmp_path / "a.json")).make(Quiet())
    assert made.runs["twin"] == made.runs[first.name]
    assert len(Results(tmp_path / "a.json").runs) == 1


def test_the_last_weights_are_measured_on_whole_pictures(project: Project, tmp_path: Path) -> None:
    made, _ = make(project, wanted(3, (0,)), tmp_path / "a.json")
    assert (made.learned, made.judged, made.measured_on, made.indicative) == (3, 1, "val", False)
    for runs in made.runs.values():
        (run,) = runs
        (counts,) = run.pictures.values()
        assert np.sum(counts[1]) == 96 * 64
        assert run.miou == pytest.approx(run.curve[-1][1])
        right, _, either = np.array(counts, float)
        assert run.miou == pytest.approx((right / either).mean())
        assert run.step_seconds is not None
        assert run.step_cpu_seconds is not None
        assert run.step_cpu_seconds > 0


def test_other_labels_are_another_study(project: Project, tmp_path: Path) -> None:
    from segstudio.workflows.clear import plan_clear

    make(project, wanted(seeds=(0,)), tmp_path / "a.json")
    image = next(image for image in project.labelled() if image.name == "p1.png")
    project.apply(plan_clear(project, [image], Quiet()))
    made, counts = make(project, wanted(seeds=(0,)), tmp_path / "a.json")
    assert made.learned == 2
    assert counts == [1, 2, 3]
    assert len(Results(tmp_path / "a.json").runs) == 6


def test_a_run_that_fails_is_left_out(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segstudio.learning import training

    real = training.train

    def fragile(*given: Any, **named: Any) -> Any:
        if given[4]["base"] == 8:
            raise UserError("the loss is no longer a number")
        return real(*given, **named)

    monkeypatch.setattr(training, "train", fragile)
    made, _ = make(project, wanted(seeds=(0,)), tmp_path / "a.json")
    assert [(f.path, f.reason) for f in made.failed] == [
        ("thick, seed 0", "the loss is no longer a number")
    ]
    assert [len(runs) for runs in made.runs.values()] == [1, 0, 1]


def test_two_programs_do_not_make_the_same_study(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "a.json"
    with (
        Results(file).alone(),
        pytest.raises(UserError, match="another program is making the study a"),
        Results(file).alone(),
    ):
        pass
    with Results(file).alone():
        pass
    assert list(file.parent.iterdir()) == []
    (tmp_path / "plain").write_text("")
    with (
        pytest.raises(UserError, match="was not saved"),
        Results(tmp_path / "plain/a.json").alone(),
    ):
        pass


@pytest.mark.parametrize("text", ["", "{}", '{"runs": {"a": {}}}', '{"runs": 3}', "\x00"])
def test_a_strange_file_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"a\.json does not hold the runs of a study"):
        Results(file)
    assert file.read_text(encoding="utf-8") == text


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    part = Confusion((0, 1))
    part.add(np.array([[0, 0, 1]], np.uint8), np.array([[0, 1, 1]], np.uint8))
    assert counts_of(part) == [[1, 1], [2, 1], [2, 2]]
    run = Finished(
        3, 5, 0.5, {"a": 0.5, "b": None}, None, {"p": counts_of(part)}, [[5, 0.5]], 0.1, None, 9.0,
        10, 9, 8, 7, 2, 32, ["said"], "cpu", "a machine", "a program",
    )  # fmt: skip
    results = Results(tmp_path / "a.json")
    results.add("key", run)
    results.describe({"study": "tried"})
    assert Results(tmp_path / "a.json").runs == {"key": run}
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["study"] == "tried"


def test_weights_are_known_by_their_content(tmp_path: Path) -> None:
    asked = wanted()
    file = tmp_path / "weights.pth"
    maker = Maker(asked)
    keys = []
    for content in (b"one", b"two"):
        file.write_bytes(content)
        keys.append(maker.arm("a", "A", "enet", {}, {}, file).key(0, ""))
    plain = maker.arm("a", "A", "enet", {}, {})
    assert len({*keys, plain.key(0, ""), plain.key(1, ""), plain.key(0, "other")}) == 5
    assert plain.key(0, "") == maker.arm("b", "B", "enet", {}, {}).key(0, "")
