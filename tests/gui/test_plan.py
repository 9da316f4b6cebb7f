from segstudio.domain.classes import UNLABELLED
from segstudio.gui.plan import NO_CLASS, Plan, mapping_of
from segstudio.methods.segmenter import segmenters


def test_the_ith_region_gets_the_ith_class_unless_another_was_chosen():
    plan = Plan("otsu", segmenters["otsu"](), {0: 7, 2: NO_CLASS})
    assert plan.classes(4, [3, 5, 7]) == {0: 7, 1: 5}
    assert plan.places == {0: 7, 2: UNLABELLED}
    assert mapping_of(plan.places) == plan.mapping


def test_what_learns_from_strokes_says_classes():
    plan = Plan("graph_cut", segmenters["graph_cut"](), {0: 7})
    assert plan.classes(6, [3, 5, 7]) == {3: 3, 5: 5}
    assert plan.places == {}
