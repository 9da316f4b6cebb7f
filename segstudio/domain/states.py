"""How the state of an image follows from what is done to it."""

from dataclasses import replace

from segstudio.domain.edit import RowChange
from segstudio.domain.records import ImageRecord, Split, State


def changed(
    image: ImageRecord, state: State | None = None, split: Split | None = None
) -> RowChange | None:
    """Return the change that gives an image another state or split; None where it has it."""
    new = replace(image, state=state or image.state, split=split or image.split)
    return RowChange.between("images", image.id, image.row(), new.row())


def after_painting(image: ImageRecord) -> State:
    """Return the state of an image whose mask was changed; reviewed ones stay so."""
    return State.REVIEWED if image.state == State.REVIEWED else State.IN_WORK


def after_proposing(image: ImageRecord) -> State:
    """Return the state of an image that got a proposal."""
    return State.PROPOSED if image.state == State.UNLABELLED else image.state


def after_discarding(image: ImageRecord, labelled: bool) -> State:
    """Return the state of an image whose proposal was dropped."""
    if image.state != State.PROPOSED:
        return image.state
    return State.IN_WORK if labelled else State.UNLABELLED
