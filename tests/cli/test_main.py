import json
import os
import signal
import subprocess
import sys

import pytest

import segstudio
from segstudio.cli import main as module
from segstudio.cli.main import names
from segstudio.errors import UserError


def child(*words, **options):
    return subprocess.run(
        [sys.executable, "-m", "segstudio", *map(str, words)],
        capture_output=True, text=True, timeout=60, **options,
    )  # fmt: skip


def test_every_command_explains_itself(cli):
    assert cli("--help") == 0
    overview = cli.out
    for name in names():
        assert cli(name, "--help") == 0
        assert "usage: segstudio " + name in cli.out
        assert f"\n  {name} " in overview


def test_the_version(cli):
    assert cli("--version") == 0
    assert segstudio.__version__ in cli.out


@pytest.mark.parametrize("place", [0, 1])
def test_json_may_stand_before_or_after_the_command(cli, place):
    words = ["list", "methods"]
    words.insert(place * 2, "--json")
    assert cli(*words) == 0
    assert {row["name"] for row in json.loads(cli.out)["rows"]} >= {"otsu", "kmeans"}


def test_a_mistyped_command_is_guessed(cli):
    assert cli("trian", "x") == 2
    assert "error: there is no command and no project called 'trian'" in cli.err
    assert "hint: did you mean train?" in cli.err


def test_errors_are_two_lines_and_json(cli, tmp_path):
    assert cli("list", "images", tmp_path) == 2
    assert [line.partition(":")[0] for line in cli.err.splitlines()] == ["error", "hint"]
    assert cli.out == ""
    values = cli.json("list", "images", tmp_path, code=2)
    assert set(values) == {"error", "hint"}


@pytest.mark.parametrize(
    "words",
    [
        ["new"],
        ["list", "everything"],
        ["list", "methods", "--bogus"],
        ["segment", "x", "--method", "otsuu", "-o", "y"],
        ["new", "p", "--class", "a:#12"],
        ["train", "p", "--steps", "0"],
        ["train", "p", "--set", "steps"],
    ],
)
def test_wrong_input_is_2_and_writes_nothing(cli, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    assert cli(*words) == 2
    assert cli.err.startswith("error: ")
    assert list(tmp_path.iterdir()) == []


def test_tracebacks_are_for_debugging_only(cli, monkeypatch):
    def broken(name):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(module, "_command", broken)
    assert cli("list", "methods") == 1
    assert "a fault of ours" in cli.err
    assert "Traceback" not in cli.err
    assert cli("list", "methods", "--debug") == 1
    assert "Traceback" in cli.err


def test_a_project_opens_the_window(cli, project, monkeypatch):
    opened = []
    stand_in = type(sys)("segstudio.gui.app")
    stand_in.main = lambda path: opened.append(path) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "segstudio.gui.app", stand_in)
    assert cli(project) == 0
    assert cli(project.with_suffix("")) == 0
    assert cli() == 0
    assert [path and path.name for path in opened] == ["shapes.segstudio", "shapes", None]


def test_full_disks_and_read_only_folders_are_said(cli, monkeypatch):
    def full(name):
        raise OSError(28, "No space left on device", "/somewhere")

    monkeypatch.setattr(module, "_command", full)
    assert cli("list", "methods") == 2
    assert "No space left on device" in cli.err


def test_a_user_error_keeps_to_one_line(cli, monkeypatch):
    def wrong(name):
        raise UserError("two\nlines", "and\nhere")

    monkeypatch.setattr(module, "_command", wrong)
    cli("list", "methods")
    assert cli.err.splitlines() == ["error: two lines", "hint: and here"]


def test_listing_the_methods_imports_nothing_heavy():
    heavy = "{'torch', 'cv2', 'sklearn', 'onnxruntime', 'PySide6', 'rasterio', 'PIL'}"
    code = (
        "import sys; from segstudio.cli.main import run; run(['list', 'methods'])\n"
        f"sys.stderr.write(' '.join({heavy} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stderr == ""
    assert "kmeans" in found.stdout


@pytest.mark.skipif(os.name == "nt", reason="there are no signals like this")
def test_a_closed_pipe_is_quiet():
    command = f"{sys.executable} -m segstudio list losses --json | true"
    found = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert found.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="there are no signals like this")
def test_interrupting_ends_with_130_and_keeps_what_was_done(shapes, tmp_path):
    import cv2
    import numpy as np

    pictures = tmp_path / "many"
    pictures.mkdir()
    pixels = np.random.default_rng(0).integers(0, 255, (900, 1200, 3), np.uint8)
    for n in range(60):
        cv2.imwrite(str(pictures / f"{n}.png"), pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    out = tmp_path / "out"
    words = ["segment", pictures, "--method", "kmeans", "-o", out, "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "segstudio", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    import time

    until = time.monotonic() + 40
    while not (out.is_dir() and any(out.glob("*.png"))) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=40)
    assert process.returncode == 130, stderr
    values = json.loads(stdout)
    assert 0 < values["written"] < 60
    assert len([p for p in out.iterdir() if not p.name.startswith(".")]) == values["written"]
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
