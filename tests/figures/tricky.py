"""What becomes of pictures that are damaged, odd, hostile or enormous?

Adds every file of ``tricky_images`` in the folder that SEGSTUDIO_DATA names to a project, then
has each one proposed a mask for, so that all of its pixels are read. Prints how many were opened,
how many refused and why, and the most memory that a command held.

    python tests/figures/tricky.py [--each]
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

SEGSTUDIO = (
    sys.executable,
    "-c",
    "import sys; from segstudio.cli.main import run; sys.exit(run())",
)


def command(*words: object) -> dict[str, Any]:
    """Run a command in a process of its own and return its JSON; 3 says some were refused."""
    line = [*SEGSTUDIO, *map(str, words), "--json"]
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"{words[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def peak() -> int:
    """Return the most megabytes that any of the commands so far has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit >> 20


def show(failed: list[dict[str, str]], each: bool) -> None:
    """Print how often each reason was given, numbers and names left out; or every file."""
    if each:
        for one in failed:
            print(f"  {Path(one['path']).name}: {one['reason']}")
        return
    reasons = Counter(re.sub(r"[\d,.]*\d", "n", one["reason"]) for one in failed)
    for reason, count in reasons.most_common():
        print(f"  {count:4}  {reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", action="store_true", help="print every file that was refused")
    each = parser.parse_args().each
    folder = Path(os.environ["SEGSTUDIO_DATA"]) / "tricky_images"
    files = sorted(
        path for name in ("files", "generated") for path in (folder / name).rglob("*")
        if path.is_file()
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as made:
        project = Path(made) / "tricky.segstudio"
        command("new", project, "--class=dark", "--class=light")
        added = command("add", project, *files)
        print(f"{len(files)} files: {added['added']} opened, {len(added['failed'])} refused")
        others = len(files) - added["added"] - len(added["failed"])
        if others:
            print(f"  {others} have the content of another one and are in the project with it")
        show(added["failed"], each)
        print(f"most memory held: {peak()} MB")
        read = command("segment", project, "--method", "otsu")
        print(f"read to the last pixel: {read['images']}; refused then: {len(read['failed'])}")
        show(read["failed"], each)
        print(f"most memory held: {peak()} MB")


if __name__ == "__main__":
    main()
