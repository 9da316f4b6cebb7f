"""Whatever kills the program, finished changes stay."""

import importlib.util
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "kill_study.py"


@pytest.fixture(scope="module")
def study():
    spec = importlib.util.spec_from_file_location("kill_study", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["kill_study"] = module
    spec.loader.exec_module(module)
    return module


def test_no_finished_change_is_lost_by_a_kill():
    command = [sys.executable, str(SCRIPT), "--runs", "2", "--seed", "3"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.endswith("2 runs, 0 with a loss\n")
    assert found.stdout.count("integrity ok: all there") == 2


@pytest.fixture
def worked(study, qapp, tmp_path):
    """A project in which three changes were made and told, as a child does it."""
    project, model = study.make_project(tmp_path)
    journal = study.Journal(tmp_path / "journal")
    journal.begin()
    driver = study.Driver(project, study.Arrays(tmp_path / "arrays"))
    driver.model.tell = journal.tell
    driver.session.edit_saved.connect(lambda id: journal.tell("saved"))
    for name in ("change_class", "mark", "stroke"):
        with driver.chance(3):
            getattr(driver, name)()
    driver.close()
    return project, model, journal


def test_the_study_finds_what_is_there_and_undoes_it(study, worked):
    project, model, journal = worked
    assert study.found(model, journal, project) == 0
    assert model.texts[-1] == "Brush"
    assert study.undo_all(project, model) == len(model.texts) == 6


def test_the_study_would_notice_a_change_that_is_lost(study, worked):
    project, model, journal = worked
    journal.tell("push", "Brush", model.now.plain())
    journal.tell("saved")
    with pytest.raises(AssertionError, match="none of the states"):
        study.found(model, journal, project)


def test_the_study_would_notice_half_a_change(study, worked):
    project, model, journal = worked
    with sqlite3.connect(project / "project.db") as connection:
        connection.execute("DELETE FROM tiles WHERE layer = 1")
    with pytest.raises(AssertionError, match="none of the states"):
        study.found(model, journal, project)


def test_the_study_would_notice_that_undoing_brings_something_else(study, worked):
    project, model, journal = worked
    study.found(model, journal, project)
    with sqlite3.connect(project / "project.db") as connection:
        connection.execute("UPDATE edit_tiles SET data = NULL WHERE layer = 0")
        connection.execute("UPDATE edits SET rows = '[]'")
    with pytest.raises(AssertionError, match="undone to"):
        study.undo_all(project, model)
