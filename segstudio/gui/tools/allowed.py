"""Whether the mask can be painted at this moment."""

from segstudio.domain.classes import UNLABELLED
from segstudio.gui.session import Session


def may_paint(session: Session, value: int) -> bool:
    """Tell whether the open image can be given a class (255 erases); say what is missing."""
    if session.image is None or not session.editable:
        return False
    if value != UNLABELLED and session.class_of(value) is None:
        session.said.emit("there is no class to paint", "add one under Classes")
        return False
    return True
