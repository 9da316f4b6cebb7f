"""The one stylesheet of the window, made from the tokens."""

from dataclasses import asdict
from string import Template

from segstudio.gui.theme import tokens as t
from segstudio.gui.theme.tokens import Tokens

ICONS = "themeicons"
"""Search path under which the stylesheet finds its arrows and ticks."""


def stylesheet(tokens: Tokens) -> str:
    """Return the stylesheet for the tokens; images are found under the search path `ICONS`."""
    names = asdict(tokens) | {
        "icons": f"{ICONS}:style/{tokens.name}",
        "radius": f"{t.RADIUS}px",
        # A border of 1 px on either side brings controls to their full height.
        "inner": f"{t.CONTROL - 2}px",
        "row": f"{t.CONTROL}px",
        "secondary": f"{t.SECONDARY}px",
        "title": f"{t.TITLE}px",
    }
    return "\n".join(Template(sheet).substitute(names) for sheet in SHEETS)


SURFACES = """
QMainWindow { background: $canvas; }
QMainWindow::separator { background: $canvas; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: $accent; }
QDialog, QDockWidget { background: $panel; }
QDockWidget { font-size: $secondary; font-weight: 600; color: $text_dim; }
QDockWidget::title { background: $panel; padding: 8px 12px; }
QDockWidget { titlebar-close-icon: url("$icons/discard.svg");
    titlebar-normal-icon: url("$icons/float.svg"); }
QDockWidget::close-button, QDockWidget::float-button { border: none; background: transparent;
    padding: 0; icon-size: 14px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $hover;
    border-radius: 4px; }
QDockWidget > QWidget, #runs_panel { background: $panel; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
QScrollArea { border: none; background: transparent; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QStatusBar { background: $panel; border-top: 1px solid $line; color: $text_dim; }
QStatusBar::item { border: none; }
QToolTip { background: $tooltip; color: $text; border: 1px solid $outline; padding: 4px 6px; }
QLabel[role="dim"] { color: $text_dim; }
QLabel[role="secondary"] { color: $text_dim; font-size: $secondary; }
QLabel[role="title"] { font-size: $title; font-weight: 600; }
QLabel[role="header"] { font-size: $secondary; font-weight: 600; color: $text_dim; }
QLabel[role="error"] { color: $danger; font-size: $secondary; }
QLabel[role="warning"] { color: $warning; font-size: $secondary; }
QLabel:disabled { color: $text_disabled; }
QGroupBox { border: none; margin-top: 24px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; top: 4px; color: $text_dim; }
"""

BUTTONS = """
QPushButton { background: $raised; color: $text; border: 1px solid $outline;
    border-radius: $radius; min-height: $inner; padding: 0 12px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $text_disabled; background: $panel; border-color: $line; }
QPushButton:checked { background: $selection; color: $selection_text; border-color: $accent; }
QPushButton[kind="primary"] { background: $accent_fill; color: $on_accent;
    border-color: $accent_fill; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_fill; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: $hover; color: $text_disabled;
    border-color: $hover; }
QPushButton[kind="danger"] { color: $danger; }
QPushButton[kind="danger"]:hover { background: $danger_fill; color: $on_accent;
    border-color: $danger_fill; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed { background: $pressed; }
QPushButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="quiet"]:disabled { color: $text_disabled; }
QPushButton[kind="link"] { background: transparent; border-color: transparent;
    color: $accent_text; padding: 0 4px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="link"]:disabled { color: $text_dim; }
QPushButton[kind="chip"] { border-radius: 12px; min-height: 22px; padding: 0 8px;
    font-size: $secondary; }
QPushButton::menu-indicator { image: url("$icons/chevron-down.svg"); width: 16px; height: 16px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 4px; }
QToolButton { background: transparent; color: $text; border: 1px solid transparent;
    border-radius: $radius; padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton:checked { background: $selection; color: $selection_text; }
QToolButton:disabled { color: $text_disabled; }
QToolButton[kind="rail"] { min-width: 26px; min-height: 26px; padding: 2px; }
QToolButton[kind="small"] { padding: 1px; border-radius: 4px; }
QToolButton::menu-indicator { image: none; }
QToolButton[popupMode="2"] { padding-right: 20px; }
QToolButton[popupMode="2"]::menu-indicator { image: url("$icons/chevron-down.svg");
    width: 16px; height: 16px; subcontrol-origin: padding;
    subcontrol-position: center right; right: 2px; }
QToolBar { background: $panel; border: none; spacing: 4px; padding: 4px; }
QToolBar::separator { background: $line; margin: 4px; }
QToolBar::separator:horizontal { width: 1px; }
QToolBar::separator:vertical { height: 1px; }
"""

