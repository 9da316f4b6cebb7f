import time

import pytest

from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import ImageRecord, Split, State
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.gui.jobs import JobRunner
from segstudio.gui.panels.images_filter import ImageFilter, Order, Sorting
from segstudio.gui.panels.images_model import ImagesModel, Role, in_words
from segstudio.gui.session import Session


@pytest.fixture
def model(session):
    session.set_image([2], "Review", state=State.REVIEWED)
    session.set_image([3], "Use", split=Split.VAL)
    return ImagesModel(session)


def shown(model):
    return [model.index(row).data(Role.ID) for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (ImageFilter(), [1, 2, 3]),
        (ImageFilter(states=frozenset({State.REVIEWED})), [2]),
        (ImageFilter(splits=frozenset({Split.VAL})), [3]),
        (ImageFilter(text="FACADE 3"), [3]),
        (ImageFilter(text="-01 2"), []),
        (ImageFilter(frozenset({State.UNLABELLED}), text="01"), [1]),
    ],
)
def test_lists_what_fits(model, wanted, ids):
    model.set_filter(wanted)
    assert shown(model) == model.ids == ids
    assert (model.total, model.reviewed) == (3, 1)


def test_follows_changes_of_state(qtbot, model, session):
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as changed:
        session.set_image([1], "Review", state=State.REVIEWED)
    assert changed.args[0].row() == 0
    assert model.reviewed == 2

    model.set_filter(ImageFilter(states=frozenset({State.REVIEWED})))
    with qtbot.waitSignal(model.modelReset):
        session.undo()
    assert shown(model) == [2]


def test_counts_are_kept_by_state(model, session):
    assert model.states == {State.REVIEWED: 1, State.UNLABELLED: 2}
    session.set_image([1, 2, 3], "Work", state=State.IN_WORK)
    assert +model.states == {State.IN_WORK: 3}
    session.apply(Edit("Remove", rows=(RowChange("images", 2, session.images[2].row(), None),)))
    assert +model.states == {State.IN_WORK: 2}
    session.undo()
    session.undo()
    assert +model.states == {State.REVIEWED: 1, State.UNLABELLED: 2}


def test_many_changes_are_told_in_stretches(model, session):
    told = []
    model.dataChanged.connect(lambda first, last, _=(): told.append((first.row(), last.row())))
    session.set_image([1, 2, 3], "Work", state=State.IN_WORK)
    assert told == [(0, 2)]
    session.set_image([3, 1], "Use", split=Split.TEST)
    assert told[1:] == [(0, 0), (2, 2)]


def test_sorts_by_name_as_people_count(model, session):
    new = ImageRecord(9, "../new.png", "facade-3", 10, 10)
    session.apply(Edit("Add", rows=(RowChange("images", 9, None, new.row()),)))
    model.set_sorting(Sorting(Order.NAME, falling=True))
    assert shown(model) == [3, 9, 2, 1]  # 03 and 3 count the same
    assert [model.row_of(id) for id in shown(model)] == [0, 1, 2, 3]
    assert model.beside(2, 1) == 1
    assert model.beside(1, 1) is None


def test_the_open_picture_keeps_its_place_until_another_is_opened(model, session, open_image):
    model.set_sorting(Sorting(Order.STATE))
    assert shown(model) == [1, 3, 2]
    open_image(1)
    session.set_image([1], "Work", state=State.IN_WORK)
    assert shown(model) == [1, 3, 2]
    assert model.beside(1, 1) == 3
    open_image(3)
    assert shown(model) == [3, 1, 2]
    session.set_image([1], "Back", state=State.UNLABELLED)  # not the one that is worked on
    assert shown(model) == [1, 3, 2]


def test_a_picture_that_left_the_list_still_has_its_place(model, session):
    model.set_sorting(Sorting(Order.STATE, falling=True))
    model.set_filter(ImageFilter(states=frozenset({State.UNLABELLED})))
    assert shown(model) == [1, 3]
    assert model.beside(2, 1) == 1
    assert model.beside(2, -1) is None
    assert model.survivor(1, {1, 2}) == 3
    assert model.survivor(3, {3}) == 1
    assert model.survivor(3, {1, 3}) is None


