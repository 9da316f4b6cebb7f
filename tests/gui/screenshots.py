"""Goes once around the loop in the real window and saves pictures of it.

python tests/gui/screenshots.py FOLDER [--size 1440x900] [--theme dark|light] [--steps N]

Pictures are drawn without a screen; QT_SCALE_FACTOR=1.25 draws them as on a scaled one.
"""

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="segstudio-settings-")

from PySide6.QtCore import QEventLoop

from segstudio.domain.records import Split
from segstudio.testing import Studio
from segstudio.workflows.sample import sample_project


class Photographer:
    """Drives the window from one picture to the next; each is numbered and named."""

    def __init__(self, studio: Studio, folder: Path, size: tuple[int, int], light: bool) -> None:
        self.studio, self.folder, self.taken = studio, folder, 0
        studio.window.resize(*size)
        if light:
            studio.trigger("theme")
        studio.wait_idle()

    def take(self, name: str) -> None:
        """Save a picture when all is done."""
        self.studio.wait_saved().wait_idle()
        self.snap(name)

    def snap(self, name: str) -> None:
        """Save a picture at once."""
        self.taken += 1
        self.studio.grab(self.folder / f"{self.taken:02d}-{name}.png")

    def panel(self, title: str) -> None:
        self.studio.window.work.show_panel(title)
        self.studio.wait_idle()

    def open_first(self, split: Split) -> None:
        """Open a picture: those of the pool are not labelled, the others are."""
        images = self.studio.session.images.values()
        self.studio.open(next(image.name for image in images if image.split == split))

    # -- the loop --------------------------------------------------------------------

    def propose(self) -> None:
        """Preview by thresholds and by k-means, and accept."""
        studio = self.studio
        self.open_first(Split.POOL)
        self.take("unlabelled")
        studio.window.proposing.set_method("multi_otsu")
        studio.wait_idle()
        studio.window.proposing.preview()
        self.take("thresholds")
        studio.window.proposing.set_method("kmeans")
        self.take("k-means")
        studio.accept()
        self.take("accepted")

    def correct(self) -> None:
        """Paint over a part of it."""
        studio = self.studio
        assert studio.session.image is not None
        height, width = studio.session.image.box.shape
        studio.choose_class("sign").brush(40)
        studio.drag((width * 0.2, height * 0.4), (width * 0.45, height * 0.45))
        studio.wait_saved().move(width * 0.5, height * 0.5)
        self.take("corrected")

    def teach(self) -> None:
        """Paint a little of some classes while a forest learns from it; look at its doubt."""
        studio = self.studio
        studio.open([i.name for i in studio.session.images.values() if i.split == Split.POOL][1])
        assert studio.session.image is not None
        height, width = studio.session.image.box.shape
        studio.window.proposing.set_method("pixel_forest")
        self.take("nothing-painted")
        for name, top, left in (("background", 0.1, 0.1), ("facade", 0.35, 0.6),
                                ("banner", 0.6, 0.2), ("background", 0.95, 0.3)):  # fmt: skip
            studio.choose_class(name).brush(14)
            studio.drag((width * left, height * top), (width * (left + 0.2), height * top))
            studio.wait_idle()
        self.take("live-forest")
        studio.trigger("uncertainty")
        self.take("doubt-of-the-forest")
        studio.trigger("uncertainty")
        studio.window.proposing.discard()

    def learn(self, steps: int) -> None:
        """Train; a model in use follows."""
        self.panel("Learn")
        self.open_first(Split.TRAIN)
        self.take("before-learning")
        training = self.studio.window.training
        training.preset, training.values = "quick", {"steps": steps}
        loop = QEventLoop()
        training.evaluated.connect(loop.quit)
        training.done.connect(loop.quit)
        training.start()
        loop.exec()
        self.snap("learning")
        self.studio.wait_idle(600)
        self.take("learned")

    def order(self) -> None:
        """Order the queue, open its first, show what the model proposes and how sure it is."""
        self.panel("Queue")
        self.take("before-ordering")
        self.studio.rank().key("N")
        self.take("queue")
        self.studio.predict()
        self.take("predicted")
        self.studio.trigger("uncertainty")
        self.take("uncertainty")
        self.studio.trigger("uncertainty")

    def deliver(self) -> None:
        self.studio.accept()
        self.panel("Deliver")
        self.take("deliver")

    def ask(self) -> None:
        """Show the sheet of keys and the palette."""
        for command in ("keys", "palette"):
            self.studio.trigger(command)
            self.take(command)
            self.studio.key("Esc")


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--steps", type=int, default=60)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    width, height = map(int, arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as place:
        project = sample_project(Path(place), "facade", 20, 0)
        studio = Studio()
        photographer = Photographer(studio, folder, (width, height), arguments.theme == "light")
        photographer.take("start")
        studio.open_project(project)
        photographer.take("opened")
        photographer.propose()
        photographer.correct()
        photographer.teach()
        photographer.learn(arguments.steps)
        photographer.order()
        photographer.deliver()
        photographer.ask()
        studio.close()
    print(f"{photographer.taken} pictures in {folder}; the window said: {studio.said}")


if __name__ == "__main__":
    main()
