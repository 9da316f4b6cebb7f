"""The one thing to do next, worked out from the project."""

from dataclasses import dataclass

from segstudio.domain.records import State
from segstudio.gui.session import Session

ENOUGH = 4
"""Labelled pictures from which a first training is worth its time."""


@dataclass(frozen=True)
class NextStep:
    """What to do, in words, and the command that does it (empty: it is done by hand)."""

    text: str
    command: str = ""


def next_step(
    session: Session, *, preview: bool, model: bool, queue: bool, training: bool
) -> NextStep:
    """Return what a person would best do now."""
    if session.project is None:
        return NextStep("open a folder of pictures", "new_project")
    if not session.images:
        return NextStep("add pictures", "add_pictures")
    if len(session.classes) < 2:
        return NextStep("add a second class: a background is a class as well")
    if preview:
        return NextStep("accept or discard the preview", "accept")
    layers = session.layers
    if layers is not None and len(layers.proposal):
        return NextStep("accept or discard the proposal", "accept")
    if training:
        return NextStep("go on labelling while the network learns")
    states = [image.state for image in session.images.values()]
    labelled = sum(state in (State.IN_WORK, State.REVIEWED) for state in states)
    if labelled < ENOUGH:
        missing = ENOUGH - labelled
        pictures = "1 more picture" if missing == 1 else f"{missing} more pictures"
        return NextStep(f"label {pictures}, then Train")
    if not model:
        return NextStep("train a network on what is labelled", "train")
    if all(state == State.REVIEWED for state in states):
        return NextStep("all is reviewed: export the masks", "export")
    if not queue:
        return NextStep("order the queue by uncertainty", "rank")
    return NextStep("label the next in the queue", "queue_next")
