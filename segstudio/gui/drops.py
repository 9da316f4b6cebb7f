"""Files and folders that are dropped on the window."""

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent


def dropped_paths(data: QMimeData) -> list[Path]:
    """Return the files and folders of this computer that are being dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def take_files(event: QDragEnterEvent) -> bool:
    """Accept a drag that brings files or folders, and no other; return whether it does."""
    brings = bool(dropped_paths(event.mimeData()))
    if brings:
        event.acceptProposedAction()
    return brings
