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
