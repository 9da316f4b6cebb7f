"""What stands above the list of pictures: states, search, filter, what can be added."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from segstudio.domain.records import State
from segstudio.gui import icons, theme
from segstudio.gui.panels.images_choices import ImageChoices
from segstudio.gui.panels.images_filter import ImageFilter, Sorting
from segstudio.gui.panels.images_list import SearchField
from segstudio.gui.panels.images_model import STATE_WORDS
from segstudio.gui.panels.images_row import STATE_ICONS
from segstudio.gui.widgets.buttons import button, icon_button, label

STATES: tuple[tuple[str, str, frozenset[State]], ...] = (
    ("All", "", frozenset(State)),
    ("Not reviewed", "", frozenset(State) - {State.REVIEWED}),
    *((STATE_WORDS[s].capitalize(), STATE_ICONS[s], frozenset({s})) for s in State),
)
"""States that can be listed: text, icon, and the states."""


class ImagesHead(QWidget):
    """Quiet until something is chosen; then a line says what, and one click clears it."""

    changed = Signal()
    choices_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("images_head")
        self._make_first()
        self._make_search()
        self._make_active()
        self._lay_out()
        self.states.currentIndexChanged.connect(self.changed)
        self.search.textChanged.connect(self.changed)
        self.choices.changed.connect(self.changed)
        self.choices.clear.clicked.connect(self.reset)
        self.show_every.clicked.connect(self.reset)
        self.choose.clicked.connect(self._open_choices)
        self.more.clicked.connect(self._open_more)
        theme.notifier.changed.connect(self._dress)
        self._dress()

    # -- parts -----------------------------------------------------------------------

    def _make_first(self) -> None:
        self.states = QComboBox()
        self.states.setObjectName("images_state")
        self.states.setAccessibleName("Which pictures are listed")
        self.states.setToolTip("Which pictures are listed")
        for text, _, _ in STATES:
            self.states.addItem(text)
        self.states.insertSeparator(2)
        self.states.setIconSize(QSize(16, 16))
        self.states.setMinimumWidth(118)  # in the narrowest dock; else as wide as its words
        # Quiet until the mouse comes near; below, the search has the whole width to itself.
        self.states.setStyleSheet(
            "QComboBox { min-height: 22px; padding-right: 20px; }"
            " QComboBox::drop-down { width: 20px; } QComboBox:!hover:!focus:!on {"
            " background: transparent; border-color: transparent; }"
        )
        self.more = icon_button("more", "images_more", "More", kind="small")
        self.more_menu = QMenu(self.more)
        self.more_menu.setObjectName("images_more_menu")
        self.more_menu.setAccessibleName("More about the pictures of the project")
        self.add = icon_button("plus", "images_add", "Add pictures", "Ctrl+Shift+O", kind="small")

    def _make_search(self) -> None:
        self.search = SearchField()
        self.search.setObjectName("images_search")
        self.search.setAccessibleName("Search pictures by name")
        self.search.setToolTip("Words of the name  (Esc clears)")
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        glass = QAction(self.search)
        icons.set_icon(glass, "search")
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.choices = ImageChoices(self)
        self.choose = icon_button("filter", "images_choose", "Filter and sort", checkable=True)

    def _make_active(self) -> None:
        self.active = label("", "secondary", "images_active")
        self.active.setWordWrap(True)
        self.active.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.show_every = button("Clear", "images_show_all", "link", tip="List every picture again")
        self.active_row = QWidget()
        row = QHBoxLayout(self.active_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        row.addWidget(self.active, 1)
        row.addWidget(self.show_every)

    def _lay_out(self) -> None:
        # The tab above is the heading: what is listed stands in its place.
        first = QHBoxLayout()
        first.setSpacing(theme.GRID)
        first.addWidget(self.states)
        first.addStretch(1)
        first.addWidget(self.more)
        first.addWidget(self.add)
        find = QHBoxLayout()
        find.setSpacing(theme.GRID)
        find.addWidget(self.search, 1)
        find.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.GAP, theme.GROUP, theme.GAP)
        column.setSpacing(theme.GRID)
        column.addLayout(first)
        column.addLayout(find)
        column.addWidget(self.active_row)

    # -- what is chosen --------------------------------------------------------------

    def filter(self) -> ImageFilter:
        """Return which pictures are to be listed."""
        states = next(s for text, _, s in STATES if text == self.states.currentText())
        return self.choices.narrowed(ImageFilter(states, text=self.search.text()))

    def sorting(self) -> Sorting:
        return self.choices.sorting()

    def reset(self) -> None:
        """Choose every picture again; the order stays."""
        self.search.clear()
        self.states.setCurrentIndex(0)
        self.choices.reset()

    def show_for(self, pictures: int, project: bool, writable: bool) -> None:
        """Offer what makes sense with so many pictures, and without a project."""
        for part in (self.states, self.search, self.choose):
            part.setVisible(bool(pictures))
        words = self.choices.words()
        self.active.setText(" · ".join(words))
        self.active_row.setVisible(bool(words) and bool(pictures))
        self.choose.setChecked(bool(words) or self.sorting() != Sorting())
        self.add.setEnabled(writable)
        self.more.setVisible(project)

    def _open_choices(self) -> None:
        self.choices_wanted.emit()
        self.choices.show_below(self.search)

    def _open_more(self) -> None:
        self.more_menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _dress(self) -> None:
        """Give the states icons in the colours of the theme."""
        for text, icon, _ in STATES:
            if icon:
                self.states.setItemIcon(self.states.findText(text), icons.icon(icon))
