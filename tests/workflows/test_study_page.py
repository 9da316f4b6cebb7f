import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from segstudio.domain.classes import parse_class
from segstudio.errors import Failure
from segstudio.workflows.choice import choose
from segstudio.workflows.study_arms import Arm, Group, Plan, with_steps
from segstudio.workflows.study_charts import Axis, curves, intervals, nice
from segstudio.workflows.study_figures import Figures, figures_of
from segstudio.workflows.study_page import page
from segstudio.workflows.study_results import Finished
from segstudio.workflows.study_training import Made


def run_of(seed: int, miou: float) -> Finished:
    parts = {f"p{n}": [[40 + seed + n], [100], [120]] for n in range(4)}
    curve = [[50, miou / 2], [100, miou]]
    return Finished(
        seed, 100, miou, {"<b>": miou}, None, parts, curve, 0.25, 0.2, 60.0, 31_000_000,
        8_500_000, 3_000_000_000, 64 << 20, 4, 128, ["careful & slow"], "cpu", "m", "p",
    )  # fmt: skip


ARMS = tuple(Arm(f"arm{n}", f"Arm <{n}>", choose(), {"accuracy, %": f"7{n}"}) for n in range(3))
PLAN = Plan(
    "tried", "Tried & true", "A <paper>", ("It is <i>bold</i>.",),
    (Group("At equal steps", ARMS[:2]), Group("At equal work", ARMS[2:], by_work=True)),
)  # fmt: skip
RUNS = {
    "arm0": [run_of(0, 0.5), run_of(1, 0.6)], "arm1": [run_of(0, 0.7), run_of(1, 0.7)], "arm2": [],
}  # fmt: skip


COLOURS = {"arm0": 0, "arm1": 1, "arm2": 2}


@pytest.fixture
def found() -> dict[str, Figures]:
    return figures_of(PLAN, RUNS)


def written(found: dict[str, Figures], **changes: object) -> str:
    made = Made(RUNS, [Failure("arm2, seed 0", "it <fell>")], 5, 4, "held back", False, 4)
    made = replace(made, **changes)  # type: ignore[arg-type]
    return page(PLAN, made, found, [parse_class("<b>", 0)], (0, 1), "segstudio study tried 'a b'")


def test_the_page_needs_nothing_else_and_trusts_nobody(found: dict[str, Figures]) -> None:
    text = written(found)
    assert not re.search(r"https?://|src=|@import|<script|url\(", text)
    for raw in ("Arm <", "<paper>", "<i>bold", "<fell>", "<b>", "careful & slow"):
        assert raw not in text, raw
    for said in ("Tried &amp; true", "A &lt;paper&gt;", "it &lt;fell&gt;", "careful &amp; slow"):
        assert said in text, said
    assert "prefers-color-scheme:dark" in text
    body = text[text.index("<body>") : text.index("</body>") + 7]
    ElementTree.fromstring(body.replace("&nbsp;", " "))  # every element is closed


def test_figures_stand_beside_the_papers_own(found: dict[str, Figures]) -> None:
    text = written(found)
    assert text.count("as printed in the paper</th>") == 2
    assert '<td class="theirs">71</td>' in text
    assert "0.550 ± 0.071" in text
    assert '<td class="best">0.700 ± 0.000' in text
    assert "+0.150" in text
    assert "31.00 M" in text
    assert "8.50 M" in text
    assert "Not finished: 4 of 6 runs are done." in text
    assert "4 pictures held back" in text
    assert "Indicative" not in text
    assert "Indicative" in written(found, indicative=True)


def test_charts_are_pictures_with_a_line_for_each_arm(found: dict[str, Figures]) -> None:
    order = list(found.values())
    drawn = curves(order, COLOURS, by_work=False)
    assert len(ElementTree.fromstring(drawn).findall(".//polyline")) == 2
    assert ">steps<" in drawn
    assert "10¹²" in curves(order, COLOURS, by_work=True)
    dots = ElementTree.fromstring(intervals(order, COLOURS)).findall(".//circle[@class='seed']")
    assert len(dots) == 4
    assert curves(order[2:], COLOURS, by_work=False) == intervals(order[2:], COLOURS) == ""


def test_points_lie_where_the_axes_say(found: dict[str, Figures]) -> None:
    chart = ElementTree.fromstring(curves([found["arm1"]], COLOURS, by_work=False))
    line = chart.find(".//polyline")
    assert line is not None
    (x0, y0), (x1, y1) = (map(float, pair.split(",")) for pair in line.get("points", "").split())
    assert 2 * (x0 - 46) == pytest.approx(x1 - 46, abs=0.2)
    foot = 300  # where mIoU 0 is
    assert 2 * (foot - y0) == pytest.approx(foot - y1, abs=0.2)


@pytest.mark.parametrize(("step", "round"), [(0.07, 0.1), (1, 1), (2.1, 2.5), (3, 5), (260, 500)])
def test_ticks_are_round(step: float, round: float) -> None:
    assert nice(step) == pytest.approx(round)


def test_an_axis_has_the_ticks_within() -> None:
    assert Axis(0, 1, 0, 100).ticks() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert Axis(0.31, 0.52, 0, 100).ticks() == pytest.approx([0.35, 0.4, 0.45, 0.5])


def test_names_at_the_ends_of_lines_keep_apart() -> None:
    plan = replace(PLAN, groups=(Group("All", ARMS[:2]),))
    close = figures_of(plan, {"arm0": [run_of(0, 0.5)], "arm1": [run_of(0, 0.501)]})
    drawn = ElementTree.fromstring(curves(list(close.values()), COLOURS, by_work=False))
    places = sorted(float(text.get("y", 0)) for text in drawn.findall(".//text[@class='name']"))
    assert places[1] - places[0] >= 14.9


def test_arms_that_differ_in_steps_alone_share_a_colour() -> None:
    other = Arm("other", "Other", choose("default", "enet"))
    longer = with_steps(ARMS[0], "longer", "Longer", 9)
    plan = replace(PLAN, groups=(Group("All", (ARMS[0], other, longer)),))
    assert plan.colours() == {"arm0": 0, "other": 1, "longer": 0}
