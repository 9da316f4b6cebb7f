from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain.records import RunRecord
from segstudio.gui.panels.learn import in_words
from segstudio.learning.samples import Sample


def test_says_how_good_the_model_in_use_is():
    run = RunRecord(3, "train", "fast_scnn", "done", 0.0, metrics={"miou": 0.456})
    assert in_words(run) == "In use: run 3, fast_scnn, mIoU 0.46"
    run.metrics["indicative"] = True
    assert "indicative mIoU 0.46" in in_words(run)
    assert "then Train" in in_words(None)
    run.metrics["interval"] = [0.401, 0.5]
    assert in_words(run).endswith("0.46 (0.40–0.50)")


@pytest.mark.parametrize("size", [(1100, 700), (1440, 900)])
def test_nothing_is_cut_off_at_the_right(studio, size):
    window = studio.window
    window.resize(*size)
    studio.wait_idle()
    assert (window.width(), window.height()) == size
    for title in ("Propose", "Learn", "Queue", "Deliver"):
        window.work.show_panel(title)
        studio.wait_idle()
        area = window.work.currentWidget()
        assert area.widget().width() <= area.viewport().width(), title
    for tabs in (window.left, window.work):
        assert tabs.tabBar().sizeHint().width() <= tabs.tabBar().width()


class Tells:
    """Stands for `workflows.train.train`: two evaluations, then it waits for its gate."""

    def __call__(self, project, choice, task, note, threads, device, resume=None):
        step = 0
        for step in range(1, 7):
            task.report(step, 6, "Training")
            note({"step": step, "seconds": 0.1, "loss": 2 / step, "learning_rate": 0.1})
            if step % 3 == 0:
                iou = {"background": step / 10, "sign": 0.25, "window": None}
                note({"step": step, "seconds": 1.0, "miou": step / 12, "iou": iou,
                      "interval": [0.2, 0.3], "samples": [SAMPLE]})  # fmt: skip
        note({"step": step, "seconds": 1.0, "warning": "the class window has no pixels"})
        while True:
            task.report(step, 6, "Training")


SAMPLE = Sample(
    "facade-02.jpg", 2, np.zeros((20, 30, 3), np.uint8), np.zeros((20, 30), np.uint8),
    np.ones((20, 30), np.uint8),
)  # fmt: skip


@pytest.fixture
def learning(studio, monkeypatch):
    """The panel while a network learns."""
    monkeypatch.setattr("segstudio.workflows.train.train", Tells())
    window = studio.window
    window.work.show_panel("Learn")
    studio.trigger("train")
    studio._wait(lambda: window.training.curves.warnings, "the last note")
    yield window.work.learn
    window.training.stop_all()
    studio._wait(lambda: not window.training.running, "the end")


def test_curves_of_loss_miou_and_classes_grow_live(learning):
    assert learning.loss.series("loss").xs.tolist() == [1, 2, 3, 4, 5, 6]
    assert learning.miou.series("mIoU").ys.tolist() == [0.25, 0.5]
    assert learning.by_class.series("background").ys.tolist() == [0.3, 0.6]
    assert learning.miou.isVisible()
    assert learning.by_class.isVisible()
    assert not learning.bars.isVisible()
    with pytest.raises(KeyError):
        learning.by_class.series("window")  # absent from what was held back
    assert learning.warning.text() == "The class window has no pixels"
    assert learning.state.text().startswith("step 6 of 500")


def test_one_sentence_stands_where_curves_will_be(studio):
    window = studio.window
    window.work.show_panel("Learn")
    learn = window.work.learn
    assert learn.loss.isVisible()
    assert not learn.miou.isVisible()


def test_samples_are_shown_anew_between_evaluations(learning, studio):
    training = studio.window.training
    later = replace(SAMPLE, name="facade-03.jpg", image=3)
    training._courses[0].job.note({"step": 6, "seconds": 1.0, "samples": [later]})
    studio._wait(lambda: learning.samples.sample_at(5).image == 3, "the new sample")
    assert len(training.curves.evaluated) == 2


def test_samples_are_shown_and_open_their_picture(learning, studio, qtbot):
    assert learning.samples.isVisible()
    assert learning.samples.sample_at(5).image == 2
    learning.samples.clicked.emit(2)
    qtbot.waitUntil(lambda: studio.session.image.name == "facade-02.jpg")


def test_a_training_is_held_up_queued_and_stopped_by_its_buttons(learning, studio):
    training = studio.window.training
    learning.pause.click()
    assert training.paused
    assert learning.pause.text() == "Go on"
    assert "paused" in learning.state.text()
    learning.pause.click()
    assert not training.paused
    assert learning.train.text() == "Queue"
    learning.train.click()
    assert training.waiting == 1
    assert learning.state.text().endswith("1 waiting")
    former = training.curves
    learning.stop.click()
    studio._wait(lambda: not training.waiting, "the next one")
    assert training.curves is not former
    studio._wait(lambda: training.curves.warnings, "the last note")
    assert learning.loss.series("loss").xs.tolist() == [1, 2, 3, 4, 5, 6]


