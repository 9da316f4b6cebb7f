import shutil
from dataclasses import replace
from typing import ClassVar

import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.workflows.selection.annotator import Annotator
from segstudio.workflows.selection.arms import arms_of, chosen, terms_of
from segstudio.workflows.selection.learner import Learner
from segstudio.workflows.selection.lines import Lines
from segstudio.workflows.selection.material import Material
from segstudio.workflows.selection.rounds import Bench, Turn
from segstudio.workflows.shelf import Shelf
from segstudio.workflows.strategies.builtin.margin import Margin


class Counting(Learner):
    """Trains as usual, and counts how often and from which weights."""

    began: ClassVar[list] = []

    def learn(self, examples, held, classes, choice, weights, bundle, task):
        self.began.append((bundle.parent.name, bundle.name, choice.training.seed, weights))
        return super().learn(examples, held, classes, choice, weights, bundle, task)


class Stop:
    """Ends the task as soon as so many trainings have begun."""

    def __init__(self, trainings):
        self.trainings = trainings

    def report(self, done, total, text):
        if len(Counting.began) >= self.trainings:
            raise Cancelled


def bench_in(folder, material, terms, *names):
    return Bench(
        material, terms, chosen(terms, names), Lines(folder / "raw.jsonl", "raw"),
        folder / "parts", Counting("cpu", 1),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory, material, terms):
    """A study of three arms and one seed that was made without a break, and what it trained."""
    folder = tmp_path_factory.mktemp("whole")
    bench = bench_in(folder, material, terms, "random", "mean_entropy", "recommended")
    Counting.began, heard = [], []
    bench.make(0, Quiet(), lambda: heard.append(1))
    assert not bench.failed
    assert not list(bench.work.glob("*"))
    return bench, Counting.began, heard


@pytest.fixture
def copied(made, tmp_path):
    """The same, to be changed."""
    shutil.copy(made[0].lines.file, tmp_path / "raw.jsonl")
    Counting.began = []
    return bench_in(tmp_path, made[0].material, made[0].terms, "random", "recommended")


def reached(bench, arm, seed=0):
    """Return the rounds of an arm, the shared first one among them."""
    arm = arms_of(bench.terms)[arm]
    return [bench.reached(arm, seed, n) for n in range(1, bench.last(arm) + 1)]


def plain(one):
    """Return what does not depend on the clock."""
    return replace(one, training=0.0, looking=0.0)


def test_arms_share_the_first_round_and_go_their_own_ways(made):
    bench, began, heard = made
    assert [f"{arm} {n}" for arm, n, _, _ in began] == [
        "first 1", "random 2", "random 3", "mean_entropy 2", "mean_entropy 3", "recommended 2",
        "recommended 3",
    ]  # fmt: skip
    assert len(heard) == 7
    # Seeds are those of the round, whatever the arm; weights are those of the round before.
    assert [seed for _, _, seed, _ in began] == [1, 2, 3, 2, 3, 2, 3]
    before = [weights and (weights.parent.name, weights.name) for *_, weights in began]
    assert before[:3] == [None, ("first", "1"), ("random", "2")]
    assert before[5:] == [("first", "1"), ("recommended", "2")]
    by_lot, ours = reached(bench, "random"), reached(bench, "recommended")
    assert by_lot[0] == ours[0]
    assert [one.regions for one in ours] == [4, 8, 12]
    assert ours[1].asked != by_lot[1].asked
    assert all(0 <= one.miou <= 1 and set(one.iou) == {"ground", "box", "corner"} for one in ours)
    whole = reached(bench, "mean_entropy")
    # A picture costs more than twice four regions: it is worth waiting a round for.
    assert [len(one.asked) for one in whole] == [4, 0, 1]
    assert all(len(asked) == 1 for asked in whole[2].asked)
    assert abs(whole[2].pixels - ours[2].pixels) < 3072 / 2


def test_nothing_is_asked_for_twice_and_held_pictures_are_never_asked_for(made):
    bench = made[0]
    annotator = Annotator(bench.material.references)
    for one in reached(bench, "recommended"):
        before = annotator.pixels
        assert all(annotator.cost(asked) == asked.box.area for asked in one.answered)
        annotator.label(one.answered)
        assert one.pixels == annotator.pixels > before
    images = {asked.image for one in reached(bench, "recommended") for asked in one.answered}
    judged = {image.id for image in bench.material.judged}
    assert not images & judged
    held = {image.id for image in Turn(bench, 0, lambda: None).held}
    assert len(held) == 1
    assert not images & held


