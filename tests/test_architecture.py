"""Rules of the house that no single module can keep alone.

The list of names in ``docs/testing.md`` is written anew, after a wanted change, by

    python tests/test_architecture.py
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "segstudio"
LIST = ROOT / "docs" / "testing.md"
BEGIN, END = "<!-- names -->\n", "<!-- end of names -->\n"

HEAVY = {"cv2", "sklearn", "onnxruntime", "onnx", "rasterio", "torch", "PIL", "scipy"}
THREADS = {
    "gui/jobs.py": {"Thread"},
    "learning/prefetch.py": {"ThreadPoolExecutor"},
    "store/writer.py": {"Thread"},
    "store/rasters.py": {"ThreadPoolExecutor"},
}
"""Where threads are started, and by what."""

STARTERS = {"Thread", "Timer", "ThreadPoolExecutor", "QThread", "QThreadPool", "QRunnable"}
VAGUE = {"utils", "util", "misc", "common", "helpers", "helper", "manager"}
QT_CORE_ONLY = (
    "gui/session.py", "gui/ledger.py", "gui/image_opening.py", "gui/jobs.py", "gui/view_state.py",
    "gui/settling.py", "gui/comparing.py", "gui/tools/context.py",
)  # fmt: skip

MODULES = {str(path.relative_to(CODE)): path for path in sorted(CODE.rglob("*.py"))}


def tree(name):
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def imported(node):
    """Return the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module}
    return set()


# -- layers --------------------------------------------------------------------------


def test_the_contracts_of_imports_are_kept():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    found = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout
    assert "0 broken" in found.stdout


@pytest.mark.parametrize("name", QT_CORE_ONLY)
def test_what_knows_no_widget_imports_only_the_core_of_qt(name):
    qt = {m for node in ast.walk(tree(name)) for m in imported(node) if m.startswith("PySide6")}
    assert qt == {"PySide6.QtCore"}


def test_heavy_libraries_are_imported_inside_functions():
    found = {
        f"{name}: {module}"
        for name in MODULES
        if not name.startswith("learning/")
        for node in tree(name).body
        for module in imported(node)
        if module.split(".")[0] in HEAVY
    }
    assert found == set()


def test_threads_are_started_in_four_places():
    found = {}
    for name in MODULES:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in STARTERS:
                    found.setdefault(name, set()).add(called)
    assert found == THREADS


def test_every_module_has_a_name_and_a_sentence():
    for name, path in MODULES.items():
        assert path.stem not in VAGUE, name
        assert ast.get_docstring(tree(name)), f"{name} does not say what it is"


# -- the first window ----------------------------------------------------------------

