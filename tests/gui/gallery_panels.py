"""Saves pictures of the panels and dialogs with a small project: gallery_panels.py FOLDER [light].

Run it with QT_QPA_PLATFORM=offscreen, and QT_SCALE_FACTOR=1.25 for a sharper screen.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QElapsedTimer, QEventLoop, QRectF
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import ImageRecord, Split, State
from segstudio.domain.stroke import capsule
from segstudio.gui import theme
from segstudio.gui.canvas.minimap import Minimap
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.dialogs.keys_sheet import KeysSheet
from segstudio.gui.dialogs.palette import Palette
from segstudio.gui.dialogs.question import Question
from segstudio.gui.jobs import JobRunner
from segstudio.gui.panels.classes import ClassesPanel
from segstudio.gui.panels.images import ImagesPanel
from segstudio.gui.session import Session
from segstudio.gui.start_page import StartPage
from segstudio.store.project import Project, stored_path
from segstudio.store.rasters import Readers

NAMES = ("background", "facade", "sign", "banner", "air_conditioner", "a_name_that_is_far_too_long")

KEYS = [
    ("Tools", "Brush", "B"), ("Tools", "Eraser", "E"), ("Tools", "Polygon", "P"),
    ("Tools", "Smaller, larger brush", "[, ]"), ("Tools", "Straight line", "Shift+click"),
    ("Tools", "Erase for a moment", "Alt, right drag"),
    ("View", "Zoom at the cursor", "Wheel"), ("View", "Pan", "Space+drag"),
    ("View", "Fit the image", "F"), ("View", "100 %", "Ctrl+0"), ("View", "Show masks", "V"),
    ("View", "Peek at the bare image", "H"),
    ("Images", "Previous, next image", "A, D"),
    ("Images", "Previous, next not reviewed", "Shift+A, Shift+D"),
    ("Images", "Next in the queue", "N"), ("Images", "Mark reviewed", "M"),
    ("Classes", "Class by number", "0 … 9"), ("Classes", "Swap with the first class", "X"),
    ("Proposals", "Accept", "Enter"), ("Proposals", "Discard", "Esc"),
    ("Edit", "Undo", "Ctrl+Z"), ("Edit", "Redo", "Ctrl+Shift+Z, Ctrl+Y"),
    ("Edit", "Save masks", "Ctrl+S"), ("Help", "Command palette", "Ctrl+K"), ("Help", "Keys", "?"),
]  # fmt: skip


def wait(until: Callable[[], bool], ms: int = 20_000) -> None:
    """Let events be handled until something holds."""
    timer = QElapsedTimer()
    timer.start()
    while not until() and timer.elapsed() < ms:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def pictures(folder: Path) -> list[Path]:
    """Return some photographs, or painted stand-ins where there are none."""
    data = os.environ.get("SEGSTUDIO_DATA")
    if data:
        return sorted(Path(data, "facade_street", "images").glob("*.jpg"))[:12]
    random = np.random.default_rng(0)
    made = []
    for number in range(12):
        made.append(folder / f"facade-{number:02}.png")
        small = random.integers(40, 220, (6, 9, 3), np.uint8)
        cv2.imwrite(str(made[-1]), cv2.resize(small, (900, 600), interpolation=cv2.INTER_CUBIC))
    return made


def sample(folder: Path) -> Project:
    classes = [LabelClass(i, n, default_colour(i), position=i) for i, n in enumerate(NAMES)]
    classes[3] = replace(classes[3], locked=True)
    classes[4] = replace(classes[4], visible=False)
    project = Project.create(folder / "walls", classes)
    states, splits = [*State, State.REVIEWED], [*Split, Split.POOL, Split.POOL]
    for number, path in enumerate(pictures(folder), 1):
        height, width = cv2.imread(str(path)).shape[:2]
        record = ImageRecord(
            number, stored_path(project.root, path), path.name, width, height,
            state=states[number % 5], split=splits[number % 6],
        )  # fmt: skip
        project.apply(Edit("Add", rows=(RowChange("images", number, None, record.row()),)))
    broken = ImageRecord(99, "../gone.png", "gone.png", 640, 480)
    project.apply(Edit("Add", rows=(RowChange("images", 99, None, broken.row()),)))
    return project


def paint(session: Session) -> None:
    for id, width in ((1, 0.6), (2, 0.12), (3, 0.004)):
        session.begin_draft()
        box = session.image.box
        end = (box.width, box.height * id / 4)
        session.paint(*capsule((0, end[1]), end, max(1, int(box.height * width)), box), id)
        session.finish_draft("Brush")


class Gallery:
    def __init__(self, folder: Path, session: Session) -> None:
        self.folder, self.session = folder, session

    def save(self, widget: QWidget, name: str) -> None:
        widget.show()
        for _ in range(5):
            QApplication.processEvents()
        assert widget.grab().save(str(self.folder / f"{name}.png"))

    def panels(self, readers: Readers) -> None:
        session, asker = self.session, ScriptedAsker()
        images, classes = ImagesPanel(session, readers), ClassesPanel(session, asker)
        window = QWidget()
        row = QHBoxLayout(window)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(images)
        side = QVBoxLayout()
        side.addWidget(classes)
        side.addStretch(1)
        row.addLayout(side)
        window.resize(600, 620)
        images.setFixedWidth(248)
        self.save(window, "panels-closed")
        session.open_image(3)
        wait(lambda: session.image is not None)
        paint(session)
        session.view.choose_class(2)
        wait(lambda: session.unsaved == 0 and bool(classes.shares.image.area))
        wait(lambda: all(i in images.thumbnails._kept for i in images.model.ids[:11]))
        classes.rows[1].name.edit()
        self.save(window, "panels")
        images.view.verticalScrollBar().setValue(10_000)
        images.head.search.setText("_R_s")
        classes.rows[1].clearFocus()
        self.save(window, "panels-search")
        images.head.search.setText("nothing like it")
        self.save(window, "panels-no-match")
        images.menu.popup(window.mapToGlobal(window.rect().center()))
        self.save(images.menu, "panels-menu")
        images.menu.close()
        window.close()

    def dialogs(self) -> None:
        window = QWidget()
        window.resize(1100, 720)
        window.setObjectName("backdrop")
        window.show()
        sheet = KeysSheet(KEYS, window)
        sheet.show()
        self.save(window, "keys")
        sheet.close()
        actions = []
        for group, text, key in KEYS:
            action = QAction(text, window)
            action.setShortcut(key.split(",")[0])
            action.setData(group)
            action.setEnabled(text != "Redo")
            actions.append(action)
        palette = Palette(actions, window)
        palette.show()
        self.save(window, "palette")
        palette.field.setText("im")
        self.save(window, "palette-search")
        palette.field.setText("zzz")
        self.save(window, "palette-nothing")
        palette.close()
        lost = Question(
            "Discard the proposal?",
            "It was not accepted. The mask itself stays as it is.",
            "Discard", "Keep", danger=True,
        )  # fmt: skip
        self.save(lost, "question-danger")
        named = Question(
            "Name the project", "A folder of this name will be made.", "Make", "Cancel"
        )
        named.add_field("facades", "Name")
        self.save(named, "question-text")
        chosen = Question("Which output?", "The model has more than one.", "Use", "Cancel")
        chosen.add_choices(["logits", "probabilities", "one channel with sigmoid"])
        self.save(chosen, "question-choose")

    def pages(self) -> None:
        page = StartPage()
        page.resize(1000, 680)
        self.save(page, "start-first")
        page.set_recent(["~/pictures/facade-demo.segstudio", "/data/survey/river.segstudio"])
        self.save(page, "start")
        canvas = QWidget()
        canvas.resize(300, 200)
        path = self.session.project.path_of(self.session.images[2])
        minimap = Minimap(canvas)
        image = QImage(str(path))
        minimap.set_image(image.scaledToWidth(400), (image.height(), image.width()))
        minimap.set_view(QRectF(0.3, 0.2, 0.25, 0.4))
        minimap.move(300 - minimap.width() - 12, 200 - minimap.height() - 12)
        self.save(canvas, "minimap")


def main(folder: Path, name: theme.ThemeName) -> None:
    app = QApplication([])
    theme.apply(app, name)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        session, readers = Session(JobRunner()), Readers()
        gallery = Gallery(folder, session)
        empty = Project.create(Path(place) / "empty")
        session.open(empty)
        gallery.save(ImagesPanel(session, readers), "images-empty")
        session.open(sample(Path(place)))
        gallery.panels(readers)
        gallery.dialogs()
        gallery.pages()
        wait(lambda: not session.jobs.jobs)
        session.close()
        readers.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), "light" if "light" in sys.argv[2:] else "dark")