FIELDS = """
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: $raised; color: $text;
    border: 1px solid $outline; border-radius: $radius; min-height: $inner; padding: 0 8px;
    selection-background-color: $accent_fill; selection-color: $on_accent; }
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover { background: $hover; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QComboBox:on {
    border-color: $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    background: $panel; color: $text_disabled; border-color: $line; }
QLineEdit[invalid="true"] { border-color: $danger; }
QSpinBox, QDoubleSpinBox { max-height: $inner; qproperty-alignment: "AlignRight|AlignVCenter"; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button,
QDoubleSpinBox::down-button { subcontrol-origin: border; width: 18px; border: none;
    background: transparent; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right;
    margin: 2px 2px 0 0; border-top-right-radius: 4px; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right;
    margin: 0 2px 2px 0; border-bottom-right-radius: 4px; }
QSpinBox::up-button:hover, QDoubleSpinBox::up-button:hover, QSpinBox::down-button:hover,
QDoubleSpinBox::down-button:hover { background: $pressed; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$icons/chevron-up.svg");
    width: 12px; height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$icons/chevron-down.svg");
    width: 12px; height: 12px; }
QComboBox { combobox-popup: 0; padding-right: 2px; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right;
    width: 24px; border: none; }
QComboBox::down-arrow { image: url("$icons/chevron-down.svg"); width: 16px; height: 16px; }
QComboBox QAbstractItemView, QComboBox QAbstractItemView:focus { border-radius: 0;
    background: $raised; color: $text; border: 1px solid $outline;
    padding: 4px; outline: none; selection-background-color: $selection;
    selection-color: $selection_text; }
QComboBox QAbstractItemView::item { min-height: $row; padding: 0 8px; border-radius: 4px; }
QComboBox QAbstractItemView::item:hover { background: $hover; color: $text; }
QComboBox QAbstractItemView::item:selected { background: $selection; color: $selection_text; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; color: $text; }
QCheckBox:disabled, QRadioButton:disabled { color: $text_disabled; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px;
    border: 1px solid $outline; background: $raised; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { background: $hover; }
QCheckBox::indicator:focus, QCheckBox:focus::indicator, QRadioButton:focus::indicator {
    border-color: $accent; }
QCheckBox::indicator:checked { background: $accent_fill; border-color: $accent_fill;
    image: url("$icons/accept.svg"); }
QCheckBox::indicator:indeterminate { background: $accent_fill; border-color: $accent_fill;
    image: url("$icons/minus.svg"); }
QCheckBox:focus::indicator:checked { border-color: $text; }
QCheckBox::indicator:disabled { border-color: $line; background: $panel; }
QCheckBox::indicator:checked:disabled { background: $hover; border-color: $hover; }
QRadioButton::indicator:checked { background: $on_accent; border: 5px solid $accent_fill;
    width: 6px; height: 6px; }
QSlider { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $pressed; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
    background: $on_accent; border: 1px solid $outline; }
QSlider::handle:horizontal:hover { border-color: $accent; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; width: 10px; height: 10px; }
QSlider::handle:horizontal:disabled { background: $text_disabled; border-color: $line; }
QSlider::sub-page:horizontal:disabled { background: $pressed; }
QPlainTextEdit, QTextEdit { background: $raised; color: $text; border: 1px solid $outline;
    border-radius: $radius; padding: 4px; selection-background-color: $accent_fill;
    selection-color: $on_accent; }
QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
"""

VIEWS = """
QListView, QTreeView, QTableView { background: $panel; color: $text; border: 1px solid transparent;
    border-radius: $radius; outline: none; alternate-background-color: $raised;
    gridline-color: $line; selection-background-color: $selection;
    selection-color: $selection_text; }
QListView:focus, QTreeView:focus, QTableView:focus { border-color: $accent; }
QListView::item, QTreeView::item { min-height: $row; padding: 0 4px; border: none;
    border-radius: 4px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $selection;
    color: $selection_text; }
QTableView::item { padding: 0 5px; border: none; }  /* Qt adds 3: the headings have 8 */
QTableView::item:hover { background: $hover; }
QTableView::item:selected { background: $selection; color: $selection_text; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url("$icons/chevron-right.svg"); }
QTreeView::branch:has-children:open { image: url("$icons/chevron-down.svg"); }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $text_dim; border: none;
    border-bottom: 1px solid $line; padding: 4px 8px; font-size: $secondary; font-weight: 600; }
QTableCornerButton::section { background: $panel; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $line; top: -1px; }
QTabWidget::tab-bar { left: 8px; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $text_dim; padding: 0 9px; min-height: 32px;
    border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent_text; }
QTabBar::tab:disabled { color: $text_disabled; }
QTabBar::scroller { width: 20px; }
QTabBar QToolButton::left-arrow { image: url("$icons/chevron-left.svg"); }
QTabBar QToolButton::right-arrow { image: url("$icons/chevron-right.svg"); }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $outline; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $text_dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QProgressBar { background: $pressed; border: none; border-radius: 2px; min-height: 4px;
    max-height: 4px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
"""

MENUS = """
QMenuBar { background: $panel; border-bottom: 1px solid $line; padding: 2px 8px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $pressed; }
QMenu { background: $raised; color: $text; border: 1px solid $outline; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; min-height: 18px; }
QMenu::item:selected { background: $selection; color: $selection_text; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $outline; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 16px; height: 16px; margin-left: 6px; border-radius: 4px;
    border: 1px solid $outline; }
QMenu::indicator:checked { image: url("$icons/accept.svg"); background: $accent_fill;
    border-color: $accent_fill; }
QMenu::right-arrow { image: url("$icons/chevron-right.svg"); width: 16px; height: 16px; }
"""

PIECES = """
QFrame[role="popup"] { background: $raised; border: 1px solid $outline; }
QFrame[role="message"] { background: $raised; border: 1px solid $outline;
    border-radius: $radius; }
QFrame[role="message"][kind="error"] { border-color: $danger; }
QToolButton[kind="job"] { color: $text_dim; padding: 2px 6px; }
QToolButton[kind="swatch"] { padding: 0; }
"""

SHEETS = (SURFACES, BUTTONS, FIELDS, VIEWS, MENUS, PIECES)
