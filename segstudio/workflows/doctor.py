"""Finding out what is wrong with an installation, in words that say what to do."""

import ctypes
import importlib.metadata
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from segstudio import __version__
from segstudio.domain.task import Task, track

Verdict = Literal["good", "warning", "missing"]

LIBRARIES = {
    # What QtGui and its platform plug-ins are linked to, and the Debian package of each.
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
}
DISPLAY_LIBRARIES = {
    # Only the X11 plug-in needs these: a machine without a display does without them.
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}

_QT = "from PySide6.QtGui import QGuiApplication; QGuiApplication([]); print('works')"
_TORCH = """
import torch
cuda = f"CUDA {torch.version.cuda}, {torch.cuda.device_count()} devices" \
    if torch.cuda.is_available() else "CPU only"
print(f"{torch.__version__}, {cuda}, {torch.get_num_threads()} threads")
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found, and what to do where it is not good."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


def examine(task: Task) -> list[Finding]:
    """Look at Python, the packages, the system's libraries, Qt, torch and the settings' folder."""
    looks = (_python, _packages, _two_opencvs, _libraries, _qt, _torch, _settings_folder)
    return [finding for look in track(task, looks, "Looking") for finding in look()]


def _python() -> Iterator[Finding]:
    good = sys.version_info >= (3, 11)
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("segstudio", "good", __version__)
    yield Finding("Python", "good" if good else "missing", found, "" if good else "3.11 or newer")
    yield Finding("Processors", "good", str(os.cpu_count()))


def _packages() -> Iterator[Finding]:
    try:
        wanted = importlib.metadata.requires("segstudio") or []
    except importlib.metadata.PackageNotFoundError:
        advice = "install it with: python -m pip install -e ."
        yield Finding("Installation", "warning", "runs from its folder, not installed", advice)
        return
    for requirement in wanted:
        if "extra ==" in requirement:
            continue
        name, bounds = re.fullmatch(r"([\w.-]+)\s*\(?([^;)]*)\)?.*", requirement).groups()  # type: ignore[union-attr]
        yield _package(name, bounds)


def _package(name: str, bounds: str) -> Finding:
    advice = f'python -m pip install "{name}{bounds}"'
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "missing", "not installed", advice)
    if not _within(version, bounds):
        return Finding(name, "warning", f"{version}, wanted {bounds}", advice)
    return Finding(name, "good", version)


def _within(version: str, bounds: str) -> bool:
    """Tell whether a version keeps bounds such as ``>=6.8,<6.12``."""
    have = _numbers(version)
    for bound in filter(None, (text.strip() for text in bounds.split(","))):
        sign, want = re.fullmatch(r"([<>=!~]+)\s*(.*)", bound).groups()  # type: ignore[union-attr]
        number = _numbers(want)
        keeps = {
            ">=": have >= number,
            "<": have < number,
            "==": have[: len(number)] == number,
        }
        if not keeps.get(sign, True):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0]))


def _two_opencvs() -> Iterator[Finding]:
    """The wheels overwrite each other's cv2, and the other one brings a second Qt."""
    try:
        version = importlib.metadata.version("opencv-python")
    except importlib.metadata.PackageNotFoundError:
        return
    yield Finding(
        "opencv-python", "missing", f"{version} is installed beside the headless one",
        "python -m pip uninstall opencv-python opencv-python-headless, "
        "then: python -m pip install opencv-python-headless",
    )  # fmt: skip


def _libraries() -> Iterator[Finding]:
    if not sys.platform.startswith("linux"):
        return
    display = bool(os.environ.get("DISPLAY"))
    yield _linked("Libraries of Qt", LIBRARIES, "missing")
    yield _linked("Libraries of X11", DISPLAY_LIBRARIES, "missing" if display else "warning")


def _linked(name: str, libraries: dict[str, str], verdict: Verdict) -> Finding:
    lacking = [library for library in libraries if not loads(library)]
    if not lacking:
        return Finding(name, "good", f"all {len(libraries)} are there")
    packages = " ".join(libraries[library] for library in lacking)
    return Finding(
        name, verdict, f"without {', '.join(lacking)}", f"sudo apt-get install {packages}"
    )


def loads(library: str) -> bool:
    """Tell whether the system finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _qt() -> Iterator[Finding]:
    yield _child("Qt", _QT, "see the libraries above")


def _torch() -> Iterator[Finding]:
    yield _child("torch", _TORCH, "python -m pip install --force-reinstall torch==2.13.0")


def _child(name: str, program: str, advice: str) -> Finding:
    """Try something in another process: libraries that are broken take their process along."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        ended = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=60,
            env=environment, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Finding(name, "warning", "did not answer within a minute", advice)
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or [f"it ended with code {ended.returncode}"]
        return Finding(name, "missing", said[-1], advice)
    return Finding(name, "good", ended.stdout.strip())


def _settings_folder() -> Iterator[Finding]:
    """Look where Qt keeps the settings of the window."""
    home = Path.home()
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    if sys.platform == "darwin":
        folder = home / "Library" / "Preferences"
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home)
    there = next((f for f in (folder, *folder.parents) if f.is_dir()), folder)
    if os.access(there, os.W_OK):
        yield Finding("Settings", "good", str(folder))
    else:
        advice = f"allow writing to {there}: the window forgets its settings otherwise"
        yield Finding("Settings", "warning", f"{folder} cannot be written to", advice)
