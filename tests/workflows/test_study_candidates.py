from typing import Any

from segstudio.methods.builtin.kmeans import KMeans
from segstudio.methods.builtin.multi_otsu import MultiOtsu
from segstudio.methods.builtin.otsu import Otsu
from segstudio.methods.segmenter import segmenters
from segstudio.workflows.study_candidates import candidates, told_settings, variants


def told(part: type[Any], classes: int) -> list[dict[str, Any]]:
    return [told_settings(settings) for settings in variants(part, classes)]


def test_numbers_of_regions_follow_the_classes() -> None:
    assert told(KMeans, 3) == [
        {"clusters": 3}, {"clusters": 6}, {"clusters": 16}, {"clusters": 16, "space": "lab"},
    ]  # fmt: skip
    assert [found["clusters"] for found in told(KMeans, 11)] == [11, 16, 20, 20]
    assert next(found["classes"] for found in told(MultiOtsu, 1)) == 2


def test_a_method_without_numbers_is_tried_once() -> None:
    assert told(Otsu, 7) == [{}]


def test_every_method_is_tried_and_nothing_twice() -> None:
    found = list(candidates(4))
    assert {segmenters.name_of(settings) for settings in found} == set(segmenters)
    assert len(set(found)) == len(found)


def test_quick_methods_come_first() -> None:
    slow = [settings.whole for settings in candidates(4)]
    assert slow == sorted(slow)
    assert slow[0] != slow[-1]
