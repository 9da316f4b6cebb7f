"""The command line as a person uses it, in this process, on tiny pictures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from segstudio.cli.main import run

COLOURS = np.array([[60, 60, 60], [200, 80, 60], [60, 90, 210]], np.uint8)


class Cli:
    """Runs commands; keeps what the last one printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: object) -> int:
        self._capsys.readouterr()
        code = run([str(word) for word in words])
        self.out, self.err = self._capsys.readouterr()
        return code

    def json(self, *words: object, code: int = 0) -> dict[str, Any]:
        """Run with ``--json``; check the exit code and that stdout is one object."""
        found = self(*words, "--json")
        assert found == code, self.out + self.err
        assert self.out.count("\n") == 1
        values: dict[str, Any] = json.loads(self.out)
        return values


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """A folder with ``pictures/`` p1…p6 and ``masks/`` of all of them, and ``one/`` of p1."""
    draw = _drawer(tmp_path)
    for n in range(1, 7):
        draw("pictures", n)
    return tmp_path


def _drawer(folder: Path) -> Callable[[str, int], None]:
    def draw(place: str, n: int) -> None:
        rng = np.random.default_rng(n)
        mask = np.zeros((64, 96), np.uint8)
        left, top = (int(v) for v in rng.integers(4, 30, 2))
        cv2.rectangle(mask, (left, top), (left + 24, top + 18), 1, -1)
        cv2.circle(mask, (70, top + 14), 12, 2, -1)
        noisy = COLOURS[mask] + rng.normal(0, 8, (64, 96, 3))
        for name, pixels in ((place, np.clip(noisy, 0, 255)[:, :, ::-1]), ("masks", mask)):
            (folder / name).mkdir(exist_ok=True)
            cv2.imwrite(str(folder / name / f"p{n}.png"), pixels.astype(np.uint8))

    return draw


@pytest.fixture
def project(cli: Cli, shapes: Path) -> Path:
    """A project of which p1…p3 are labelled, p4 is val, p5 and p6 are not labelled."""
    root = shapes / "shapes.segstudio"
    assert cli("new", root, "--class", "ground", "--class", "box", "--class", "disc:#3D8BFD") == 0
    pictures = [shapes / "pictures" / f"p{n}.png" for n in range(1, 7)]
    masks = ("--masks", shapes / "masks")
    assert cli("add", root, *pictures[:3], *masks) == 0
    assert cli("add", root, pictures[3], *masks, "--split", "val") == 0
    assert cli("add", root, *pictures[4:]) == 0
    return root
