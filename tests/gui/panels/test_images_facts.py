import pytest

from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.gui.panels import images_facts
from segstudio.gui.panels.images_facts import KnownFacts
from segstudio.store.facts_of_images import ImageFacts, facts_of_images


def painted(image, value, pixels=100):
    ids = blank()
    ids.reshape(-1)[:pixels] = value
    return Edit("Paint", (TileChange(image, Layer.MASK, (0, 0), None, Packed.of(ids)),))


@pytest.fixture
def asked(monkeypatch):
    """Which pictures were asked for, one entry a reading; None: all."""
    asked = []

    def listen(project, model="", strategy="", ids=None):
        asked.append(ids)
        return facts_of_images(project, model, strategy, ids)

    monkeypatch.setattr(images_facts, "facts_of_images", listen)
    return asked


@pytest.fixture
def settle(qtbot, session):
    def settle():
        qtbot.waitUntil(
            lambda: not (session.jobs.jobs or session.unsaved or session.turning), timeout=20_000
        )

    return settle


@pytest.fixture
def facts(session, asked, settle):
    facts = KnownFacts(session)
    session.apply(painted(1, 2))
    settle()
    assert not asked  # nobody needs them yet
    facts.need()
    settle()
    assert asked == [None]
    asked.clear()
    return facts


def test_reads_them_once_they_are_needed(facts, asked, settle):
    assert facts.by_id == {1: ImageFacts(frozenset({2}), 100)}
    assert not facts.scored
    facts.need()
    settle()
    assert not asked


def test_reads_only_what_was_touched_again(qtbot, session, facts, asked, settle):
    with qtbot.waitSignal(facts.changed) as changed:
        session.apply(painted(3, 0, 7))
    assert changed.args == [frozenset({3})]
    settle()
    assert asked == [[3]]
    assert facts.by_id[3] == ImageFacts(frozenset({0}), 7)
    session.undo()
    settle()
    assert asked == [[3], [3]]
    assert set(facts.by_id) == {1}


def test_follows_a_jump_in_the_line_of_time(session, facts, asked, settle):
    for id in (2, 3):
        session.apply(painted(id, 1))
    settle()
    assert set(facts.by_id) == {1, 2, 3}
    asked.clear()
    session.go_to(session.history.done - 3)
    settle()
    assert asked == [[1, 2, 3]]
    assert facts.by_id == {}


def test_scores_are_those_of_the_model_in_use(session, project, facts, settle, monkeypatch):
    monkeypatch.setattr(images_facts, "_model", lambda project: "this one")
    project.set_scores("this one", "mean_entropy", {2: 0.5}).result()
    project.set_scores("another", "mean_entropy", {3: 0.5}).result()
    facts.reload()
    settle()
    assert facts.scored
    assert facts.by_id[2].score == 0.5
    assert 3 not in facts.by_id


def test_another_project_needs_nothing_yet(session, facts, asked, settle, tmp_path):
    from segstudio.store.project import Project

    session.open(Project.create(tmp_path / "other"))
    settle()
    assert facts.by_id == {}
    assert not asked
