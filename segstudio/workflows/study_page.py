"""A study as one HTML page that needs nothing else: tables, charts, and what was done."""

import time
from collections.abc import Iterator, Sequence
from html import escape

from segstudio.domain.classes import LabelClass
from segstudio.workflows import study_charts as charts
from segstudio.workflows.study_arms import Group, Plan, told
from segstudio.workflows.study_figures import Figures, Interval
from segstudio.workflows.study_training import Made

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1c1e22;--faint:#63676f;--line:#d9dbde;
--soft:#f4f5f6;--accent:#1f6fe0;--c0:#1c1e22;--c1:#0072b2;--c2:#d55e00;--c3:#009e73;--c4:#b0528a;
--c5:#8a6d00;--c6:#2f7f9e;--c7:#7a4fb5}
@media(prefers-color-scheme:dark){:root{--paper:#17181a;--ink:#e8e9eb;--faint:#9a9fa8;
--line:#2e3033;--soft:#202124;--accent:#6aa8ff;--c0:#e8e9eb;--c1:#56b4e9;--c2:#e69f00;--c3:#3fc796;
--c4:#e08fc0;--c5:#f0e442;--c6:#7fc7dd;--c7:#b79bea}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1240px;margin:0 auto;padding:36px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}h2{font-size:18px;margin:36px 0 8px}
h3{font-size:15px;margin:20px 0 6px}p{max-width:78ch;margin:6px 0}
.faint,figcaption,.note{color:var(--faint)}figcaption,.note{font-size:13px}
.wide{overflow-x:auto}figure{margin:12px 0}svg{width:100%;max-width:760px;height:auto;display:block}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;margin:8px 0}
th,td{padding:5px 8px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
tr:first-child th:first-child,td:first-child{text-align:left;padding-left:0}
thead th{font-weight:600;color:var(--faint);vertical-align:bottom}
.best{font-weight:700}.under{font-weight:400;color:var(--faint);font-size:12px}
td{vertical-align:top}.theirs{background:var(--soft);color:var(--faint);font-style:italic;white-space:normal;max-width:8em}
.swatch{display:inline-block;width:10px;height:10px;border-radius:50%;margin-right:8px}
.grid{stroke:var(--line);fill:none}.tick{fill:var(--faint);font-size:11px}
.line{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round}
.band{fill:currentColor;opacity:.12}.dot{fill:currentColor}.lead{stroke:currentColor;opacity:.35}
.seed{fill:none;stroke:currentColor;opacity:.7}.name{fill:currentColor;font-size:11.5px}
.end{text-anchor:end}.first{stroke:var(--faint);stroke-dasharray:3 3;fill:none}
details{margin-top:20px}summary{cursor:pointer;color:var(--accent)}code{font-size:12.5px}
"""

DASH = "–"


def page(
    plan: Plan,
    made: Made,
    figures: dict[str, Figures],
    classes: Sequence[LabelClass],
    seeds: Sequence[int],
    command: str,
) -> str:
    """Return the page of what there is of a study so far."""
    order = [figures[arm.name] for arm in plan.arms]
    parts = [
        "<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(plan.title)}</title><style>{STYLE}</style></head><body><main>",
        *_head(plan, made, order, seeds),
        f"<figure>{charts.intervals(order, plan.colours())}<figcaption>mIoU on "
        f"{escape(_measured(made))}: the mean over the seeds with its 95 % interval; rings "
        "are single seeds, the dashed line is the first arm.</figcaption></figure>",
    ]  # fmt: skip
    for group in plan.groups:
        parts += _group(group, order, plan, made)
    parts += ["<h2>IoU by class</h2>", _classes(order, classes), *_foot(made, order, command)]
    return "\n".join([*parts, "</main></body></html>\n"])


def _head(plan: Plan, made: Made, order: Sequence[Figures], seeds: Sequence[int]) -> Iterator[str]:
    done, wanted = sum(len(one.runs) for one in order), len(order) * len(seeds)
    yield f"<h1>{escape(plan.title)}</h1>"
    yield (
        f'<p class="faint">Learned from {made.learned} pictures, measured on '
        f"{escape(_measured(made))}; {len(seeds)} seed{'s' * (len(seeds) != 1)} an arm. "
        f"{time.strftime('%Y-%m-%d')}.</p>"
    )
    if done < wanted:
        yield (
            f"<p><strong>Not finished: {done} of {wanted} runs are done.</strong> "
            "The same command goes on with the others.</p>"
        )
    if made.indicative:
        yield (
            "<p><strong>Indicative</strong>: measured on parts of the same pictures, as too few "
            "are labelled to hold whole ones back.</p>"
        )
    yield from (f"<p>{escape(sentence)}</p>" for sentence in plan.about)
    yield (
        f"<p>Grey columns are <em>as printed in the paper</em>: {escape(plan.source)}. They were "
        "reached on other data and machines and are no results of this program.</p>"
    )


def _measured(made: Made) -> str:
    many = "picture" if made.judged == 1 else "pictures"
    if made.measured_on == "held back":
        return f"{made.judged} {many} held back"
    return f"{made.judged} {many} of {made.measured_on}"


def _group(group: Group, order: Sequence[Figures], plan: Plan, made: Made) -> Iterator[str]:
    known = {one.arm.name: one for one in order}
    arms, colours = [known[arm.name] for arm in group.arms], plan.colours()
    if arms[0] is not order[0]:
        arms.insert(0, order[0])
    yield f"<h2>{escape(group.title)}</h2>"
    yield f'<div class="wide">{_table(arms, colours)}</div>'
    drawn = charts.curves(arms, colours, group.by_work)
    if drawn:
        yield (
            f"<figure>{drawn}<figcaption>mIoU while learning, on {made.watched} pictures "
            "that are not learned from: the mean over the seeds, and the range from the lowest "
            "to the highest.</figcaption></figure>"
        )


OWN = (
    ("mIoU", "95 %"), ("to the first", "95 %"), ("parameters", "learning"), ("MACs", "256²"),
    ("steps", ""), ("s a step", "CPU s"), ("memory", "MB"), ("training", "s"),
)  # fmt: skip
"""Heads of the columns that are measured; the second line is of the second lines below it."""


def _table(arms: Sequence[Figures], colours: dict[str, int]) -> str:
    """Return the figures of some arms, and in columns of their own what the paper prints."""
    printed = list(dict.fromkeys(name for one in arms for name in one.arm.printed))
    heads = [
        f'<th rowspan="2">{name}<br/><span class="under">{under or "&nbsp;"}</span></th>'
        for name, under in OWN
    ]
    theirs = f'<th class="theirs" colspan="{len(printed)}">as printed in the paper</th>'
    second = "".join(f'<th class="theirs">{escape(name)}</th>' for name in printed)
    best = max((one.miou for one in arms if one.miou is not None), default=None)
    rows = [
        f'<thead><tr><th rowspan="2"></th>{"".join(heads)}{theirs if printed else ""}</tr>'
        f"<tr>{second}</tr></thead><tbody>"
    ]
    for one in arms:
        colour = f"var(--c{colours[one.arm.name] % charts.COLOURS})"
        mark = f'<span class="swatch" style="background:{colour}"></span>'
        cells = [f"<td>{mark}{escape(one.arm.title)}</td>", *_own(one, best)]
        cells += [
            f'<td class="theirs">{escape(one.arm.printed.get(name, DASH))}</td>' for name in printed
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</tbody></table>"


def _own(one: Figures, best: float | None) -> Iterator[str]:
    """Yield the cells of what is measured."""
    if not one.runs or one.miou is None:
        yield from [_cell(DASH)] * len(OWN)
        return
    spread = "" if one.spread is None else f" ± {one.spread:.3f}"
    yield _cell(f"{one.miou:.3f}{spread}", ranged(one.interval), one.miou == best)
    difference = DASH if one.difference is None else signed(one.difference)
    yield _cell(difference, ranged(one.difference_interval, True))
    run, whole = one.runs[0], one.training_seconds
    frozen = run.trained < run.parameters
    yield _cell(millions(run.parameters), millions(run.trained) if frozen else "")
    yield _cell(f"{run.macs / 1e9:.2f} G")
    yield _cell(f"{run.steps:,}")
    yield _cell(seconds(one.step_seconds), seconds(one.step_cpu_seconds))
    yield _cell(f"{run.bytes / 2**20:,.0f}")
    yield _cell(DASH if whole is None else f"{whole:,.0f}")


def ranged(ends: Interval | None, difference: bool = False) -> str:
    """Write an interval, of a difference with signs, or a dash where there is none."""
    if ends is None:
        return DASH
    low, high = (signed(end) if difference else f"{end:.3f}" for end in ends)
    return f"{low} … {high}"


def signed(value: float) -> str:
    """Write a difference with its sign."""
    return f"{value:+.3f}".replace("-", "−")


def millions(number: int) -> str:
    """Write a number of parameters."""
    return f"{number / 1e6:.2f} M"


def seconds(value: float | None) -> str:
    """Write the time of a step."""
    if value is None:
        return DASH
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _cell(text: str, under: str = "", best: bool = False) -> str:
    kind = ' class="best"' if best else ""
    below = f'<br/><span class="under">{escape(under)}</span>' if under else ""
    return f"<td{kind}>{escape(text)}{below}</td>"


def _classes(order: Sequence[Figures], classes: Sequence[LabelClass]) -> str:
    names = [label.name for label in classes]
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = []
    for one in order:
        iou = one.iou
        cells = [iou.get(name) for name in names]
        written = "".join(_cell(DASH if v is None else f"{v:.3f}") for v in cells)
        rows.append(f"<tr><td>{escape(one.arm.title)}</td>{written}</tr>")
    head = f"<thead><tr><th></th>{heads}</tr></thead>"
    return f'<div class="wide"><table>{head}<tbody>{"".join(rows)}</tbody></table></div>'


def _foot(made: Made, order: Sequence[Figures], command: str) -> Iterator[str]:
    yield (
        '<h2>How to read this</h2><p class="note">mIoU: intersection over union, mean over the '
        "classes of the reference, one confusion matrix over whole pictures at their own size. "
        "Measured are the averaged weights after the last step: no measured picture has chosen "
        "them. ±: standard deviation over seeds. 95 %: pictures and seeds are drawn anew a "
        "thousand times, the same ones for every arm, so that a difference to the first arm whose "
        "interval leaves out zero is no chance of these pictures and seeds; few seeds make it "
        "look surer than it is. Seconds a step: the median by the clock, with whatever else the "
        "machine did; CPU seconds: work on all processors. Training: median step × steps. Memory "
        "is counted, not measured: weights, their average, gradients, the optimiser's numbers "
        "and what the backward pass keeps of a batch.</p>"
    )
    if made.failed:
        yield "<h2>Left out</h2><ul>"
        yield from (f"<li>{escape(f.path)}: {escape(f.reason)}</li>" for f in made.failed)
        yield "</ul>"
    runs = [run for one in order for run in one.runs]
    yield "<details><summary>Settings, machine, and how to make it again</summary>"
    yield f"<p><code>{escape(command)}</code></p>"
    for one in order:
        training = one.arm.choice.training
        values = told(training) | dict(one.arm.choice.loss) | dict(one.arm.choice.network)
        text = ", ".join(f"{name} = {value}" for name, value in values.items())
        yield f"<p>{escape(one.arm.title)}: <code>{escape(training.network)}</code>; "
        yield f"<code>{escape(text)}</code></p>"
    for text in dict.fromkeys(said for run in runs for said in run.said):
        yield f"<p>Said while learning: {escape(text)}</p>"
    for text in dict.fromkeys(f"{r.machine}, {r.device}, {r.program}" for r in runs):
        yield f"<p>{escape(text)}</p>"
    yield "</details>"
