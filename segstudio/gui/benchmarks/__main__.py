"""Runs one measurement and prints its rows as JSON.

``python -m segstudio.gui.benchmarks NAME FOLDER``: the folder is empty and removed by others,
also where this process is killed.
"""

import importlib
import json
import os
import sys
from pathlib import Path


def main() -> int:
    name, folder = sys.argv[1], Path(sys.argv[2])
    if not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    from segstudio.gui.app import easy_switching

    easy_switching()
    module = importlib.import_module(f"segstudio.gui.benchmarks.builtin.{name}")
    rows = [row.values() for row in module.measure(folder)]
    print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