FIRST_WINDOW = """
import sys
from segstudio.gui.app import application
from segstudio.gui.main_window import MainWindow
application()
window = MainWindow()
window.show()
application().processEvents()
if len(sys.argv) > 1:
    from pathlib import Path
    window.files.open(Path(sys.argv[1]))
    while not window.canvas.pixels.anything:
        application().processEvents()
window.close()
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize("with_project", [False, True])
def test_the_first_window_does_not_load_what_it_does_not_need(with_project, tmp_path):
    given = [str(sample(tmp_path))] if with_project else []
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", FIRST_WINDOW, *given],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    loaded = set(found.stdout.split())
    assert "PySide6" in loaded
    assert loaded.isdisjoint({"torch", "sklearn", "pyqtgraph", "onnxruntime", "onnx", "scipy"})


def sample(folder):
    """Make a project of one small picture."""
    from PIL import Image

    from segstudio.testing import sample_project

    pictures = folder / "in"
    pictures.mkdir()
    Image.new("RGB", (320, 240), (90, 120, 150)).save(pictures / "facade-01.jpg")
    return sample_project(folder, pictures)


# -- names ---------------------------------------------------------------------------


def kinds():
    """Return the classes of widgets that people use, and what they are called in the list."""
    from PySide6 import QtWidgets as qt

    return {
        qt.QAbstractButton: "button",
        qt.QComboBox: "choice",
        qt.QLineEdit: "text",
        qt.QTextEdit: "text",
        qt.QPlainTextEdit: "text",
        qt.QAbstractSpinBox: "number",
        qt.QAbstractSlider: "slider",
        qt.QAbstractItemView: "list",
        qt.QTabWidget: "tabs",
        qt.QTabBar: "tabs",
        qt.QDockWidget: "dock",
        qt.QToolBar: "tools",
        qt.QMenu: "menu",
    }


def ours(widget):
    """Tell whether a widget is the program's own, and not a part inside one of Qt's."""
    from PySide6 import QtWidgets as qt

    whole = (qt.QComboBox, qt.QLineEdit, qt.QAbstractSpinBox, qt.QTabBar, qt.QMenuBar)
    if isinstance(widget, qt.QScrollBar) or widget.objectName().startswith("qt_"):
        return False
    parent = widget.parent()
    while parent is not None:
        if isinstance(parent, whole) and not (
            isinstance(widget, qt.QMenu) and isinstance(parent, qt.QMenuBar) and widget.title()
        ):
            return False
        parent = parent.parent()
    return True


def interactive(window):
    """Yield kind, name and what a screen reader says of everything that can be used."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtGui import QAccessible, QAction
    from PySide6.QtWidgets import QDockWidget, QLineEdit, QMenu, QToolBar, QWidget

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for widget in window.findChildren(QWidget):
        kind = next((k for of, k in kinds().items() if isinstance(widget, of)), None)
        if kind is not None and ours(widget):
            said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            said = widget.title() or said if isinstance(widget, QMenu) else said
            yield kind, widget.objectName(), said
    for action in window.findChildren(QAction):
        qts = isinstance(action.parent(), QDockWidget | QLineEdit | QToolBar)
        if not (qts or action.isSeparator() or action.menu()):
            yield "action", action.objectName(), action.text()


def everything(studio):
    """Return all that can be used in the window, with every method's and preset's form."""
    from segstudio.methods.segmenter import segmenters

    window = studio.window
    window.pages.start.set_recent([str(studio.session.project.root)])
    window.work.augmentation.unfold(True)
    window.work.learn.fold.click()
    studio.trigger("runs").wait_idle().trigger("runs")
    found = set(interactive(window))
    for method in sorted(segmenters):
        window.proposing.set_method(method)
        studio.wait_idle()
        found |= set(interactive(window))
    for command in ("keys", "palette"):
        studio.trigger(command)
        found |= set(interactive(window))
        studio.key("Esc")
    return found


def listed(found):
    """Return the names as lines of a table; numbers at their end stand for any."""
    rows = {(re.sub(r"_\d+$", "_<id>", name), kind) for kind, name, _ in found}
    return [f"| `{name}` | {kind} |\n" for name, kind in sorted(rows)]


@pytest.fixture
def found(studio):
    return everything(studio)


def test_everything_that_can_be_used_is_named(found, studio):
    for kind, name, said in sorted(found):
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name), f"{kind} {said!r}: {name!r}"
        if kind in ("action", "dock", "menu"):
            assert name.startswith(f"{kind}_") or name.endswith(f"_{kind}"), name
    mute = [name for _, name, said in sorted(found) if not said.strip()]
    assert not mute, " ".join(mute)
    names = [name for _, name, _ in interactive(studio.window)]
    assert sorted(names) == sorted(set(names))


def test_every_tool_has_its_button(found):
    from segstudio.gui.tools.tool import tools

    names = {name for _, name, _ in found}
    assert {f"tool_{name}" for name in tools} <= names


def test_names_are_those_of_the_list(found):
    text = LIST.read_text(encoding="utf-8")
    before = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    assert before == "".join(["| Name | Kind |\n|---|---|\n", *listed(found)]), (
        "a name has changed; if that is wanted: python tests/test_architecture.py"
    )


def write_list():
    import tempfile

    from segstudio.testing import Studio

    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        studio = Studio(sample(Path(folder)))
        table = "".join(["| Name | Kind |\n|---|---|\n", *listed(everything(studio))])
        studio.close()
    text = LIST.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    LIST.write_text(before + table + after, encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(ROOT))
    write_list()
