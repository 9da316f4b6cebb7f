"""The sheets that are laid over the window, each made when it is asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segstudio.gui.main_window import MainWindow


def show_keys(window: "MainWindow") -> None:
    """Show all keys."""
    from segstudio.gui.dialogs.keys_sheet import KeysSheet
    from segstudio.gui.keys import all_keys  # which knows the commands, and they this

    KeysSheet(all_keys(), window).show()


def show_palette(window: "MainWindow") -> None:
    """Show the palette, in which commands are found by their names."""
    from segstudio.gui.dialogs.palette import Palette

    Palette(list(window.actions_by_name.by_name.values()), window).show()


def compare_methods(window: "MainWindow") -> None:
    """Show how well each method does on this project."""
    from segstudio.gui.dialogs.methods_sheet import MethodsSheet

    MethodsSheet(window.studying, window).show()
