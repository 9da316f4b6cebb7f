import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np

from segstudio.cli.console import Answer, Console, counted, figure, table
from segstudio.errors import Failure


def test_codes():
    assert Answer({}).code == 0
    assert Answer({}, failed=[Failure("a", "b")]).code == 3
    assert Answer({}, failed=[Failure("a", "b")], interrupted=True).code == 130


def test_json_holds_no_nan_and_no_foreign_types(capsys):
    values = {"a": math.nan, "b": np.float32(0.5), "c": [np.int64(3)], "d": Path("x"), "e": (1,)}
    Console(as_json=True).show(Answer(values))
    found = json.loads(capsys.readouterr().out)
    assert found == {"a": None, "b": 0.5, "c": [3], "d": "x", "e": [1]}


def test_failures_go_to_stderr_and_text_to_stdout(capsys):
    Console().show(Answer({"x": 1}, "done", [Failure("a.png", "it is empty")]))
    out, err = capsys.readouterr()
    assert out == "done\n"
    assert err == "left out: a.png: it is empty\n"


def test_what_libraries_print_does_not_reach_stdout():
    code = (
        "import os\n"
        "from segstudio.cli.console import Answer, Console\n"
        "console = Console(as_json=True)\n"
        "with console.clean_output():\n"
        "    print('from Python')\n"
        "    os.write(1, b'from C')\n"
        "console.show(Answer({'a': 1}))\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout == '{"a": 1}\n'
    assert "from Python" in found.stderr
    assert "from C" in found.stderr


def test_tables_have_equal_columns():
    rows = [{"name": "a", "value": 0.123456}, {"name": "long name", "value": None}]
    assert table(rows).splitlines() == ["name       value", "a          0.1235", "long name  –"]
    assert table([]) == "(nothing)"


def test_numbers_in_words():
    assert counted(1, "picture") == "1 picture"
    assert counted(0, "picture") == "0 pictures"
    assert figure(None) == "–"
    assert figure(0.5) == "0.500"
