"""A pytest plug-in for people who drive the window: the fixture ``studio``.

Qt is imported only when the fixture is used. Nothing here sleeps: every wait is for a signal.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.tiles import Ids, Layer
from segstudio.settings import build
from segstudio.testing.hand import Hand

if TYPE_CHECKING:
    from segstudio.gui.dialogs.ask import ScriptedAsker
    from segstudio.gui.jobs import Job
    from segstudio.gui.main_window import MainWindow
    from segstudio.gui.session import Session

NAMES = ("background", "sign", "window")
PICTURES = 3
TIMEOUT = 120.0
"""Seconds after which a wait fails; trainings may be given more."""


@pytest.fixture(scope="session")
def segstudio_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three rendered facades, ``facade-01.jpg`` …, made once a test session."""
    from PIL import Image

    from segstudio.scenes.scene import scenes

    folder = tmp_path_factory.mktemp("segstudio-pictures")
    for index in range(PICTURES):
        rendered = scenes["facade"]().render(0, index)
        Image.fromarray(rendered.pixels).save(folder / f"{rendered.name}.jpg", quality=92)
    return folder


@pytest.fixture
def studio(segstudio_pictures: Path, tmp_path: Path) -> Iterator[Studio]:
    """The real window on a temporary project of three pictures, ready to be driven."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    driver = Studio(sample_project(tmp_path, segstudio_pictures))
    yield driver
    driver.close()


def sample_project(place: Path, pictures: Path) -> Path:
    """Make the project that ``studio`` starts on; return its folder."""
    from segstudio.domain.task import Quiet
    from segstudio.store.project import Project
    from segstudio.workflows.add import plan_add

    folder = place / "pictures"
    shutil.copytree(pictures, folder)
    classes = [LabelClass(i, n, default_colour(i), position=i) for i, n in enumerate(NAMES)]
    project = Project.create(place / "studio", classes)
    project.apply(plan_add(project, [folder], Quiet()).edit)
    root = project.root
    project.close()
    return root


class Studio(Hand):
    """Drives the window with real mouse and key events; methods can be chained.

    Coordinates are pixels of the open image, x before y.
    """

    def __init__(self, project: Path | None = None) -> None:
        from segstudio.gui import theme
        from segstudio.gui.app import application
        from segstudio.gui.dialogs.ask import ScriptedAsker
        from segstudio.gui.main_window import MainWindow

        app = application()
        theme.apply(app, "dark")
        self.ask: ScriptedAsker = ScriptedAsker()
        self.window: MainWindow = MainWindow(self.ask)
        self.said: list[str] = []
        self._closed = False
        self.session.said.connect(lambda text, hint: self.said.append(text))
        self.window.show()
        self.window.activateWindow()
        self._wait(lambda: self.window.windowHandle().isExposed(), "the window to be shown")
        if project is not None:
            self.open_project(project)

    @property
    def session(self) -> Session:
        return self.window.session

    # -- opening ---------------------------------------------------------------------

    def open_project(self, path: Path) -> Studio:
        """Open a project, and its first picture."""
        self.window.files.open(Path(path))
        self._wait(
            lambda: (
                self.session.project is not None
                and self.session.project.root == Path(path).absolute()
            ),
            f"{path} to open",
        )
        return self.wait_idle()

    def open(self, picture: str | Path) -> Studio:
        """Open a picture of the project by its name, or a project or new pictures by path."""
        by_name = {image.name: image.id for image in self.session.images.values()}
        name = str(picture)
        if name not in by_name and Path(picture).exists():
            self.window.files.open_pictures([Path(picture)])
            self.wait_idle()
            by_name = {image.name: image.id for image in self.session.images.values()}
            name = Path(picture).name
            if name not in by_name:
                return self
        if name not in by_name:
            raise AssertionError(f"there is no picture {name!r}; there are: {sorted(by_name)}")
        self.session.open_image(by_name[name])
        return self.wait_idle()

    # -- choosing --------------------------------------------------------------------

    def choose_class(self, name: str) -> Studio:
        """Choose the class to paint, by its name."""
        found = {label.name: label.id for label in self.session.classes}
        self.session.view.choose_class(found[name])
        return self

    def choose_tool(self, name: str) -> Studio:
        """Press a tool's button in the rail."""
        from PySide6.QtWidgets import QAbstractButton

        button = self.window.findChild(QAbstractButton, f"tool_{name}")
        assert button is not None, f"there is no tool {name!r}"
        button.click()
        return self

    def brush(self, diameter: int) -> Studio:
        """Set the brush's diameter in pixels of the image."""
        self.session.view.set_brush(diameter)
        return self

    # -- the loop --------------------------------------------------------------------

    def trigger(self, command: str) -> Studio:
        """Carry out a command of the menus by its name, such as ``"undo"``."""
        action = self.window.actions_by_name.by_name[command]
        assert action.isEnabled(), f"{command} is not possible now"
        action.trigger()
        return self._settled()

    def segment(self, method: str, **settings: Any) -> Studio:
        """Propose a mask for the open picture."""
        from segstudio.methods.segmenter import segmenters

        proposing = self.window.proposing
        proposing.set_method(method)
        proposing.set_settings(build(segmenters[method], settings))
        self.wait_idle()
        return self._done(proposing.propose())

    def accept(self) -> Studio:
        """Accept the preview or the proposal."""
        return self._done(self.window.proposing.accept())

    def train(self, timeout: float = 600.0, **settings: Any) -> Studio:
        """Train; ``preset``, ``network`` and any setting of theirs can be given."""
        training = self.window.training
        training.preset = settings.pop("preset", training.preset)
        training.network = settings.pop("network", training.network)
        training.values = settings
        return self._done(training.start(), timeout)

    def predict(self, everything: bool = False) -> Studio:
        """Propose masks by the model in use, for the open picture or all not reviewed."""
        predicting = self.window.predicting
        return self._done(predicting.all_images() if everything else predicting.this_image())

    def rank(self) -> Studio:
        """Order the queue."""
        return self._done(self.window.queueing.ordering.rank())

    # -- waiting ---------------------------------------------------------------------

    def wait_idle(self, timeout: float = TIMEOUT) -> Studio:
        """Wait until no job runs and the picture is on the screen."""

        def idle() -> bool:
            session, loader = self.session, self.window.stage.loader
            shown = loader.picture is not None or loader.failed_last
            shown = session.image is None or (shown and not loader.opening)
            following = self.window.proposing.following.waiting
            quiet = not self.window.jobs.jobs and not following
            return quiet and bool(shown) and not session.opening

        self._wait(idle, "the window to be idle", timeout)
        return self._settled()

    def wait_saved(self, timeout: float = TIMEOUT) -> Studio:
        """Wait until every finished change is on disk."""
        self._wait(lambda: self.session.unsaved == 0, "everything to be saved", timeout)
        return self

    def _settled(self) -> Studio:
        from PySide6.QtWidgets import QApplication

        QApplication.processEvents()
        self._wait(lambda: not self.session.turning, "undo")
        return self

    def _done(self, job: Job | None, timeout: float = TIMEOUT) -> Studio:
        assert job is not None, f"nothing to do: {self._state()}"
        outcome: list[BaseException] = []
        job.failed.connect(outcome.append)
        over: list[bool] = []
        job.finished.connect(lambda: over.append(True))
        self._wait(lambda: bool(over), job.title, timeout)
        if outcome:
            raise outcome[0]
        return self.wait_idle()

    def _wait(self, test: Callable[[], bool], what: str, timeout: float = TIMEOUT) -> None:
        """Run the event loop until a condition holds; events are what makes it hold."""
        from PySide6.QtCore import QEventLoop, QTimer
        from PySide6.QtWidgets import QApplication

        expired: list[bool] = []
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: expired.append(True))
        timer.start(int(timeout * 1000))
        while not test():
            assert not expired, f"waited {timeout:g} s for {what}: {self._state()}"
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _state(self) -> str:
        """Say how things stand, for messages of what failed."""
        session, loader = self.session, self.window.stage.loader
        facts = {
            "said": self.said,
            "image": session.image and session.image.name,
            "picture": loader.picture is not None,
            "unreadable": loader.failed_last,
            "editable": session.editable,
            "turning": session.turning,
            "opening": session.opening,
            "unsaved": session.unsaved,
            "jobs": [job.title for job in self.window.jobs.jobs],
        }
        return ", ".join(f"{name}: {value}" for name, value in facts.items())

    # -- looking ---------------------------------------------------------------------

    @property
    def mask(self) -> Ids:
        """The mask of the open picture, height × width, 255 unlabelled."""
        return self._layer(Layer.MASK)

    @property
    def proposal(self) -> Ids:
        """The proposal of the open picture."""
        return self._layer(Layer.PROPOSAL)

    def _layer(self, layer: Layer) -> Ids:
        assert self.session.image is not None, "no picture is open"
        return self.session.read(layer, self.session.image.box)

    @property
    def entropy(self) -> NDArray[np.float32]:
        """How unsure the model in use is of each pixel, 0…1."""
        doubting = self.window.doubting
        if doubting.doubt is None:
            self._done(doubting.measure())
        assert doubting.doubt is not None
        return doubting.doubt.values.astype(np.float32) / np.float32(255)

    def grab(self, path: str | Path) -> Path:
        """Save a picture of the window."""
        self._settled()
        target = Path(path)
        assert self.window.grab().save(str(target)), f"{target} could not be written"
        return target

    def close(self) -> None:
        """Close the window and let go of the project; once is enough."""
        from PySide6.QtCore import QCoreApplication, QEvent

        if self._closed:
            return
        self._closed = True
        self.window.close()
        self._wait(lambda: not self.window.jobs.jobs, "jobs to end")
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
