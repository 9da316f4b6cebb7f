import pytest

from segstudio.domain import states
from segstudio.domain.merging import record_after
from segstudio.domain.records import ImageRecord, Split, State

UNLABELLED, PROPOSED, IN_WORK, REVIEWED = State


def image(state=UNLABELLED, split=Split.POOL):
    return ImageRecord(3, "a.jpg", "a", 40, 30, state=state, split=split)


def test_a_change_says_before_and_after():
    change = states.changed(image(), State.REVIEWED, Split.VAL)
    assert (change.table, change.id) == ("images", 3)
    assert change.before == {"state": "unlabelled", "split": "pool"}
    assert change.after == {"state": "reviewed", "split": "val"}
    assert record_after(image(), change) == image(State.REVIEWED, Split.VAL)
    assert states.changed(image(), State.REVIEWED).after == {"state": "reviewed"}


def test_what_changes_nothing_is_none():
    assert states.changed(image(), State.UNLABELLED) is None
    assert states.changed(image(split=Split.TEST), split=Split.TEST) is None
    assert states.changed(image()) is None


@pytest.mark.parametrize(
    ("before", "painted", "proposed", "discarded", "discarded_labelled"),
    [
        (UNLABELLED, IN_WORK, PROPOSED, UNLABELLED, UNLABELLED),
        (PROPOSED, IN_WORK, PROPOSED, UNLABELLED, IN_WORK),
        (IN_WORK, IN_WORK, IN_WORK, IN_WORK, IN_WORK),
        (REVIEWED, REVIEWED, REVIEWED, REVIEWED, REVIEWED),
    ],
)
def test_states_follow_from_what_is_done(before, painted, proposed, discarded, discarded_labelled):
    assert states.after_painting(image(before)) == painted
    assert states.after_proposing(image(before)) == proposed
    assert states.after_discarding(image(before), labelled=False) == discarded
    assert states.after_discarding(image(before), labelled=True) == discarded_labelled
