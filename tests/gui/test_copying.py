from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import State
from segstudio.domain.tiles import Layer
from segstudio.gui.copying import MaskCopying


def mask(session):
    return session.read(Layer.MASK, session.image.box)


@pytest.fixture
def copying(session, open_image, stroke, wait_idle):
    """Picture 1 is labelled; picture 3, of its size, is open and has a stroke of class 2."""
    twin = replace(session.images[1], id=3, name="twin.png")
    session.apply(Edit("Add", rows=(RowChange("images", 3, None, twin.row()),)))
    open_image(1)
    stroke((60, 60), (300, 60), diameter=50)
    open_image(3)
    stroke((100, 20), (100, 100), value=2)
    wait_idle()
    return MaskCopying(session)


def test_what_is_labelled_is_copied_as_one_edit(session, copying, wait_idle):
    before = mask(session)
    given = session.project.layers(session.images[1]).mask.read(session.image.box)
    copying.copy_from(1)
    wait_idle()
    after = mask(session)
    assert (after == np.where(given == UNLABELLED, before, given)).all()
    assert session.history.next_undo.text == "Copy the mask of wall-1.png"
    assert session.image.state == State.IN_WORK
    session.undo()
    wait_idle()
    assert (mask(session) == before).all()
    session.redo()
    wait_idle()
    assert (mask(session) == after).all()


def test_a_stroke_just_made_in_the_other_one_is_copied_too(
    session, copying, open_image, stroke, wait_idle
):
    open_image(1)
    stroke((400, 400), (450, 400))
    open_image(3)
    copying.copy_from(1)
    wait_idle()
    assert (mask(session)[400, 400:450] == 1).all()


def test_locked_classes_stay(session, copying, wait_idle):
    session.change_class(replace(session.class_of(2), locked=True))
    before = mask(session)
    copying.copy_from(1)
    wait_idle()
    assert ((mask(session) == 2) == (before == 2)).all()
    assert (mask(session) == 1).any()


def test_what_cannot_be_is_said(session, copying, open_image, said, stroke, wait_idle):
    copying.copy_from(None)
    assert said == ["there is no picture before this one"]
    copying.copy_from(2)
    assert said[-1] == "wall-2.png is 300 × 200, and this picture 700 × 530"
    open_image(1)
    stroke((60, 60), (300, 60), diameter=60, value=UNLABELLED)
    open_image(3)
    copying.copy_from(1)
    wait_idle()
    assert said[-1] == "wall-1.png is not labelled"
    session.close_image()
    assert copying.copy_from(1) is None