def test_what_was_interrupted_goes_on_and_ends_alike(made, tmp_path):
    bench = bench_in(tmp_path, made[0].material, made[0].terms, "recommended")
    Counting.began = []
    with pytest.raises(Cancelled):
        bench.make(0, Stop(2))
    assert bench.wants(0)
    assert [path.name for path in bench.work.glob("*/*")] == ["first"]
    again = replace(bench, lines=Lines(tmp_path / "raw.jsonl", "raw"))
    again.make(0, Quiet())
    assert not again.wants(0)
    # The second round was cut short, the first was not made again.
    assert [n for _, n, *_ in Counting.began] == ["1", "2", "2", "3"]
    assert list(map(plain, reached(again, "recommended"))) == list(
        map(plain, reached(made[0], "recommended"))
    )
    Counting.began = []
    again.make(0, Quiet())
    assert not Counting.began


def test_an_arm_of_later_goes_on_from_the_first_round_of_before(copied):
    before = reached(copied, "random")[0]
    more = replace(copied, arms=chosen(copied.terms, ["without_temperature", "cold_start", "full"]))
    assert more.wants(0)
    more.make(0, Quiet())
    assert [f"{arm} {n}" for arm, n, _, _ in Counting.began] == [
        "first 1", "without_temperature 2", "without_temperature 3", "cold_start 1",
        "cold_start 2", "cold_start 3", "full 1",
    ]  # fmt: skip
    assert reached(more, "without_temperature")[0] == before
    assert reached(more, "cold_start")[0].asked != before.asked
    (full,) = reached(more, "full")
    assert full.pixels == 9 * 48 * 64  # one picture of ten is held back
    assert full.asked == []


def test_an_arm_that_fails_is_left_out(copied, monkeypatch):
    def suggest(self, pool, task, budget=None):
        raise UserError("nobody knows")

    monkeypatch.setattr(Margin, "suggest", suggest)
    more = replace(copied, arms=chosen(copied.terms, ["random", "margin"]))
    more.make(0, Quiet())
    assert [(f.path, f.reason) for f in more.failed] == [("drawn, seed 0, margin", "nobody knows")]
    assert reached(more, "random")[-1] is not None


def test_all_begin_from_weights_that_are_given(material, terms, values, tmp_path):
    weights = tmp_path / "elsewhere"
    bench = bench_in(tmp_path, material, terms, "random")
    Turn(bench, 7, lambda: None).run(bench.first, Quiet())
    shutil.copytree(bench.work / f"{material.fingerprint}-7" / "first" / "1", weights)
    given = replace(terms_of(values, weights), rounds=2)
    assert bench.key(bench.first) != replace(bench, terms=given).key(bench.first)
    arms = chosen(given, ["random", "from_scratch", "full"])
    Counting.began = []
    replace(bench, terms=given, arms=arms).make(0, Quiet())
    assert {(arm, n): begun for arm, n, _, begun in Counting.began if begun == weights} == {
        ("first", "1"): weights, ("from_scratch", "2"): weights, ("full", "1"): weights,
    }  # fmt: skip
    assert [begun.name for *_, begun in Counting.began if begun != weights] == ["1"]
    before = given.to_json()
    (weights / "weights.safetensors").write_bytes(b"others")
    assert terms_of(values, weights).to_json()["begun"] != before["begun"]


def test_lines_of_other_shards_count_and_a_torn_one_is_made_anew(copied, tmp_path):
    file = copied.lines.file
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) == 7
    assert all(len(line) < 1000 for line in text.splitlines())
    file.rename(tmp_path / "raw.2-of-2.jsonl")
    torn = text[:-5].encode() + "ä".encode()[:1]  # in the middle of a letter
    (tmp_path / "raw.2-of-2.jsonl").write_bytes(torn)
    lines = Lines(tmp_path / "raw.1-of-2.jsonl", "raw")
    key = copied.key(arms_of(copied.terms)["recommended"])
    assert lines.get(key, 0, "recommended", 2) is not None
    assert lines.get(key, 0, "recommended", 3) is None
    # What another shard is writing is left to it; one's own file is mended.
    assert (tmp_path / "raw.2-of-2.jsonl").read_bytes() == torn
    Lines(tmp_path / "raw.2-of-2.jsonl", "raw")
    mended = (tmp_path / "raw.2-of-2.jsonl").read_text(encoding="utf-8")
    assert mended == "".join(line + "\n" for line in text.splitlines()[:-1])
    (tmp_path / "raw.3.jsonl").write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(UserError, match="does not hold rounds"):
        Lines(file, "raw")


def test_results_of_other_terms_or_labels_do_not_count(copied):
    arm = copied.arms[0]
    key = copied.key(arm)
    assert replace(copied, terms=replace(copied.terms, budget=5)).key(arm) != key
    assert replace(copied, material=replace(copied.material, fingerprint="other")).key(arm) != key
    # More rounds go on from those that are there.
    assert replace(copied, terms=replace(copied.terms, rounds=9)).key(arm) == key


def test_a_picture_that_is_gone_is_named(mine, tmp_path):
    (tmp_path / "pictures" / "p03.png").unlink()
    with pytest.raises(UserError, match=r"drawn, p03\.png: the file is not there any more"):
        Material.of(mine, Shelf(), Quiet())
