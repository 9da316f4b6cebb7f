import json

from segstudio.workflows.curves import curves_from, curves_of
from segstudio.workflows.runs import RunFolder

LOG = [
    {"step": 0, "seconds": 0.0, "untrained": {"loss": 1.1, "chance": 1.1}},
    {"step": 0, "seconds": 0.1, "warning": "the class disc has no pixels"},
    {"step": 1, "seconds": 0.5, "loss": 2.0, "learning_rate": 0.1},
    {"step": 2, "seconds": 1.0, "loss": 1.5, "learning_rate": 0.1},
    {"step": 2, "seconds": 1.2, "miou": 0.4, "iou": {"box": 0.4, "disc": None},
     "interval": [0.3, 0.5], "worst": [{"image": 4, "miou": 0.1}]},
    {"step": 3, "seconds": 2.0, "miou": None, "iou": {"box": 0.6, "disc": None}},
]  # fmt: skip


def test_a_log_becomes_curves():
    curves = curves_from(LOG)
    assert (curves.steps, curves.losses) == ([1, 2], [2.0, 1.5])
    assert (curves.evaluated, curves.mious) == ([2, 3], [0.4, 0.0])
    assert curves.classes == {"box": [(2, 0.4), (3, 0.6)]}
    assert curves.iou == {"box": 0.6, "disc": None}
    assert curves.worst == {2: [{"image": 4, "miou": 0.1}], 3: []}
    assert curves.interval is None
    assert curves.warnings == ["the class disc has no pixels"]
    assert curves_from(LOG[:5]).interval == (0.3, 0.5)


def test_curves_are_read_from_the_folder_of_a_run(tmp_path):
    folder = RunFolder(tmp_path)
    for entry in LOG:
        folder.log(entry)
    folder.close()
    assert curves_of(folder) == curves_from(LOG)
    assert curves_of(RunFolder(tmp_path / "none")).steps == []
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == LOG
