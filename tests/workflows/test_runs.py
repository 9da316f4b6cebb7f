import numpy as np

from segstudio.learning.samples import Sample
from segstudio.workflows.runs import RunFolder, lines_of


def test_the_log_of_a_resumed_run_does_not_repeat_steps(tmp_path):
    folder = RunFolder(tmp_path / "1")
    for step in (1, 2, 3):
        folder.log({"step": step, "loss": 0.5})
    folder.close()
    again = RunFolder(tmp_path / "1")
    for step in (3, 4):
        again.log({"step": step, "loss": 0.25})
    again.close()
    lines = lines_of(tmp_path / "1" / "log.jsonl")
    assert [(line["step"], line["loss"]) for line in lines] == [
        (1, 0.5), (2, 0.5), (3, 0.25), (4, 0.25),
    ]  # fmt: skip


def test_a_line_that_was_cut_off_is_passed_over(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text('{"step": 1}\n{"step": 2, "lo')
    assert lines_of(log) == [{"step": 1}]
    assert lines_of(tmp_path / "none.jsonl") == []


def samples():
    mask = np.arange(12, dtype=np.uint8).reshape(3, 4)
    picture = np.zeros((3, 4, 3), np.uint8)
    return [Sample("p1", 1, picture, mask, mask + 1), Sample("block", None, picture, mask, mask)]


def test_samples_are_kept_beside_the_log_the_last_ones_only(tmp_path):
    folder = RunFolder(tmp_path / "1")
    folder.log({"step": 1, "miou": 0.5, "samples": samples()[1:]})
    folder.log({"step": 2, "miou": 0.6, "samples": samples()})
    folder.close()
    assert lines_of(tmp_path / "1" / "log.jsonl")[1] == {"step": 2, "miou": 0.6}
    first, second = folder.samples()
    assert (first.name, first.image, second.name, second.image) == ("p1", 1, "block", None)
    np.testing.assert_array_equal(first.predicted, samples()[0].predicted)
    np.testing.assert_array_equal(first.picture, samples()[0].picture)
    file = tmp_path / "1" / "samples.npz"
    file.write_bytes(file.read_bytes()[:200])
    assert folder.samples() == []
    assert RunFolder(tmp_path / "2").samples() == []


def test_samples_alone_have_no_line(tmp_path):
    folder = RunFolder(tmp_path)
    folder.log({"step": 1, "seconds": 0.1, "loss": 0.5})
    folder.log({"step": 1, "seconds": 0.2, "samples": samples()})
    folder.close()
    assert lines_of(tmp_path / "log.jsonl") == [{"step": 1, "seconds": 0.1, "loss": 0.5}]
    assert [sample.name for sample in folder.samples()] == ["p1", "block"]


def test_no_run_fails_for_samples_that_cannot_be_written(tmp_path):
    (tmp_path / "samples.npz").mkdir()
    folder = RunFolder(tmp_path)
    folder.log({"step": 1, "miou": 0.5, "samples": samples()})
    folder.close()
    assert lines_of(tmp_path / "log.jsonl") == [{"step": 1, "miou": 0.5}]
