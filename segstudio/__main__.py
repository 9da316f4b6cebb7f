"""``python -m segstudio`` is the same as ``segstudio``."""

import sys

from segstudio.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
