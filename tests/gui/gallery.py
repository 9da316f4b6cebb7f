"""Shows every piece of the window and saves pictures of it: python gallery.py FOLDER [light]."""

import math
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QMouseEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QProgressBar,
    QRadioButton,
    QTabWidget,
    QToolBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segstudio.domain.classes import default_colour
from segstudio.gui import icons, theme
from segstudio.gui.forms import SettingsForm
from segstudio.gui.widgets.buttons import button, icon_button, label, line
from segstudio.gui.widgets.cluster_curve import ClusterCurve
from segstudio.gui.widgets.curves import CurvesView
from segstudio.gui.widgets.floating_bar import FloatingBar
from segstudio.gui.widgets.histogram import HistogramView
from segstudio.gui.widgets.job_chip import JobChip, JobLine
from segstudio.gui.widgets.labels import EmptyState, SectionHeader
from segstudio.gui.widgets.message_line import MessageLine
from segstudio.gui.widgets.range_slider import RangeSlider
from segstudio.gui.widgets.shares import ClassBars, Share, ShareBar
from segstudio.gui.widgets.size_strip import SizeStrip
from segstudio.gui.widgets.swatch import ClassSwatch, ColourPopup

NAMES = ("background", "sign", "banner", "window", "air_conditioner", "graffiti")


@dataclass(frozen=True)
class KMeans:
    clusters: int = field(default=6, metadata={"label": "Clusters", "range": (2, 20)})
    space: Literal["rgb", "lab"] = field(default="lab", metadata={"label": "Colour space"})
    learning_rate: float = field(default=1e-3, metadata={"range": (1e-5, 1e-1)})
    balanced: bool = field(default=True, metadata={"label": "Balance classes"})
    thresholds: tuple[int, ...] = field(default=(90, 170), metadata={"range": (0, 255)})
    features: tuple[Literal["colour", "edges", "texture", "position"], ...] = ("colour", "edges")
    limit: int | None = field(default=None, metadata={"label": "At most", "range": (1, 500)})
    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 9999)})


def shares() -> list[Share]:
    values = (0.41, 0.12, 0.03, 0.22, 0.015, None)
    named = enumerate(zip(NAMES, values, strict=True))
    return [Share(name, default_colour(number), value) for number, (name, value) in named]


