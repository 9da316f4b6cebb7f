"""Reading goes on in other threads while a project is closed."""

import subprocess
import sys
from pathlib import Path

CLOSING = """
import sys, threading
from pathlib import Path
from segstudio.domain.classes import parse_class
from segstudio.store.project import Project

for turn in range(40):
    project = Project.create(Path(sys.argv[1]) / str(turn), [parse_class("a", 0)])
    going = threading.Barrier(4)

    def read():
        connection = project.reading()
        going.wait()
        for _ in range(200):
            connection.execute("SELECT class, SUM(pixels) FROM shares GROUP BY class").fetchall()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    going.wait()
    project.close()
    for reader in readers:
        reader.join()
print("closed")
"""


def test_a_project_is_closed_under_threads_that_read(tmp_path):
    found = subprocess.run(
        [sys.executable, "-c", CLOSING, str(tmp_path)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (found.returncode, found.stdout, found.stderr) == (0, "closed\n", "")
