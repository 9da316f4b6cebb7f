"""The page of runs over a project with three runs that nobody has really trained."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QWidget

from segstudio.gui.comparing import Comparing
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.models import Models
from segstudio.gui.panels.queue_delegate import THUMB
from segstudio.gui.panels.runs import RunsPanel, smoothed
from segstudio.gui.panels.runs_model import Column, counted, in_bytes, shown, tip
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.run_keeping import RunKeeping
from segstudio.gui.training import Training
from segstudio.workflows.choice import Choice
from segstudio.workflows.models import IN_USE

METRICS = [
    {"miou": 0.4, "iou": {"background": 0.5, "sign": 0.3, "window": None}, "parameters": 181_027,
     "confusion": [[9, 1, 0, 0], [2, 8, 0, 0], [0, 0, 0, 0]], "seconds_an_image": 0.21,
     "memory": 650e6, "best_step": 2, "interval": [0.35, 0.45], "split": "val"},
    {"miou": 0.6, "iou": {"sign": 0.6}, "parameters": 5_490_000, "seconds_an_image": 0.02,
     "memory": 1.2e9, "best_step": 4, "confusion": [[4, 0]]},
    {},
]  # fmt: skip


class Loader:
    """No picture is decoded here."""

    picture = None

    def __init__(self):
        from types import SimpleNamespace

        self.picture_ready = SimpleNamespace(connect=lambda slot: None)


@pytest.fixture
def runs(project):
    """Two runs that are done and one that was stopped; the first is in use."""
    for place, metrics in enumerate(METRICS, 1):
        values = Choice().to_json()
        values["training"] |= {"steps": 100 * place, "crop": 64}
        run = project.new_run(
            "train", ("fast_scnn", "ddrnet23_slim", "fast_scnn")[place - 1], values
        )
        status = "done" if metrics else "cancelled"
        project.save_run(replace(run, status=status, metrics=metrics, started=place)).result()
        folder = project.run_folder(run.id)
        (folder / "model").mkdir(parents=True)
        if metrics:
            (folder / "model" / "model.onnx").write_bytes(b"")
        log = [
            {"step": step, "seconds": 1.0, "loss": place / step, "learning_rate": 0.1}
            for step in (1, 2, 3, 4)
        ]
        log += [
            {"step": step, "seconds": 1.0, "miou": place * step / 20, "iou": {"sign": 0.2},
             "worst": [{"image": step // 2, "miou": 0.125}, {"image": 77, "miou": 0.5}]}
            for step in (2, 4)
        ]  # fmt: skip
        (folder / "log.jsonl").write_text("\n".join(json.dumps(line) for line in log))
    project.set_fact(IN_USE, "1").result()
    return project


@pytest.fixture
def parts(runs, session, readers):
    ask = ScriptedAsker()
    models = Models(session)
    training = Training(session, models)
    comparing = Comparing(session, models, Loader())
    keeping = RunKeeping(session, models, training, comparing, ask)
    models.reload()
    return models, training, keeping, ask


@pytest.fixture
def wait_idle(qtbot, session):
    return lambda: qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=20_000)


@pytest.fixture
def panel(parts, session, readers, show, wait_idle):
    models, training, keeping, _ = parts
    panel = RunsPanel(session, models, training, keeping, Thumbnails(session, readers, THUMB))
    show(panel, 900, 760)
    wait_idle()
    return panel


def cell(panel, row, column):
    return panel.sorted.index(row, column).data()


def test_a_row_shows_what_one_compares(panel):
    assert [cell(panel, row, Column.RUN) for row in range(3)] == ["3", "2", "1"]
    assert cell(panel, 2, Column.MIOU) == "0.400 ± 0.050"
    assert cell(panel, 0, Column.MIOU) == "stopped"
    assert cell(panel, 2, Column.SETTINGS) == "steps 100"  # the crop is that of all
    assert cell(panel, 2, Column.PARAMETERS) == "181 k"
    assert cell(panel, 1, Column.PARAMETERS) == "5.49 M"
    assert [cell(panel, 1, c) for c in (Column.SECONDS, Column.MEMORY)] == ["0.02", "1.2 GB"]
    said = panel.sorted.index(2, Column.MIOU).data(Qt.ItemDataRole.ToolTipRole)
    assert "0.3500 to 0.4500" in said
    assert "val" in said
    assert (counted(None), in_bytes(None), counted(12)) == ("–", "–", "12")
    assert panel.chosen() == [1]  # the one in use, at first


def test_a_figure_of_few_pictures_is_called_indicative(panel, parts):
    row = parts[0].row(1)
    row.run.metrics["indicative"] = True
    assert shown(row, Column.MIOU) == "indicative 0.400"
    assert "95 % interval 0.3500 to 0.4500" in tip(row, Column.MIOU)


def test_the_table_is_sorted_by_numbers_not_by_their_words(panel):
    for column, wanted in (
        (Column.MIOU, ["3", "1", "2"]),
        (Column.SECONDS, ["3", "2", "1"]),
        (Column.MEMORY, ["3", "1", "2"]),
        (Column.NETWORK, ["2", "1", "3"]),
        (Column.WHEN, ["1", "2", "3"]),
    ):
        panel.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        found = [cell(panel, row, Column.RUN) for row in range(3)]
        if column == Column.NETWORK:
            assert found[0] == "2"
        else:
            assert found == wanted, column


def test_curves_of_chosen_runs_lie_over_each_other(panel, wait_idle):
    panel.choose([2, 1])
    wait_idle()
    loss, miou = panel.loss.series("1 fast_scnn"), panel.loss.series("2 ddrnet23_slim")
    assert loss.ys[0] == 1
    assert miou.ys[0] == 2
    assert panel.miou.series("2 ddrnet23_slim").ys.tolist() == pytest.approx([0.2, 0.4])
    panel.choose([1])
    wait_idle()
    assert [s.name for s in panel.loss._drawn()] == ["1 fast_scnn"]
    assert smoothed([]) == []
    assert smoothed([4.0, 2.0]) == [4.0, 2.0]
    assert smoothed([1.0] * 10 + [3.0] * 10)[11] == 3.0


def test_the_confusion_and_the_worst_pictures_of_the_kept_weights(panel, wait_idle, session):
    panel.choose([1])
    wait_idle()
    assert panel.errors.confusion.isVisible()
    assert panel.errors.confusion.said_of(1, 0) == "20.0 % of sign taken for background: 2 pixels"
    rows = [panel.errors.model.item(n).text() for n in range(panel.errors.model.rowCount())]
    assert rows == [session.images[1].name]  # of step 2, and not the one that is gone
    panel.choose([2])
    wait_idle()
    assert panel.errors.model.item(0).text() == session.images[2].name
    panel.choose([3])
    wait_idle()
    assert not panel.errors.confusion.isVisible()


def test_a_click_on_a_bad_picture_compares_its_mask_with_the_run(panel, parts, qtbot, session):
    keeping = parts[2]
    panel.choose([1])
    qtbot.waitUntil(lambda: not session.jobs.jobs)
    with qtbot.waitSignals([keeping.left, session.image_opened]):
        panel.errors.worst.clicked.emit(panel.errors.model.index(0, 0))
    comparing = keeping._comparing
    assert comparing.active
    assert comparing.sides[1].run == 1
    comparing.close()
    keeping.open_image(99, 1)  # of a picture that is gone: nothing opens


def test_a_model_is_put_into_use(panel, parts, wait_idle, session):
    panel.choose([2])
    wait_idle()
    assert panel.use.isEnabled()
    panel.use.click()
    wait_idle()
    assert parts[0].current.id == 2
    assert session.project.fact(IN_USE) == "2"
    assert not panel.use.isEnabled()
    panel.choose([3])
    assert not panel.use.isEnabled()  # it left no model


def test_notes_and_tags_are_written_into_the_table(panel, parts, wait_idle):
    for column, text in ((Column.NOTE, " worse at night "), (Column.TAGS, "paper, night,paper")):
        index = panel.sorted.index(1, column)
        assert panel.sorted.setData(index, text)
        wait_idle()
    assert parts[0].row(2).remarks.note == "worse at night"
    assert cell(panel, 1, Column.TAGS) == "paper, night"
    assert not panel.sorted.setData(panel.sorted.index(1, Column.MIOU), "0.9")


def test_a_note_and_tags_in_one_breath_are_both_kept(panel, parts, wait_idle):
    for column, text in ((Column.NOTE, "worse at night"), (Column.TAGS, "paper")):
        assert panel.sorted.setData(panel.sorted.index(1, column), text)
        assert cell(panel, 1, column) == text  # at once
    wait_idle()
    remarks = parts[0].row(2).remarks
    assert (remarks.note, remarks.tags) == ("worse at night", ("paper",))


def test_runs_are_deleted_once_the_person_agrees(panel, parts, wait_idle, session):
    models, _, _, ask = parts
    panel.choose([1, 3])
    ask.answer("confirm", False, True)
    panel.delete.click()
    wait_idle()
    assert len(models.rows) == 3
    assert "in use" in ask.asked[0][1][1]
    panel.delete.click()
    wait_idle()
    assert [row.run.id for row in models.rows] == [2]
    assert models.current.id == 2
    assert not session.project.run_folder(1).exists()


def test_settings_go_into_a_file_and_back(panel, parts, wait_idle, tmp_path):
    _, training, keeping, ask = parts
    file = tmp_path / "again"
    ask.answer("save_file", file, None)
    panel.choose([2])
    wait_idle()
    panel.save.click()
    assert (tmp_path / "again.toml").is_file()
    panel.save.click()
    ask.answer("open_file", tmp_path / "again.toml", tmp_path / "none.toml", None)
    keeping.load_settings()
    assert training.choice().training.steps == 200
    assert training.choice().training.crop == 64
    keeping.load_settings()
    keeping.load_settings()
    assert training.choice().training.steps == 200
    ask.answer("save_file", tmp_path / "next.toml")
    keeping.save_next()
    assert "steps = 200" in (tmp_path / "next.toml").read_text()


def test_only_one_run_can_be_acted_upon_and_a_stopped_one_goes_on(panel, parts, runs, wait_idle):
    (runs.run_folder(3) / "checkpoint.pt").write_bytes(b"")
    parts[0].reload()
    wait_idle()
    panel.choose([3])
    assert panel.resume.isVisible()
    assert panel.again.isEnabled()
    panel.choose([3, 2])
    assert not panel.again.isEnabled()
    assert panel.delete.isEnabled()
    panel.table.selectionModel().clear()
    assert not panel.delete.isEnabled()
    flags = (
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    )
    panel.table.selectionModel().select(panel.sorted.index(2, 0), flags)
    assert not panel.resume.isVisible()


def test_without_runs_the_page_offers_to_train(session, readers, show, qtbot):
    models = Models(session)
    training = Training(session, models)
    ask = ScriptedAsker()
    keeping = RunKeeping(session, models, training, Comparing(session, models, Loader()), ask)
    panel = RunsPanel(session, models, training, keeping, Thumbnails(session, readers, THUMB))
    show(panel, 600, 400)
    assert panel.pages.currentWidget() is panel.empty
    assert panel.empty.button.isVisible()
    assert panel.empty.button.text() == "Train"
    for name in ("runs_use", "runs_again", "runs_delete", "runs_table", "runs_close"):
        found = panel.findChild(QWidget, name)
        assert found.accessibleName(), name
