"""What can be done with a class, as a menu."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from segstudio.domain.classes import LabelClass
from segstudio.workflows import templates

OF_CLASS = (
    ("rename", "Rename", "F2"),
    ("colour", "Colour…", ""),
    ("hide", "Hide", ""),
    ("lock", "Lock", ""),
    ("solo", "Show only this one", "Alt+click on the eye"),
    ("merge", "", ""),
    ("delete", "Delete…", "Del"),
    ("up", "Move up", "Ctrl+Up"),
    ("down", "Move down", "Ctrl+Down"),
)
"""Name, text and key of what is done to one class; the keys are the row's own."""

OF_LIST = (("load", "Load classes…"), ("save", "Save classes…"))

LONGEST = 40
"""Letters of a name that fit into a menu."""


class ClassMenu(QMenu):
    """Asks what to do: ``chosen`` says what, and with which class."""

    chosen = Signal(str, int)
    merge_chosen = Signal(int, int)
    template_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("class_menu")
        self.setAccessibleName("What to do with a class")
        self._id = -1
        self.by_name: dict[str, QAction] = {}
        self.merging = QMenu("Merge into", self)
        self.merging.setObjectName("class_merge_menu")
        self.starting = self._templates()
        self.starting.setObjectName("class_templates_menu")
        for name, text, key in OF_CLASS:
            if name == "merge":
                self.addSeparator()
                self.addMenu(self.merging)
                continue
            if name == "up":
                self.addSeparator()
            self._entry(name, f"{text}\t{key}" if key else text)
        self.by_name["solo"].setCheckable(True)
        self.addSeparator()
        self.addMenu(self.starting)
        for name, text in OF_LIST:
            self._entry(name, text)

    def _entry(self, name: str, text: str) -> None:
        action = self.addAction(text)
        action.setObjectName(f"action_class_{name}")
        action.triggered.connect(lambda _=False: self.chosen.emit(name, self._id))
        self.by_name[name] = action

    def _templates(self) -> QMenu:
        menu = QMenu("Templates", self)
        menu.setToolTipsVisible(True)
        for name in templates.names():
            found = templates.template(name)
            names = ", ".join(label.name for label in found.classes)
            action = menu.addAction(found.title)
            action.setObjectName(f"action_class_template_{name}")
            action.setToolTip(f"{found.about}: {names}")
            action.triggered.connect(lambda _=False, n=name: self.template_chosen.emit(n))
        return menu

    def show_for(
        self, label: LabelClass | None, classes: Sequence[LabelClass], solo: bool, writable: bool,
        place: QPoint,
    ) -> None:  # fmt: skip
        """Open it for a class, or for the list alone, at a place of the screen."""
        self._id = -1 if label is None else label.id
        for action in self.by_name.values():
            action.setEnabled(writable and label is not None)
        self.by_name["save"].setEnabled(bool(classes))
        self.by_name["load"].setEnabled(writable)
        self.starting.setEnabled(writable)
        others = [each for each in classes if each is not label]
        self.merging.setEnabled(writable and label is not None and bool(others))
        if label is not None:
            self._dress(label, classes, solo)
            self._fill(label.id, others)
        self.popup(place)

    def _dress(self, label: LabelClass, classes: Sequence[LabelClass], solo: bool) -> None:
        by_name = self.by_name
        by_name["hide"].setText("Hide" if label.visible else "Show")
        by_name["lock"].setText("Unlock" if label.locked else "Lock")
        by_name["solo"].setEnabled(True)
        by_name["solo"].setChecked(solo)
        if classes[0] is label:
            by_name["up"].setEnabled(False)
        if classes[-1] is label:
            by_name["down"].setEnabled(False)

    def _fill(self, id: int, others: Sequence[LabelClass]) -> None:
        self.merging.clear()
        for other in others:
            text = other.name if len(other.name) <= LONGEST else f"{other.name[:LONGEST]}…"
            action = self.merging.addAction(_icon(other), text.replace("&", "&&"))
            action.setObjectName(f"action_class_merge_{other.id}")
            action.triggered.connect(self._merge(id, other.id))

    def _merge(self, id: int, target: int) -> Callable[[], None]:
        return lambda: self.merge_chosen.emit(id, target)


def _icon(label: LabelClass) -> QIcon:
    """Return a small square of the class's colour."""
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*label.colour))
    painter.drawRoundedRect(QRectF(4, 4, 24, 24), 6, 6)
    painter.end()
    return QIcon(pixmap)