def panel(*widgets: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(16, 12, 16, 16)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    return made


def row(*widgets: QWidget) -> QWidget:
    made = QWidget()
    line_up = QHBoxLayout(made)
    line_up.setContentsMargins(0, 0, 0, 0)
    line_up.setSpacing(8)
    for widget in widgets:
        line_up.addWidget(widget)
    line_up.addStretch()
    return made


def histogram() -> HistogramView:
    view = HistogramView()
    x = np.arange(256)
    counts = 9000 * np.exp(-(((x - 60) / 14) ** 2)) + 2500 * np.exp(-(((x - 140) / 25) ** 2))
    counts += 600 * np.exp(-(((x - 215) / 12) ** 2)) + 30
    view.set_histogram(counts, 0, 255)
    view.set_thresholds([96, 181])
    view.set_colours([default_colour(0), default_colour(1), default_colour(2)])
    return view


def clusters() -> ClusterCurve:
    view = ClusterCurve()
    numbers = range(2, 13)
    inertia = [9e8 / number**1.4 for number in numbers]
    view.set_curve(
        numbers, inertia, [0.52, 0.5, 0.61, 0.55, 0.5, 0.46, 0.41, 0.4, 0.38, 0.37, 0.35]
    )
    view.set_number(4)
    return view


def hue() -> RangeSlider:
    view = RangeSlider("hue", "Hue")
    view.set_limits(0, 360)
    view.set_wraps(True)
    view.set_ramp([QColor.fromHsv(hue % 360, 230, 230) for hue in range(0, 361, 30)])
    view.set_range(330, 90)
    return view


def curves() -> tuple[CurvesView, CurvesView]:
    rng = np.random.default_rng(0)
    loss, miou = CurvesView("loss"), CurvesView("miou")
    loss.add_series("train")
    loss.add_series("val", best="min")
    miou.add_series("mIoU", best="max")
    miou.add_series("sign")
    for step in range(0, 1200, 4):
        loss.append("train", step, 1.7 * math.exp(-step / 260) + 0.22 + rng.normal(0, 0.04))
        if step % 100 == 0 and step:
            loss.append("val", step, 1.6 * math.exp(-step / 280) + 0.31 + step / 9000)
            miou.append("mIoU", step, 0.68 * (1 - math.exp(-step / 300)) - 1e-7 * (step - 700) ** 2)
            miou.append("sign", step, 0.60 * (1 - math.exp(-step / 420)))
    return loss, miou


def images() -> QListWidget:
    view = QListWidget()
    for number, state in enumerate(("reviewed", "in-work", "proposed", "unlabelled", "unlabelled")):
        item = QListWidgetItem(f"facade-{number + 1:02}.jpg")
        item.setIcon(icons.icon(f"state-{state}", theme.current().text_dim))
        view.addItem(item)
    view.setCurrentRow(1)
    return view


def tree() -> QTreeWidget:
    view = QTreeWidget()
    view.setHeaderLabels(["Run", "mIoU"])
    top = QTreeWidgetItem(view, ["ddrnet23_slim", "0.61"])
    QTreeWidgetItem(top, ["quantised", "0.60"])
    top.setExpanded(True)
    return view


def controls() -> QWidget:
    combo = QComboBox()
    combo.addItems(["k-means", "threshold", "Otsu"])
    text = QLineEdit()
    text.setPlaceholderText("Find an image")
    off = button("Train", "off_train", "primary")
    off.setEnabled(False)
    rest = button("Stop", "off_stop")
    rest.setEnabled(False)
    progress = QProgressBar()
    progress.setValue(42)
    radio = QRadioButton("This image")
    radio.setChecked(True)
    return panel(
        SectionHeader("Buttons", "buttons"),
        row(button("Train", "train", "primary", "play"), button("Predict all", "predict"),
            button("More", "more", "quiet")),
        row(off, rest, button("Delete class", "delete", "danger"),
            button("label 3 more", "next", "link")),
        row(radio, QRadioButton("All not reviewed")),
        combo, text, progress, line(),
        SizeStrip(),
    )  # fmt: skip


def canvas(window: QMainWindow) -> QWidget:
    made = QFrame()
    made.setObjectName("gallery_canvas")
    made.setStyleSheet(f"#gallery_canvas {{ background: {theme.current().canvas}; }}")
    column = QVBoxLayout(made)
    column.addWidget(EmptyState("Pictures appear here once you add some", "Add pictures…",
                                icon="image"))  # fmt: skip
    message = MessageLine(parent=made)
    message.float_over_parent()
    message.show_message(
        "training stopped: the loss is not a number",
        "the former model is still in use; try a smaller learning rate", "error", "Show settings",
    )  # fmt: skip
    bar = FloatingBar(parent=made)
    bar.set_text("preview: k-means, 6")
    bar.show()
    return made


def fill_menus(window: QMainWindow) -> None:
    for title in ("File", "Edit", "View", "Image", "Model", "Help"):
        menu = window.menuBar().addMenu(title)
        for name, icon, key in (("Undo", "undo", "Ctrl+Z"), ("Redo", "redo", "Ctrl+Shift+Z")):
            action = QAction(name, menu)
            action.setShortcut(key)
            icons.set_icon(action, icon)
            menu.addAction(action)
        menu.addSeparator()
        shown = QAction("Show overlay", menu, checkable=True, checked=True)
        menu.addAction(shown)


def tools() -> QToolBar:
    rail = QToolBar()
    rail.setMovable(False)
    rail.setOrientation(Qt.Orientation.Vertical)
    for name in ("brush", "eraser", "polygon", "lasso", "fill", "wand", "grabcut", "superpixel",
                 "scissors", "click-prompt"):  # fmt: skip
        tool = icon_button(name, f"tool_{name}", name, name[0].upper(), True, "rail")
        tool.setChecked(name == "brush")
        rail.addWidget(tool)
    return rail


def learn() -> QWidget:
    loss, miou = curves()
    bars = ClassBars()
    bars.set_rows(shares())
    header = SectionHeader("Per class", "per_class")
    header.set_note("IoU, indicative")
    return panel(SectionHeader("Loss", "loss"), loss, SectionHeader("mIoU", "miou"), miou, header,
                 bars)  # fmt: skip


def classes() -> QWidget:
    bar = ShareBar()
    bar.set_shares(shares())
    rows: list[QWidget] = []
    for number, name in enumerate(NAMES[:4]):
        swatch = ClassSwatch(default_colour(number), f"class_{number}", name)
        figure = label(f"{12 * number} %", "secondary")
        figure.setFont(theme.figures(12))
        rows.append(row(swatch, label(str(number), "dim"), label(name), figure,
                        icon_button("eye", f"eye_{number}", "Show", checkable=True, kind="small"),
                        icon_button("lock", f"lock_{number}", "Lock", kind="small")))  # fmt: skip
    add = icon_button("plus", "class_add", "Add a class", kind="small")
    header = SectionHeader("Classes", "classes")
    header.add(add)
    return panel(header, *rows, bar)


def build() -> QMainWindow:
    window = QMainWindow()
    fill_menus(window)
    window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, tools())
    window.setCentralWidget(canvas(window))
    left = QDockWidget("Images")
    left.setWidget(panel(images(), tree()))
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, left)
    tabs = QTabWidget()
    tabs.addTab(panel(SettingsForm(KMeans), histogram(), clusters(), hue(), controls()), "Propose")
    tabs.addTab(learn(), "Learn")
    tabs.addTab(EmptyState("Images to label next appear here", "Rank images"), "Queue")
    tabs.addTab(EmptyState("Nothing to deliver yet", "Export masks"), "Deliver")
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(classes())
    column.addWidget(tabs, 1)
    right = QDockWidget()
    right.setTitleBarWidget(QWidget())
    right.setWidget(side)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, right)
    window.resizeDocks([left, right], [240, 340], Qt.Orientation.Horizontal)
    chip = JobChip()
    chip.set_jobs(jobs())
    window.statusBar().addWidget(QLabel("x 1204 y 388 · sign · 63 %"))
    window.statusBar().addWidget(button("next: label 3 more images, then Train", "go", "link"))
    window.statusBar().addPermanentWidget(chip)
    window.resize(1440, 1000)
    return window


