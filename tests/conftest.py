"""What all tests share: no screen, no settings of the person who runs them, real pictures."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_settings = tempfile.mkdtemp(prefix="segstudio-settings-")
os.environ["XDG_CONFIG_HOME"] = _settings  # QSettings looks here once, when Qt starts
os.environ["XDG_CACHE_HOME"] = str(Path(_settings) / "cache")


def pytest_unconfigure() -> None:
    shutil.rmtree(_settings, ignore_errors=True)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real pictures that SEGSTUDIO_DATA names."""
    named = os.environ.get("SEGSTUDIO_DATA")
    if not named or not Path(named).is_dir():
        pytest.skip("SEGSTUDIO_DATA does not name the folder of real pictures")
    return Path(named)


@pytest.fixture(autouse=True)
def options_of_tools() -> Iterator[None]:
    """What a test chose for a tool is not remembered for the next."""
    yield
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        QSettings("segstudio", "segstudio").remove("tools")


def pytest_configure(config: pytest.Config) -> None:
    """Bring the driver of the window where the program runs from its folder, not installed."""
    if not config.pluginmanager.has_plugin("segstudio"):
        config.pluginmanager.import_plugin("segstudio.testing")


@pytest.fixture(scope="session")
def scene() -> Callable[..., Any]:
    """Return what draws a picture of shapes on a ground of two colours, and says what is where."""
    import cv2
    import numpy as np

    def draw(height: int = 180, width: int = 260, noise: float = 6.0) -> Any:
        truth = np.zeros((height, width), np.uint8)
        truth[:, width // 2 :] = 1
        cv2.circle(truth, (70, 80), 41, 2, -1)
        cv2.fillPoly(truth, [np.array([(150, 20), (240, 60), (170, 165)])], 3)
        cv2.line(truth, (10, 170), (120, 140), 4, 7)
        colours = [(90, 110, 90), (150, 140, 120), (190, 60, 50), (60, 80, 170), (30, 30, 30)]
        random = np.random.default_rng(0)
        rgb = np.array(colours)[truth] + random.normal(0, noise, (height, width, 3))
        return rgb.clip(0, 255).astype(np.uint8), truth

    return draw


@pytest.fixture(scope="session")
def borders() -> Callable[..., Any]:
    """Return what marks the pixels whose neighbour above or at the left has another label."""
    import numpy as np

    def mark(labels: Any) -> Any:
        out = np.zeros(labels.shape, bool)
        out[:, 1:] |= labels[:, 1:] != labels[:, :-1]
        out[1:] |= labels[1:] != labels[:-1]
        return out

    return mark


@pytest.fixture(scope="session")
def recall(borders: Callable[..., Any]) -> Callable[..., Any]:
    """Return what tells the share of true border pixels that have a border near them."""
    import cv2
    import numpy as np

    def share(labels: Any, truth: Any, within: int = 1) -> Any:
        wide = np.ones((2 * within + 1, 2 * within + 1), np.uint8)
        near = cv2.dilate(borders(labels).astype(np.uint8), wide)
        return near[borders(truth)].mean()

    return share
