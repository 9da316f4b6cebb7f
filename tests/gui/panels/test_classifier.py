import numpy as np
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from segstudio.methods.segmenter import segmenters


def find(studio, kind, name):
    found = studio.window.findChild(kind, name)
    assert found is not None, name
    return found


def teach(studio):
    """Choose a small forest, and paint two classes."""
    proposing = studio.window.proposing
    studio.open("facade-01.jpg").brush(20)
    forest = segmenters["pixel_forest"](scales=(1.0,), trees=4)
    proposing.set_plan("pixel_forest", forest)
    studio.choose_class("sign").drag((40, 60), (300, 60))
    studio.choose_class("window").drag((40, 400), (300, 400))
    studio.wait_idle()
    assert proposing.regions is not None, proposing.problem
    return proposing


def test_what_counts_is_shown_once_something_is_learned(studio):
    section = find(studio, QWidget, "classifier_section")
    studio.window.proposing.set_method("pixel_forest")
    studio.wait_idle()
    bars, save = section.bars, find(studio, QAbstractButton, "classifier_save")
    assert bars.isHidden()
    assert not save.isEnabled()
    proposing = teach(studio)
    assert not bars.isHidden()
    name, share = proposing.regions.importance[0]
    assert bars.accessibleDescription().startswith(f"{name} {100 * share:.0f} %")
    assert save.isEnabled()


def test_what_it_learns_from_is_chosen(studio):
    proposing = teach(studio)
    sources = find(studio, QComboBox, "learn_from")
    assert [sources.itemText(n) for n in range(2)] == ["This picture", "All labelled pictures"]
    sources.setCurrentIndex(1)
    sources.activated.emit(1)
    assert proposing.plan.together
    studio.wait_idle()
    assert proposing.regions is not None
    proposing.set_method("otsu")
    assert sources.itemText(1) == "All pictures"


def test_methods_that_go_by_each_picture_or_learn_nothing_do_not_ask(studio):
    section = find(studio, QWidget, "classifier_section")
    for name in ("graph_cut", "threshold", "colour_range"):
        studio.window.proposing.set_method(name)
        assert section.isHidden()
    studio.window.proposing.set_method("otsu")
    assert not section.isHidden()
    assert find(studio, QAbstractButton, "classifier_save").isHidden()


def test_what_was_learned_is_saved_as_the_model_in_use(studio):
    proposing = teach(studio)
    seen = proposing.regions
    find(studio, QAbstractButton, "classifier_save").click()
    studio.wait_idle()
    used = studio.window.models.current
    assert used.network == "pixel_forest"
    assert studio.said == [f"saved as the model of run {used.id}, and in use"]
    assert proposing.regions is seen
    proposing.discard()
    studio.predict()
    assert set(np.unique(studio.proposal).tolist()) == {1, 2}
    if seen.ids.shape == studio.proposal.shape:
        assert (studio.proposal == seen.ids).mean() > 0.99
