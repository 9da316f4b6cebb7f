from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem
from segstudio.store.regions import ask_again, keep_tables, pass_over, passed, tables_of


def test_tables_of_regions_are_kept_of_the_two_newest_models(project):
    keep_tables(project, "", 128, {1: b"looks"}).result()
    for model in ("first", "second", "third"):
        keep_tables(project, model, 128, {1: model.encode(), 2: b"x"}).result()
    keep_tables(project, "third", 64, {1: b"fine"}).result()
    assert tables_of(project, "first", 128) == {}
    assert tables_of(project, "second", 128) == {1: b"second", 2: b"x"}
    assert tables_of(project, "third", 128) == {1: b"third", 2: b"x"}
    assert tables_of(project, "third", 64) == {1: b"fine"}
    assert tables_of(project, "", 128) == {1: b"looks"}


def test_what_nobody_wants_to_be_asked_for_is_remembered_until_it_is_asked_again(project):
    pass_over(project, 1, Box(0, 128, 128, 256)).result()
    pass_over(project, 1, Box(0, 128, 128, 256)).result()
    pass_over(project, 2, None).result()
    assert passed(project) == {1: [Box(0, 128, 128, 256)], 2: [None]}
    ask_again(project, 1).result()
    assert passed(project) == {2: [None]}


def test_what_is_found_of_a_removed_picture_waits_for_nobody_with_its_number(project):
    row = project.image(2).row()
    project.apply(Edit("Remove", rows=(RowChange("images", 2, row, None),)))
    keep_tables(project, "m", 128, {1: b"x", 2: b"of the removed one"}).result()
    project.set_scores("m", "mean_entropy", {1: 0.5, 2: 0.9}).result()
    project.set_queue([QueueItem(2, 0.9, "margin"), QueueItem(1, 0.5, "margin")]).result()
    project.set_thumbnail(2, b"of the removed one").result()
    pass_over(project, 2, None).result()
    other = {**row, "path": "../other.png", "name": "other.png"}
    project.apply(Edit("Add", rows=(RowChange("images", 2, None, other),)))
    assert tables_of(project, "m", 128) == {1: b"x"}
    assert project.scores("m", "mean_entropy") == {1: 0.5}
    assert [item.image for item in project.queue()] == [1]
    assert project.thumbnail(2) is None
    assert passed(project) == {}
