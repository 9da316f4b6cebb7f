from segstudio.domain.task import Quiet
from segstudio.workflows.benchmarks.builtin import scoring


def test_every_picture_is_looked_at_each_time(monkeypatch):
    monkeypatch.setattr(scoring, "ROWS", 2)
    monkeypatch.setattr(scoring, "COLUMNS", 3)
    seen = []
    real = scoring.Scorer.table

    def table(self, image, task):
        seen.append((self.key, image.hash))
        return real(self, image, task)

    monkeypatch.setattr(scoring.Scorer, "table", table)
    row = scoring._looking(Quiet())
    assert row.name == "looking at 6 pictures of 352 × 480 with fast_scnn"
    assert len(row.samples) == 3
    assert min(row.samples) > 0
    rounds = {key for key, _ in seen}
    assert len(rounds) >= 3
    assert len(set(seen)) == len(seen) == 6 * len(rounds)
