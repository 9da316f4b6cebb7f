"""The one thing to do next, worked out from the project."""

from collections.abc import Mapping
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
    session: Session,
    states: Mapping[State, int],
    *,
    preview: bool,
    model: bool,
    queue: bool,
    training: bool,
) -> NextStep:
    """Return what a person would best do now; ``states`` says how many pictures are in each."""
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
    labelled = states.get(State.IN_WORK, 0) + states.get(State.REVIEWED, 0)
    if labelled < ENOUGH:
        missing = ENOUGH - labelled
        pictures = "1 more picture" if missing == 1 else f"{missing} more pictures"
        return NextStep(f"label {pictures}, then Train", "queue_next" if queue else "")
    if not model:
        return NextStep("train a network on what is labelled", "train")
    if states.get(State.REVIEWED, 0) == len(session.images):
        return NextStep("all is reviewed: export the masks", "export")
    if not queue:
        return NextStep("order the queue by uncertainty", "rank")
    return NextStep("label the next in the queue", "queue_next")
