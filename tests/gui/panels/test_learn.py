import pytest

from segstudio.domain.records import RunRecord
from segstudio.gui.panels.learn import in_words


def test_says_how_good_the_model_in_use_is():
    run = RunRecord(3, "train", "fast_scnn", "done", 0.0, metrics={"miou": 0.456})
    assert in_words(run) == "In use: run 3, fast_scnn, mIoU 0.46"
    run.metrics["indicative"] = True
    assert "indicative mIoU 0.46" in in_words(run)
    assert "then Train" in in_words(None)


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
