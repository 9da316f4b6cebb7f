"""Editors of those settings of a clean-up that are classes."""

from collections.abc import Callable, Mapping

from segstudio.gui.session import Session
from segstudio.gui.widgets.class_field import ClassField
from segstudio.gui.widgets.classes_field import ClassesField
from segstudio.gui.widgets.field import Field
from segstudio.settings import Setting


def class_editors(session: Session) -> Mapping[str, Callable[[Setting, str], Field]]:
    """Return what makes the editors, by the name of the setting."""

    def several(setting: Setting, name: str) -> Field:
        return ClassesField(setting, name, lambda: session.classes)

    def grown_over(setting: Setting, name: str) -> Field:
        return ClassesField(setting, name, lambda: session.classes, "Unlabelled only")

    def one(setting: Setting, name: str) -> Field:
        return ClassField(setting, name, lambda: session.classes)

    return {"classes": several, "over": grown_over, "class_id": one, "becomes": one}
