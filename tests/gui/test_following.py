import pytest

from segstudio.domain.geometry import Box
from segstudio.gui.following import Following
from segstudio.workflows.preview import Sight


@pytest.fixture
def following(session, open_image, wait_idle):
    following = Following(session, lambda: following.wanted)
    following.wanted = True
    open_image(1)
    wait_idle()
    following.strokes()
    return following


def test_a_finished_stroke_is_news_once(qtbot, following, stroke):
    before = following.strokes()
    with qtbot.waitSignal(following.strokes_changed):
        stroke((20, 20), (60, 20), finish=True)
    now = following.strokes()
    assert now is not before
    assert following.strokes() is now
    assert not before
    assert list(now) == [(0, 0)]
    assert not following.waiting


def test_undo_is_news_too(qtbot, following, session, stroke, wait_idle):
    stroke((20, 20), (60, 20))
    wait_idle()
    with qtbot.waitSignal(following.strokes_changed):
        pass
    following.strokes()
    with qtbot.waitSignal(following.strokes_changed):
        session.undo()
    assert not following.strokes()


def test_other_changes_are_no_news(following, session):
    session.set_image([2], "Review", state="reviewed")
    assert not following.waiting


def test_strokes_of_a_snapshot_stay_as_they_were(following, stroke):
    stroke((20, 20), (60, 20))
    now = following.strokes()
    stroke((20, 40), (60, 40), value=2)
    assert set(now.read(Box(0, 0, 100, 100)).ravel().tolist()) == {1, 255}


def test_nobody_who_does_not_want_news_gets_any(following, stroke):
    following.wanted = False
    stroke((20, 20), (60, 20))
    assert not following.waiting
    assert following.strokes()


def test_without_a_canvas_all_of_the_picture_is_in_sight(following):
    assert following.sight() == Sight(Box(0, 0, 530, 700), 1)
