"""What all tests share: no screen, no settings of the person who runs them, real pictures."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

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