def jobs() -> list[JobLine]:
    return [
        JobLine("1", "training", 0.42, 190, note="step 420 of 1000, mIoU 0.58"),
        JobLine("2", "predict all", None, state="waiting"),
        JobLine("3", "export", 1.0, state="done"),
        JobLine("4", "k-means", 0.3, state="failed", note="The picture could not be read"),
    ]


def hover(view: QWidget, x: float, y: float) -> None:
    place = QPointF(x, y)
    button_, buttons = Qt.MouseButton.NoButton, Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, place, view.mapToGlobal(place), button_, buttons,
                        Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(view, event)


def save(picture: QPixmap, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(str(folder / f"{name}.png"))


def main(folder: Path, name: theme.ThemeName) -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, name)
    window = build()
    window.show()
    app.processEvents()
    save(window.grab(), folder, f"{name}-propose")
    tabs = window.findChild(QTabWidget)
    tabs.setCurrentIndex(1)
    app.processEvents()
    loss = window.findChild(CurvesView, "loss_view")
    hover(loss, 110, 40)
    save(window.grab(), folder, f"{name}-learn")
    menu = window.menuBar().actions()[1].menu()
    menu.popup(window.pos())
    menu.setActiveAction(menu.actions()[0])
    save(menu.grab(), folder, f"{name}-menu")
    menu.close()
    chip = window.findChild(JobChip)
    chip.open_list()
    save(chip.popup.grab(), folder, f"{name}-jobs")
    chip.popup.close()
    popup = ColourPopup(default_colour(1), "gallery", window)
    popup.show()
    save(popup.grab(), folder, f"{name}-colours")
    combo = window.findChildren(QComboBox)[-1]
    tabs.setCurrentIndex(0)
    combo.showPopup()
    app.processEvents()
    save(combo.view().window().grab(), folder, f"{name}-combo")
    combo.hidePopup()


if __name__ == "__main__":
    main(Path(sys.argv[1]), "light" if "light" in sys.argv[2:] else "dark")