def test_classes_and_labelled_share_follow_strokes(qtbot, model, session):
    def settled():
        return not (session.jobs.jobs or session.unsaved)

    model.set_filter(ImageFilter(classes=frozenset({1})))
    qtbot.waitUntil(settled, timeout=20_000)
    assert shown(model) == []
    for id, pixels in ((3, 500), (1, 900)):
        ids = blank()
        ids.reshape(-1)[:pixels] = 1
        change = TileChange(id, Layer.MASK, (0, 0), None, Packed.of(ids))
        session.apply(Edit("Paint", (change,)))
    qtbot.waitUntil(lambda: settled() and len(shown(model)) == 2, timeout=20_000)
    model.set_sorting(Sorting(Order.SHARE))
    assert shown(model) == [3, 1]
    model.set_sorting(Sorting(Order.SHARE, falling=True))
    assert shown(model) == [1, 3]
    session.undo()
    qtbot.waitUntil(lambda: settled() and shown(model) == [3], timeout=20_000)


def test_follows_pictures_that_come_and_go(model, session):
    new = ImageRecord(9, "../new.png", "new", 10, 10)
    session.apply(Edit("Add", rows=(RowChange("images", 9, None, new.row()),)))
    assert shown(model) == [1, 2, 3, 9]
    old = session.images[2].row()
    session.apply(Edit("Remove", rows=(RowChange("images", 2, old, None),)))
    assert shown(model) == [1, 3, 9]
    assert model.reviewed == 0
    session.undo()
    assert shown(model) == [1, 2, 3, 9]


@pytest.mark.parametrize(
    ("start", "step", "unreviewed", "found"),
    [(1, 1, False, 2), (1, 1, True, 3), (3, -1, True, 1), (3, 1, False, None),
     (1, -1, False, None), (None, 1, False, 1), (None, -1, False, 3)],
)  # fmt: skip
def test_finds_the_picture_beside(model, start, step, unreviewed, found):
    assert model.beside(start, step, unreviewed) == found


def test_steps_from_a_picture_that_is_not_listed(model):
    model.set_filter(ImageFilter(states=frozenset({State.UNLABELLED})))
    assert model.ids == [1, 3]
    assert model.beside(2, 1) == 3
    assert model.beside(2, -1) == 1


def test_tells_what_a_picture_is():
    image = ImageRecord(1, "a.tif", "a.tif", 30, 20, bands=4, dtype="uint16",
                        state=State.IN_WORK, split=Split.TEST, note="from the west")  # fmt: skip
    assert in_words(image) == (
        "a.tif\n30 × 20 · 4 bands of uint16\nIn work · test picture\nfrom the west"
    )


class ManyPictures:
    """A project of 20,000 pictures as far as a list is concerned."""

    writable = True


def test_twenty_thousand_pictures_are_filtered_at_once(qtbot):
    session = Session(JobRunner())
    states = list(State)
    session.images.update(
        (id, ImageRecord(id, f"a/{id}.jpg", f"House front {id:05}", 100, 100, state=states[id % 4]))
        for id in range(20_000)
    )
    session.project = ManyPictures()
    model = ImagesModel(session)
    assert model.row_of(19_999) == 19_999
    times = []
    for wanted in (
        ImageFilter(text="front 123"),
        ImageFilter(states=frozenset({State.REVIEWED})),
        ImageFilter(frozenset({State.IN_WORK}), text="house 9"),
        ImageFilter(),
        ImageFilter(text="nowhere"),
    ):
        start = time.perf_counter()
        model.set_filter(wanted)
        times.append(time.perf_counter() - start)
        assert model.ids == [
            id
            for id, image in session.images.items()
            if image.state in wanted.states
            and all(word in image.name.casefold() for word in wanted.text.split())
        ]
    assert sorted(times)[2] < 0.1  # 50 ms is the aim, on a machine that does nothing else
    session.project = None
