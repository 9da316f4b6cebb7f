import threading

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Packed, Source, blank
from segstudio.methods.segmenter import segmenters
from segstudio.store.pictures import open_picture
from segstudio.workflows.companions import Companions
from segstudio.workflows.preview import Lesson, Previewer, Sight
from segstudio.workflows.strokes import Painted

FOREST = segmenters["pixel_forest"](scales=(1.0,), trees=4)


@pytest.fixture
def previewer(project):
    picture = open_picture(project.path_of(image(project, "p1.png")))
    yield Previewer(picture)
    picture.close()


def image(project, name):
    return next(image for image in project.images() if image.name == name)


def strokes(project, name):
    """A line through each of two classes of a picture, as a person paints them."""
    layers = Layers.empty(64, 96)
    mask, source = blank(), blank()
    truth = project.layers(image(project, name)).mask.read(Box(0, 0, 64, 96))
    for id in (0, 2):
        rows, columns = np.nonzero(truth == id)
        mask[rows[::7], columns[::7]] = id
    source[mask != 255] = Source.PERSON
    layers.mask.put((0, 0), Packed.of(mask))
    layers.source.put((0, 0), Packed.of(source))
    return Painted(layers)


def test_what_is_in_sight_comes_first_and_sharper_each_time(project, previewer):
    lesson = Lesson(FOREST, strokes(project, "p1.png"))
    near = Sight(Box(0, 0, 32, 32), 1)
    half, full, rest = previewer.pieces(lesson, near, Quiet())
    assert (half.box, full.box, rest.box) == (near.box, near.box, Box(0, 0, 64, 96))
    assert (half.ids.shape, full.ids.shape, rest.ids.shape) == ((16, 16), (32, 32), (64, 96))
    assert [piece.rest for piece in (half, full, rest)] == [False, False, True]
    assert set(np.unique(rest.ids)) == {0, 2}
    assert (rest.ids[:32, :32] == full.ids).mean() > 0.97
    assert full.doubt.shape == (32, 32)
    assert full.importance[0][1] >= full.importance[-1][1] > -1e-9


def test_a_picture_wholly_in_sight_has_no_rest(project, previewer):
    lesson = Lesson(FOREST, strokes(project, "p1.png"))
    pieces = list(previewer.pieces(lesson, Sight(previewer.box, 1), Quiet()))
    assert [piece.ids.shape for piece in pieces] == [(32, 48), (64, 96)]


def test_a_preview_says_what_the_whole_picture_will(project, previewer):
    from segstudio.workflows.preview import proposal_tiles

    lesson = Lesson(FOREST, strokes(project, "p1.png"))
    *_, last = previewer.pieces(lesson, Sight(previewer.box, 1), Quiet())
    assert previewer.learned(lesson, Quiet()) is last.state
    tiles = proposal_tiles(FOREST, last.state, previewer._picture, {0: 0, 2: 2}, Quiet())
    assert (tiles[0, 0].array[:64, :96] == last.ids).mean() > 0.99


def test_without_strokes_one_piece_is_all(previewer):
    (piece,) = previewer.pieces(Lesson(segmenters["otsu"]()), Sight(Box(0, 0, 9, 9)), Quiet())
    assert piece.box == previewer.box
    assert (piece.count, len(piece.thresholds), piece.doubt) == (2, 1, None)


def test_the_same_lesson_is_learned_once(project, previewer, monkeypatch):
    lesson = Lesson(FOREST, strokes(project, "p1.png"))
    state = previewer.learned(lesson, Quiet())
    assert previewer.learned(Lesson(FOREST, lesson.strokes), Quiet()) is state
    assert previewer.learned(Lesson(FOREST, strokes(project, "p1.png")), Quiet()) is not state


def test_strokes_on_other_pictures_teach_too(project, previewer):
    others = [each for each in project.images() if each.name in ("p2.png", "p3.png", "p4.png")]
    companions = Companions(project, others, painted=True)
    nothing = Painted(Layers.empty(64, 96))
    state = previewer.learned(Lesson(FOREST, nothing, companions), Quiet())
    assert state.classes == (0, 1, 2)
    samples = companions.samples(previewer._opened, nothing, Quiet())
    assert len(samples.pictures) == 3  # the open one and two: p4 is there for validation
    companions.close()


def test_regions_learned_together_are_those_of_all_pictures(project, previewer):
    companions = Companions(project, [image(project, "p2.png")], painted=False)
    otsu = segmenters["otsu"]()
    samples = companions.samples(previewer._opened, None, Quiet())
    assert samples is companions.samples(previewer._opened, None, Quiet())
    together = previewer.learned(Lesson(otsu, None, companions), Quiet())
    assert together == otsu.fit(samples, Quiet())
    companions.close()


def test_one_that_waits_for_a_busy_preview_hears_cancel(previewer):
    class Stopped:
        def report(self, done, total, text):
            raise Cancelled

    held, over = threading.Event(), threading.Event()

    def hold():
        with previewer._alone(Quiet()):
            held.set()
            over.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    with pytest.raises(Cancelled):
        previewer.learned(Lesson(segmenters["otsu"]()), Stopped())
    over.set()
    thread.join()


def test_what_is_in_sight_lies_on_a_grid_and_is_not_too_much():
    image = Box(0, 0, 3000, 4000)
    sight = Sight(Box(101, 199, 700, 900), 2).within(image)
    assert sight == Sight(Box(64, 192, 704, 960), 2)
    assert sight.shows(Sight(Box(110, 210, 700, 900), 2))
    assert not sight.shows(Sight(Box(110, 210, 700, 900), 1))
    assert not sight.shows(Sight(Box(10, 210, 700, 900), 2))
    assert Sight(image, 1).within(image).stride == 4
