import time
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import Split
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.methods.builtin.kmeans import KMeans
from segstudio.methods.builtin.otsu import Otsu
from segstudio.methods.builtin.threshold import Threshold
from segstudio.methods.samples import QUIET, Samples
from segstudio.methods.segmenter import segmenters
from segstudio.store.project import Project
from segstudio.workflows.study_methods import Row, Study, Wanted, best_first, one_to_one


@dataclass(frozen=True)
class Nearest:
    """Learns the mean colour under the strokes of each class; notes what it was given."""

    title: ClassVar[str] = "Nearest"
    family: ClassVar[str] = "From strokes"
    seeds: ClassVar[str] = "project"
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 0
    seen: ClassVar[list[dict[int, int]]] = []
    refuse: ClassVar[str] = ""

    def fit(self, samples: Samples, task: Any) -> Any:
        colours: dict[int, list[Any]] = {}
        for picture, strokes in zip(samples.pictures, samples.strokes, strict=True):
            box = Box(0, 0, picture.height, picture.width)
            ids, pixels = strokes.read(box), picture.read(box).pixels
            for id in set(np.unique(ids).tolist()) - {UNLABELLED}:
                colours.setdefault(id, []).extend(pixels[ids == id].astype(float))
        type(self).seen.append({id: len(found) for id, found in colours.items()})
        return {id: np.mean(found, 0) for id, found in colours.items()}

    def apply(self, tile: Any, state: Any, task: Any = QUIET) -> Any:
        if self.refuse:
            raise UserError(self.refuse)
        ids = np.array(sorted(state), np.uint8)
        means = np.stack([state[id] for id in ids])
        return ids[((tile.pixels[:, :, None] - means) ** 2).sum(-1).argmin(-1)]

    def regions(self, state: Any) -> int:
        return max(state) + 1


@dataclass(frozen=True)
class OnPicture(Nearest):
    seeds: ClassVar[str] = "picture"
    seen: ClassVar[list[dict[int, int]]] = []


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {Nearest: "nearest", OnPicture: "on_picture"}
    real = type(segmenters).name_of
    monkeypatch.setattr(
        type(segmenters), "name_of", lambda self, part: names.get(type(part)) or real(self, part)
    )
    for part in names:
        part.seen.clear()
        monkeypatch.setattr(part, "refuse", "")


def rows(project: Project, *chosen: Any, **wanted: Any) -> list[Row]:
    return list(Study(project, Wanted(**wanted), chosen).rows(Quiet()))


def test_without_strokes_regions_get_their_classes_on_the_learned_pictures(
    project: Project,
) -> None:
    kmeans, otsu = rows(project, KMeans(3), Otsu())
    assert (kmeans.method, kmeans.seeds, kmeans.reason) == ("kmeans", "none", "")
    assert kmeans.miou is not None
    assert kmeans.miou > 0.99
    assert otsu.miou is not None
    assert otsu.miou < 0.7  # two regions cannot be three classes
    assert kmeans.confusion is not None
    assert kmeans.confusion.counts.sum() == 96 * 64  # the one picture of val
    assert kmeans.seconds_per_megapixel is not None
    assert 0 < kmeans.seconds_per_megapixel < 100
    assert kmeans.learning > 0


def test_pixels_of_the_learned_pictures_stand_for_strokes(project: Project) -> None:
    (row,) = rows(project, Nearest(), pixels=20, images=2)
    assert Nearest.seen == [{0: 20, 1: 20, 2: 20}]
    assert row.miou is not None
    assert row.miou > 0.99
    assert row.seeds == "project"


def test_strokes_on_the_picture_itself_are_drawn_on_each_measured_one(project: Project) -> None:
    move(project, Split.TRAIN, "p4.png")
    (row,) = rows(project, OnPicture(), pixels=30, split=Split.POOL, images=1)
    assert OnPicture.seen == [{0: 30, 1: 30, 2: 30}] * 3
    assert row.miou is not None
    assert row.miou > 0.99


def test_what_fails_has_its_sentence_and_the_others_go_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(self: Any, samples: Any, task: Any) -> Any:
        raise ValueError("broken")

    monkeypatch.setattr(Otsu, "fit", fault)
    bad, broken, good = rows(project, Threshold(()), Otsu(), KMeans(3))
    assert (bad.miou, bad.reason) == (None, "there is no threshold")
    assert (broken.miou, broken.reason) == (None, "it failed: ValueError: broken")
    assert good.miou is not None
    assert best_first([bad, good]) == [good, bad]


def test_a_refused_picture_is_wrong_throughout(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OnPicture, "refuse", "not this one")
    (row,) = rows(project, OnPicture())
    assert (row.refused, row.reason, row.miou) == (1, "not this one", 0.0)
    assert row.confusion is not None
    assert row.confusion.counts[:, -1].sum() == row.confusion.counts.sum() == 96 * 64


def test_pictures_are_chosen_by_the_seed(project: Project) -> None:
    def learned(seed: int) -> list[str]:
        return [image.name for image in Study(project, Wanted(seed=seed, images=1), []).learned]

    assert learned(3) == learned(3)
    assert {name for seed in range(12) for name in learned(seed)} == {"p1.png", "p2.png", "p3.png"}
    move(project, Split.TRAIN, "p4.png")
    few = Study(project, Wanted(split=Split.POOL, most=2), [])
    assert len(few.judged) == 2
    assert [image.name for image in few.learned] == ["p4.png"]


def move(project: Project, split: Split, *names: str) -> None:
    """Put pictures into a split, all where none is named."""
    changes = [
        RowChange("images", image.id, image.row(), {**image.row(), "split": str(split)})
        for image in project.images()
        if not names or image.name in names
    ]
    project.apply(Edit("Move", rows=tuple(changes)))


def test_both_kinds_of_pictures_are_needed(project: Project) -> None:
    with pytest.raises(UserError, match="needs labelled pictures to learn from"):
        Study(project, Wanted(split=Split.TEST))
    move(project, Split.POOL)
    with pytest.raises(UserError, match="needs labelled pictures to learn from"):
        Study(project, Wanted())  # four are too few for holding some back


def test_it_hears_cancel_in_the_middle(project: Project) -> None:
    class Stop:
        def report(self, done: int, total: int, text: str) -> None:
            if "k-means" in text:
                raise Cancelled

    found = Study(project, Wanted(), [Otsu(), KMeans(3)]).rows(Stop())
    assert next(found).method == "otsu"
    began = time.monotonic()
    with pytest.raises(Cancelled):
        next(found)
    assert time.monotonic() - began < 1


def test_progress_covers_the_whole(project: Project) -> None:
    shares = [0.0]

    class Watching:
        def report(self, done: int, total: int, text: str) -> None:
            shares.append(done / total)

    list(Study(project, Wanted(), [KMeans(3), Nearest(), OnPicture()]).rows(Watching()))
    assert shares[-1] == 1
    assert min(np.diff(shares)) > -0.1  # a method may begin anew inside its own part
    assert max(np.diff(shares)) < 0.3


def test_hungarian_pairs_each_class_with_one_cluster() -> None:
    counts = np.array([[60, 50, 0], [55, 0, 0], [0, 0, 9], [0, 0, 3]])
    assert one_to_one(counts, (2, 4, 6)) == {0: 4, 1: 2, 2: 6}
    assert one_to_one(np.zeros((2, 3), np.int64), (2, 4, 6)) == {}
