"""The items of a queue in their order."""

import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem
from segstudio.gui.queue_list import QueueList, key_of

A, B, C, D = (QueueItem(1, 1.0, "margin", Box(0, left, 8, left + 8)) for left in (0, 8, 16, 24))
OTHER = QueueItem(2, 1.0, "margin")


@pytest.fixture
def queue():
    """B is labelled."""
    return QueueList([A, B, C, OTHER], [False, True, False, False])


def test_what_is_labelled_is_not_left_but_listed_while_it_is_in_hand(queue):
    assert queue.left == [A, C, OTHER]
    assert queue.listed(None) == [A, C, OTHER]
    assert queue.listed(B) == [A, B, C, OTHER]
    assert (queue.is_done(A), queue.is_done(B), queue.is_done(D)) == (False, True, False)
    assert queue.of(1) == [A, B, C]
    assert queue.of(3) == []


@pytest.mark.parametrize(
    ("here", "expected"),
    [(None, [A, C, OTHER]), (A, [C, OTHER]), (B, [C, OTHER, A]), (C, [OTHER, A]), (OTHER, [A, C])],
)
def test_what_comes_after_the_last_is_the_first(queue, here, expected):
    assert queue.after(here) == expected


def test_only_news_are_noted(queue):
    assert not queue.note(B, True)
    assert queue.note(A, True)
    queue.gather()
    assert queue.left == [C, OTHER]
    assert queue.note(A, False)
    queue.gather()
    assert queue.left == [A, C, OTHER]


def test_items_are_taken_out_or_put_behind_and_are_done_as_before(queue):
    assert queue.without([A, OTHER]).all == [B, C]
    behind = queue.without([A, B], back=True)
    assert behind.all == [C, OTHER, A, B]
    assert behind.left == [C, OTHER, A]


@pytest.mark.parametrize(
    ("here", "fresh", "expected"),
    [
        (C, [D, OTHER, C, A], [D, C, OTHER, A]),  # it is the second of what is left, and stays so
        (OTHER, [D], [D, OTHER]),
        (A, [C, D], [A, C, D]),
        (B, [D, A], [D, B, A]),
        (C, [], [C]),
    ],
)
def test_a_new_order_leaves_the_item_in_hand_where_it_stands(queue, here, fresh, expected):
    new = QueueList(fresh, [item is OTHER for item in fresh])
    made = queue.around(here, new)
    assert made.all == expected
    assert made.is_done(here) is (here is B)
    others = [item for item in made.all if item != here]
    assert [made.is_done(item) for item in others] == [item is OTHER for item in others]


def test_an_item_is_known_by_its_place():
    assert key_of(A) == (1, Box(0, 0, 8, 8))
    assert key_of(A) == key_of(QueueItem(1, 0.2, "bald", Box(0, 0, 8, 8), "else"))
