import pytest

from segstudio.store.project import Project


def rows(cli, project):
    return {row["name"]: row for row in cli.json("list", "images", project)["rows"]}


def test_clears_the_pictures_that_are_named(cli, project):
    found = rows(cli, project)
    assert found["p1.png"]["state"] != "unlabelled"
    assert cli.json("clear", project, "p1", "p2.png") == {"images": 2}
    now = rows(cli, project)
    assert [now[f"p{n}.png"]["state"] for n in (1, 2)] == ["unlabelled"] * 2
    assert now["p3.png"] == found["p3.png"]
    assert sorted(path.stem for path in (project / "masks").iterdir()) == ["p3", "p4"]


def test_clears_all(cli, project):
    assert cli.json("clear", project, "--all") == {"images": 6}
    assert {row["state"] for row in rows(cli, project).values()} == {"unlabelled"}
    opened = Project.open(project, write=False)
    assert opened.shares() == {}
    opened.close()


@pytest.mark.parametrize("words", [(), ("p1", "--all"), ("nobody",)])
def test_says_what_is_wrong_and_changes_nothing(cli, project, words):
    before = rows(cli, project)
    assert cli("clear", project, *words) == 2
    assert "error: " in cli.err
    assert "hint: " in cli.err
    assert rows(cli, project) == before
