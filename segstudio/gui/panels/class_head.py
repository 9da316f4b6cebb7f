"""The head of the list of classes: whose shares it shows, what is shown alone, and a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from segstudio.gui import icons, theme
from segstudio.gui.widgets.buttons import button, icon_button
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.shares import Share, ShareBar

CHIP = 44
"""What icon and edges of the chip take beside its text, in px."""

_SEGMENT = "QToolButton {{ padding: 1px 0; border-radius: 4px; font-size: {}px; }}"


class ClassHead(QWidget):
    """Title, the switch between the shares of the image and of the project, "…", and a bar."""

    whole_chosen = Signal(bool)  # true: the shares of the project
    menu_wanted = Signal(QPoint)
    solo_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classes_head")
        self._solo = ""
        self.title = SectionHeader("Classes", "classes")
        self.title.note.setFont(theme.figures(theme.SECONDARY))
        self.bar = ShareBar("classes")
        self.more = icon_button("more", "classes_more", "More to do with classes", kind="small")
        self.more.clicked.connect(self._want_menu)
        self.alone = button("", "class_solo_end", "chip", icon="discard")
        self.alone.setCheckable(True)
        self.alone.clicked.connect(self.solo_ended)
        self.alone.setMinimumWidth(CHIP)
        self.alone.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        switch = QWidget()
        switch.setObjectName("classes_shares_of")
        self._switch = switch
        row = QHBoxLayout(switch)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        group = QButtonGroup(self)
        self.of_image = _segment("Image", "shares_of_image", "Shares of the open picture")
        self.of_project = _segment(
            "Project", "shares_of_project", "Shares of all pixels of all pictures of the project"
        )
        for part in (self.of_image, self.of_project):
            group.addButton(part)
            row.addWidget(part)
        self.of_image.setChecked(True)
        self.of_project.toggled.connect(self.whole_chosen)
        self.title.add(switch)
        self.title.add(self.more)
        head = self.title.layout()
        assert isinstance(head, QHBoxLayout)
        head.insertWidget(0, self.alone)  # in the title's place, so that no row moves away
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.GAP, theme.GROUP, theme.GRID)
        column.setSpacing(theme.GRID)
        column.addWidget(self.title)
        column.addWidget(self.bar)

    def show_shares(self, shares: Sequence[Share], note: str) -> None:
        """Show the shares of all classes as a bar, and a note beside the title."""
        self.bar.set_shares(shares)
        self.bar.setVisible(bool(note))
        self.title.set_note(note)

    def show_solo(self, name: str) -> None:
        """Say which class is shown alone; one click ends that. Empty where all are shown."""
        self._solo = name
        self._write()
        title, chip = [self.title.label, self.title.note], [self.alone]
        for part in title if name else chip:  # first: side by side they would widen the dock
            part.hide()
        for part in chip if name else title:
            part.show()
        self.alone.setChecked(True)
        self.alone.setAccessibleName(f"Only {name} is shown: show all classes")
        self.alone.setToolTip(f"Only {name} is shown on the image. Click to show all classes")
        icons.set_icon(self.alone, "discard", theme.current().selection_text)

    def _write(self) -> None:
        """Let the name take the room that is left beside the switch."""
        taken = self._switch.sizeHint().width() + self.more.sizeHint().width()
        room = self.width() - taken - theme.EDGE - theme.GROUP - 3 * theme.GRID - CHIP
        text = self.alone.fontMetrics().elidedText(
            f"Only {self._solo}", Qt.TextElideMode.ElideRight, room
        )
        self.alone.setText(text.replace("&", "&&"))

    def _want_menu(self) -> None:
        self.menu_wanted.emit(self.more.mapToGlobal(QPoint(0, self.more.height() + theme.GRID)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()


def _segment(text: str, name: str, tip: str) -> QToolButton:
    made = QToolButton()
    made.setObjectName(name)
    made.setText(text)
    made.setAccessibleName(tip)
    made.setToolTip(tip)
    made.setCheckable(True)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setStyleSheet(_SEGMENT.format(theme.SECONDARY))
    # Qt would leave two spaces around the text; there is no room for them.
    advance = QFontMetrics(theme.ui_font(theme.SECONDARY)).horizontalAdvance(text)
    made.setFixedWidth(advance + 10)
    return made
