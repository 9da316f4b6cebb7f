"""Whatever kills the program, finished strokes stay."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from segstudio.domain.draft import Draft
from segstudio.domain.stroke import capsule
from segstudio.store.project import Project

SCRIPT = Path(__file__).parents[1] / "kill_study.py"


@pytest.fixture(scope="module")
def study():
    spec = importlib.util.spec_from_file_location("kill_study", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["kill_study"] = module
    spec.loader.exec_module(module)
    return module


def test_no_finished_stroke_is_lost_by_a_kill():
    command = [sys.executable, str(SCRIPT), "--runs", "2", "--seed", "3"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.endswith("2 runs, 0 with a loss\n")
    assert found.stdout.count("integrity ok: all there") == 2


def test_the_study_would_notice_a_loss(study, tmp_path):
    project = study.make_project(tmp_path)
    stroke = study.Stroke(1, ((50.0, 50.0), (90.0, 70.0)), 9, 1)
    store = Project.open(project)
    image = store.image(1)
    draft = Draft(1, store.layers(image))
    box, region = capsule(*stroke.points, stroke.diameter, image.box)
    draft.paint(box, region, stroke.value)
    store.apply(draft.finish("Brush"))
    id = store.history()[0][-1].id
    store.close()

    assert "are gone: [99]" in study.check(project, {id: stroke}, [id, 99])[2]
    other = study.Stroke(1, stroke.points, 11, 1)
    assert "pixels of picture 1 differ" in study.check(project, {id: other}, [id])[2]
    assert study.check(project, {id: stroke}, [id]) == (1, 1, "")
    assert "counts as undone" in study.check(project, {id: stroke}, [id])[2]
    assert np.count_nonzero(study.replay([stroke])[1] == 1) > 9 * 40
