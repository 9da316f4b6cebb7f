"""How the state of an image follows from what is done to it."""

from segstudio.domain.edit import RowChange
from segstudio.domain.records import ImageRecord, Split, State


def changed(
    image: ImageRecord, state: State | None = None, split: Split | None = None
) -> RowChange | None:
    """Return the change that gives an image another state or split; None where it has it."""
    before, after = {}, {}  # no whole rows: this is done for 20,000 pictures at once
    if state is not None and state != image.state:
        before["state"], after["state"] = str(image.state), str(state)
    if split is not None and split != image.split:
        before["split"], after["split"] = str(image.split), str(split)
    return RowChange("images", image.id, before, after) if after else None


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
