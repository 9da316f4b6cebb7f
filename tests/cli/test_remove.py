def names(cli, project):
    return [row["name"] for row in cli.json("list", "images", project)["rows"]]


def test_removes_pictures_and_leaves_their_files(cli, project, shapes):
    assert cli.json("remove", project, shapes / "pictures" / "p1.png", "p5") == {"images": 2}
    assert names(cli, project) == ["p2.png", "p3.png", "p4.png", "p6.png"]
    assert sorted(path.name for path in (shapes / "pictures").iterdir()) == [
        f"p{n}.png" for n in range(1, 7)
    ]
    assert sorted(path.stem for path in (project / "masks").iterdir()) == ["p2", "p3", "p4"]


def test_a_name_that_nobody_has_removes_nothing(cli, project):
    assert cli("remove", project, "p1", "nobody") == 2
    assert "nobody is not a picture" in cli.err
    assert len(names(cli, project)) == 6
