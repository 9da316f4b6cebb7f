import pytest

from segstudio.domain.records import ImageRecord, Split, State
from segstudio.gui.panels.images_filter import ImageFilter, Order, Sorting
from segstudio.store.facts_of_images import ImageFacts


def picture(id, name, **values):
    return ImageRecord(id, f"../{name}", name, 100, 10, **values)


IMAGES = {
    image.id: image
    for image in (
        picture(1, "front 10.jpg", state=State.REVIEWED, added=300.0),
        picture(2, "Front 9.jpg", split=Split.VAL, added=100.0),
        picture(3, "back 2.jpg", state=State.IN_WORK, added=200.0),
        picture(4, "back 1.jpg", state=State.REVIEWED, split=Split.TEST, added=200.0),
    )
}
NAMES = {id: image.name.casefold() for id, image in IMAGES.items()}
FACTS = {
    1: ImageFacts(frozenset({0, 2}), 500, 0.25),
    3: ImageFacts(frozenset({1}), 900, 0.75),
    4: ImageFacts(frozenset(), 0, 0.5),
}


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (ImageFilter(), [1, 2, 3, 4]),
        (ImageFilter(text="FRONT 1"), [1]),
        (ImageFilter(states=frozenset({State.REVIEWED, State.IN_WORK})), [1, 3, 4]),
        (ImageFilter(splits=frozenset({Split.VAL, Split.TEST})), [2, 4]),
        (ImageFilter(classes=frozenset({2})), [1]),
        (ImageFilter(classes=frozenset({1, 2})), [1, 3]),
        (ImageFilter(classes=frozenset({7})), []),
        (ImageFilter(unsure=0.5), [3, 4]),
        (ImageFilter(since=200.0), [1, 3, 4]),
        (ImageFilter(frozenset({State.REVIEWED}), text="back", unsure=0.4), [4]),
    ],
)
def test_lists_what_all_of_it_holds_for(wanted, ids):
    assert wanted.among(IMAGES, IMAGES, NAMES, FACTS) == ids
    assert wanted.among(reversed(IMAGES), IMAGES, NAMES, FACTS) == ids[::-1]


def test_knows_when_it_lists_everything_and_what_it_needs():
    assert ImageFilter(text="  ").everything
    assert not ImageFilter(text="a").everything
    assert not ImageFilter(since=1.0).everything
    assert not ImageFilter(since=1.0, text="a").needs_facts
    assert ImageFilter(unsure=0.1).needs_facts
    assert ImageFilter(classes=frozenset({0})).needs_facts


@pytest.mark.parametrize(
    ("by", "rising", "falling"),
    [
        (Order.ADDED, [1, 2, 3, 4], [4, 3, 2, 1]),
        (Order.NAME, [4, 3, 2, 1], [1, 2, 3, 4]),
        (Order.STATE, [2, 3, 1, 4], [1, 4, 3, 2]),
        (Order.DATE, [2, 3, 4, 1], [1, 3, 4, 2]),
        (Order.SHARE, [2, 4, 1, 3], [3, 1, 2, 4]),
        # Without a score they come last whichever way it goes.
        (Order.SCORE, [1, 4, 3, 2], [3, 4, 1, 2]),
    ],
)
def test_sorts_and_keeps_equal_ones_as_they_were_added(by, rising, falling):
    assert Sorting(by).sorted(IMAGES, FACTS) == rising
    assert Sorting(by, falling=True).sorted(IMAGES, FACTS) == falling


def test_every_order_says_what_it_goes_by():
    for by in Order:
        sorting = Sorting(by)
        assert not (sorting.needs_facts and sorting.of_records)
        assert sorting.needs_facts or sorting.of_records or by == Order.ADDED
