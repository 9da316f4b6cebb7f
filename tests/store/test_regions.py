from segstudio.domain.geometry import Box
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
