"""Random changes of every kind, undone, redone, reopened and cut off, stay what they must be.

The kinds of changes and what they must come to are in ``figures/machine_changes.py``; the script
``figures/machine.py`` makes thousands of them in processes that are killed.
"""

import importlib.util
import shutil
import sqlite3
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from segstudio.domain.tiles import Packed

FIGURES = Path(__file__).parent / "figures"


def load(name):
    """Import a script of the folder beside, as these import each other."""
    spec = importlib.util.spec_from_file_location(name, FIGURES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


machine_model, driving = load("machine_model"), load("machine_driver")
labelling, changes = load("machine_labelling"), load("machine_changes")

SEEDS = st.integers(0, 2**40)
NAMES = [*changes.KINDS, *changes.MOVES]
EXAMPLES, STEPS = 30, 40


class Base(RuleBasedStateMachine):
    """A project that is begun anew for each example; some have hardly any room for history."""

    @initialize(budgets=st.sampled_from([None, None, (9_000, 8_000)]))
    def begin(self, budgets):
        self.context = ExitStack()
        folder = Path(tempfile.mkdtemp(prefix="segstudio-machine-"))
        self.context.callback(shutil.rmtree, folder)
        if budgets:
            self.context.enter_context(driving.small_budgets(*budgets))
        self.driver = changes.Driver(driving.make(folder), machine_model.Arrays())
        self.driver.trims = bool(budgets)

    def teardown(self):
        with self.context:
            self.driver.check()
            self.driver.close()


def step(name):
    def run(self, seed):
        with self.driver.chance(seed):
            getattr(self.driver, name)()

    run.__name__ = name
    return rule(seed=SEEDS)(run)


Machine = type("Machine", (Base,), {name: step(name) for name in NAMES})


def test_whatever_is_done_is_what_it_must_be_on_the_screen_and_on_disk(qapp):
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


# -- the comparison sees what it should ----------------------------------------------


@pytest.fixture
def driver(qapp, tmp_path):
    driver = changes.Driver(driving.make(tmp_path), machine_model.Arrays())
    for name in ("open", "stroke", "propose", "mark", "stroke"):
        with driver.chance(3):
            getattr(driver, name)()
    driver.check()
    yield driver
    driver.close()


def change_tile(connection, image):
    query = "SELECT row, col, data FROM tiles WHERE image = ? AND layer = 0"
    row, column, data = connection.execute(query, (image,)).fetchone()
    ids = Packed(data=data).array.copy()
    ids[0, 0] = 0 if ids[0, 0] else 1
    connection.execute(
        "UPDATE tiles SET data = ? WHERE image = ? AND layer = 0 AND row = ? AND col = ?",
        (Packed(ids).data, image, row, column),
    )


FAULTS = {
    "a pixel": change_tile,
    "a share": lambda c, id: c.execute("UPDATE shares SET pixels = pixels + 1"),
    "a state": lambda c, id: c.execute("UPDATE images SET state = 'reviewed', split = 'val'"),
    "a class": lambda c, id: c.execute("UPDATE classes SET locked = 1 - locked WHERE id = 1"),
    "a text": lambda c, id: c.execute("UPDATE edits SET text = 'other' WHERE id = 2"),
    "a mark": lambda c, id: c.execute("UPDATE edits SET undone = 1 WHERE id = 4"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_on_disk_is_seen(driver, fault):
    connection = sqlite3.connect(driver.root / "project.db")
    FAULTS[fault](connection, driver.session.image.id)
    connection.commit()
    connection.close()
    with pytest.raises(AssertionError, match=r"on disk|shares"):
        driver.check()


def test_a_fault_on_the_screen_is_seen(driver):
    session = driver.session
    key = next(iter(session.layers.mask))
    whole = Packed(np.zeros((256, 256), np.uint8))
    session.layers.mask.put(key, whole)
    with pytest.raises(AssertionError, match="on the screen layers"):
        driver.check()
