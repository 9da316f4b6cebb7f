"""What the parts of the window hear of each other."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from segstudio.gui.main_window import MainWindow


def connect(window: "MainWindow") -> None:
    """Connect the parts of a window, which are all there."""
    _refresh(window)
    _picture(window)
    _learning(window)
    _panels(window)
    _beginning(window)


def _refresh(window: "MainWindow") -> None:
    """What the next step, the title and the menus depend on."""
    session = window.session
    for signal in (
        session.project_changed, session.image_opened, session.image_closed,
        session.history_changed, session.classes_changed, session.images_changed,
        session.view.overlay_changed, window.training.changed, window.models.changed,
        window.queueing.changed, window.proposing.previewed, window.comparing.changed,
        window.pages.turned, window.watching.changed,
    ):  # fmt: skip
        signal.connect(lambda *_: window.refresh_soon())
    session.said.connect(window.message.show_message)
    session.save_failed.connect(
        lambda text, hint: window.message.show_message(text, hint, "error", "Save elsewhere…")
    )
    window.message.action_clicked.connect(lambda: window.files.save_elsewhere())


def _picture(window: "MainWindow") -> None:
    """The picture, what lies over it, and the line below it."""
    status, canvas = window.status, window.canvas
    window.bar.accepted.connect(lambda: window.trigger("accept"))
    window.bar.discarded.connect(lambda: window.trigger("cancel"))
    status.step.clicked.connect(lambda: window.trigger(status.step.property("command")))
    canvas.hovered.connect(status.show_position)
    canvas.view_changed.connect(lambda: status.show_zoom(canvas.view.zoom))
    window.proposing.follow(canvas)
    window.queueing.moved.connect(lambda: _light(window))
    window.comparing.changed.connect(lambda: window.queue_bar.give_way(window.comparing.active))
    window.left.objects.box_requested.connect(window.stage.show_box)
    window.overviews.made.connect(window.images.thumbnails.again)
    window.session.image_opened.connect(lambda: window.pages.show_runs(False))


def _light(window: "MainWindow") -> None:
    """Dim all but the region of the queue that is in hand."""
    item, image = window.queueing.current, window.session.image
    here = item is not None and image is not None and item.image == image.id
    window.canvas.over.spotlight.show(item.box if here and item is not None else None)


def _learning(window: "MainWindow") -> None:
    """Models, trainings and runs."""
    learn, keeping = window.work.learn, window.keeping
    window.proposing.model_saved.connect(window.models.reload)
    window.models.changed.connect(window.images.model.facts.reload)
    window.queueing.ranked.connect(window.images.model.facts.reload)
    window.training.done.connect(lambda _: window.queueing.refresh())
    window.training.ended.connect(lambda: QApplication.alert(window))
    learn.runs_requested.connect(lambda: window.trigger("runs"))
    learn.settings.save_requested.connect(lambda: keeping.save_next())
    learn.settings.load_requested.connect(lambda: keeping.load_settings())
    learn.begin.file_requested.connect(lambda: keeping.choose_weights())
    keeping.left.connect(lambda: window.pages.show_runs(False))
    window.studying.taken.connect(lambda _: window.work.show_panel("Propose"))


def _panels(window: "MainWindow") -> None:
    """Pictures that are asked for, or dropped."""
    for panel in (window.images, window.work.queue, window.left.history):
        panel.add_requested.connect(lambda: window.trigger("add_pictures"))
    window.images.dropped.connect(window.files.open_pictures)


def _beginning(window: "MainWindow") -> None:
    """The page that one begins on."""
    start = window.pages.start
    start.folder_requested.connect(lambda: window.trigger("new_project"))
    start.project_requested.connect(lambda: window.trigger("open_project"))
    start.demo_requested.connect(lambda: window.trigger("open_demo"))
    start.recent_requested.connect(lambda path: window.files.open(Path(path)))
    start.dropped.connect(window.files.open_pictures)