def test_what_to_begin_from_is_offered(studio, tmp_path):
    window = studio.window
    window.work.show_panel("Learn")
    studio.wait_idle()
    learn, training = window.work.learn, window.training
    begin = learn.begin.box
    texts = [begin.itemText(place) for place in range(begin.count())]
    assert texts == ["From random weights", "From facade_fast_scnn", "From a file…"]
    choose_item(begin, 1)
    assert training.beginnings.chose == "facade_fast_scnn"
    learn.preset.setCurrentIndex(1)
    learn.preset.activated.emit(1)
    assert begin.currentText() == "From random weights"  # that preset has another network
    learn.preset.setCurrentIndex(0)
    learn.preset.activated.emit(0)
    assert begin.currentText() == "From facade_fast_scnn"
    window.ask.answer("open_file", None, tmp_path / "street.pth")
    choose_item(begin, 2)
    assert begin.currentText() == "From facade_fast_scnn"  # nothing was named
    choose_item(begin, 2)
    assert begin.currentText() == "From street.pth"
    assert training.next().weights == tmp_path / "street.pth"


def choose_item(box, place):
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_settings_unfold_are_changed_and_taken_back(studio):
    window = studio.window
    window.work.show_panel("Learn")
    learn, training = window.work.learn, window.training
    assert learn.settings.form is None  # made when somebody asks for it
    learn.fold.click()
    studio.wait_idle()
    form = learn.settings.form
    assert form.isVisible()
    assert "augment" not in form.fields
    steps = form.fields["steps"]
    steps.set_value(77)
    steps.changed.emit()
    assert training.values == {"steps": 77}
    learn.network.setCurrentIndex(learn.network.findData("scale_cnn_s"))
    learn.network.activated.emit(learn.network.currentIndex())
    assert training.choice().training.network == "scale_cnn_s"
    width = learn.settings.own.fields["dropout"]
    width.set_value(0.25)
    width.changed.emit()
    assert training.choice().network["dropout"] == 0.25
    assert training.values == {"steps": 77, "dropout": 0.25}
    learn.preset.setCurrentIndex(1)
    learn.preset.activated.emit(1)
    assert training.choice().training.steps == 77
    learn.settings.reset.click()
    assert training.values == {}
    assert form.fields["steps"].value() == training.choice().training.steps == 2400
    learn.fold.click()
    assert not form.isVisible()


def test_losses_are_added_up_and_set(studio):
    window = studio.window
    window.work.show_panel("Learn")
    learn, training = window.work.learn, window.training
    learn.fold.click()
    studio.wait_idle()
    field, parts = learn.settings.form.fields["loss"], learn.settings.losses
    assert [name for name, chip in field.chips.items() if chip.isChecked()] == ["cross_entropy"]
    field.chips["cross_entropy"].click()
    assert field.chips["cross_entropy"].isChecked()  # one there must be
    assert training.values == {}
    field.chips["focal"].click()
    assert training.values == {"loss": "cross_entropy+focal"}
    assert list(parts) == ["cross_entropy", "focal"]
    studio.wait_idle()
    assert parts["focal"].isVisible()
    gamma = parts["focal"].fields["gamma"]
    gamma.set_value(3.0)
    gamma.changed.emit()
    assert training.values == {"loss": "cross_entropy+focal", "gamma": 3.0}
    assert training.choice().loss["gamma"] == 3.0
    field.chips["focal"].click()  # its setting goes with it
    assert training.values == {}
    assert list(parts) == ["cross_entropy"]
    training.values = {"loss": "lovasz"}  # such as from a file
    training.changed.emit()
    assert [name for name, chip in field.chips.items() if chip.isChecked()] == ["lovasz"]
    assert not learn.settings.loss_title.isVisible()  # nothing to set


@pytest.mark.parametrize("size", [(1100, 700), (1440, 900)])
def test_unfolded_settings_are_not_cut_off_either(studio, size):
    window = studio.window
    window.resize(*size)
    window.work.show_panel("Learn")
    window.work.learn.fold.click()
    studio.wait_idle()
    area = window.work.currentWidget()
    assert window.work.learn.minimumSizeHint().width() <= area.viewport().width()


def test_the_page_of_runs_opens_and_closes(studio):
    window = studio.window
    window.work.learn.runs.click()
    assert window.pages.runs_shown
    assert window.pages.runs.isVisible()
    studio.key("Esc")
    assert not window.pages.runs_shown
    studio.trigger("runs").open("facade-02.jpg")
    assert not window.pages.runs_shown
    assert window.stage.isVisible()
