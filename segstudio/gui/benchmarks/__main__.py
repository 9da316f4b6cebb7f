"""Runs one measurement and prints its rows as JSON: ``python -m segstudio.gui.benchmarks NAME``."""

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path

NAMES = ("opening", "painting", "learning")


def main() -> int:
    name = sys.argv[1]
    if not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        from segstudio.gui.app import easy_switching

        easy_switching()
        module = importlib.import_module(f"segstudio.gui.benchmarks.{name}")
        rows = [row.values() for row in module.measure(Path(folder))]
    print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
