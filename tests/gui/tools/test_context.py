"""What tools work with."""

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer, Source
from segstudio.errors import UserError
from segstudio.interactive.patch import Patch

WAIT = 20_000


def mask(session, layer=Layer.MASK):
    return session.read(layer, session.image.box)


def patch(top=10, left=20, size=30):
    return Patch.whole(Box(top, left, top + size, left + size))


def painted(qtbot, session, job):
    assert job is not None
    qtbot.waitUntil(lambda: not session.jobs.jobs and not session.unsaved, timeout=WAIT)


def test_patches_become_one_edit(qtbot, session, context):
    before = len(session.history.entries)
    painted(qtbot, session, context.paint("Rectangle", [patch(), patch(100)], 1))
    assert len(session.history.entries) == before + 1
    assert session.history.next_undo.text == "Rectangle"
    assert (mask(session)[10:40, 20:50] == 1).all()
    assert (mask(session) == 1).sum() == 1800
    assert (mask(session, Layer.SOURCE)[100:130, 20:50] == Source.PERSON).all()
    session.undo()
    assert (mask(session) == UNLABELLED).all()


def test_what_depends_on_the_mask_is_worked_out_in_a_job(qtbot, session, context):
    painted(qtbot, session, context.paint("Rectangle", [patch()], 1))

    def grown(layers, job):
        ids = layers.mask.read(layers.box)
        yield Patch(layers.box, np.roll(ids == 1, 1, axis=0))

    painted(qtbot, session, context.paint("Grow", grown, 2))
    assert (mask(session)[11:41, 20:50] == 2).all()
    assert (mask(session)[10, 20:50] == 1).all()


def test_patches_that_reach_over_the_image_are_cut_and_255_erases(qtbot, session, context):
    whole = session.image.box
    painted(qtbot, session, context.paint("All", [Patch.whole(whole.grown(9))], 1))
    assert (mask(session) == 1).all()
    painted(qtbot, session, context.paint("None", [patch()], UNLABELLED))
    assert (mask(session) == UNLABELLED).sum() == 900


def test_nothing_new_is_no_edit(qtbot, session, context):
    painted(qtbot, session, context.paint("Erase", [patch()], UNLABELLED))
    assert "Erase" not in [entry.text for entry in session.history.entries]


def test_only_the_newest_work_is_heard(qtbot, session, context):
    heard = []
    for number in range(3):
        context.run("Work", lambda job, n=number: n, heard.append)
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=WAIT)
    assert heard == [2]
    assert not context.busy


def test_work_that_goes_wrong_is_said(qtbot, session, context):
    said = []
    session.said.connect(lambda text, hint: said.append(text))

    def work(job):
        raise UserError("this cannot be done")

    context.run("Work", work, lambda result: said.append("heard"))
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=WAIT)
    assert said == ["this cannot be done"]


def test_work_for_another_image_is_not_heard(qtbot, session, context, open_image, wait_idle):
    heard = []
    context.run("Work", lambda job: 1, heard.append)
    session.close_image()
    wait_idle()
    assert heard == []


@pytest.mark.parametrize("stroke_first", [False, True])
def test_strokes_made_meanwhile_are_kept(qtbot, session, context, stroke, stroke_first):
    if stroke_first:
        stroke((300, 300), (320, 320))
    job = context.paint("Rectangle", [patch(10, 20, 300)], 2)
    stroke((30, 30), (60, 30))  # before the job is done
    painted(qtbot, session, job)
    found = mask(session)
    assert found[200, 200] == 2
    on_disk = session.project.layers(session.project.image(session.image.id))
    assert (on_disk.mask.read(session.image.box) == found).all()
