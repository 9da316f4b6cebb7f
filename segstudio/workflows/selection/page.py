"""A study of selection as one HTML page that needs nothing else, raw numbers included."""

import time
from collections.abc import Iterator, Sequence
from html import escape

from segstudio.errors import Failure
from segstudio.workflows.selection import chart
from segstudio.workflows.selection.arms import FULL, JUDGED, OURS, Arm, arms_of
from segstudio.workflows.selection.figures import SetFigures, goals, penalised, verdicts
from segstudio.workflows.study_charts import COLOURS
from segstudio.workflows.study_page import DASH, STYLE, signed

TITLE = "Which regions to label first"

SOURCES = (
    "Mean entropy of pictures is the order of S1 (Valishin et al. 2025). Recommended is made of "
    "parts of ClaSP PE (arXiv 2601.13677), nnActive (arXiv 2511.19183) and region methods "
    "(Cai et al., CVPR 2021)."
)


def page(
    sets: Sequence[SetFigures],
    seeds: Sequence[int],
    failed: Sequence[Failure],
    command: str,
) -> str:
    """Return the page of what there is so far."""
    known = {arm.name for one in sets for arm in one.arms}
    arms = [arm for name, arm in arms_of(sets[0].terms).items() if name in known]
    parts = [
        "<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{TITLE}</title><style>{STYLE}</style></head><body><main>",
        *_head(sets, arms, seeds), *_goals(sets), *_verdicts(sets, arms),
    ]  # fmt: skip
    for one in sets:
        parts += _set(one, arms)
    parts += [*_penalties(sets, arms), *_foot(sets, arms, failed, command)]
    return "\n".join([*parts, "</main></body></html>\n"])


def _head(sets: Sequence[SetFigures], arms: Sequence[Arm], seeds: Sequence[int]) -> Iterator[str]:
    terms = sets[0].terms
    done = sum(len(curves) for one in sets for curves in one.runs.values())
    wanted = sum(len(one.arms) for one in sets) * len(seeds)
    yield f"<h1>{TITLE}</h1>"
    yield (
        f'<p class="faint">{len(sets)} sets of pictures, {len(arms)} arms, {len(seeds)} seeds; '
        f"{time.strftime('%Y-%m-%d')}.</p>"
    )
    if done < wanted:
        yield (
            f"<p><strong>Not finished: {done} of {wanted} curves are done.</strong> The same "
            "command goes on with the others.</p>"
        )
    yield (
        f"<p>A simulated person labels {terms.budget} regions of {terms.side} pixels a side in "
        f"each of {terms.rounds} rounds, from reference masks; whole pictures are labelled up to "
        "the same number of pixels. The first round is drawn by lot, labelled and trained once a "
        "seed, and shared by all arms; after that each arm chooses for itself. Weights, steps and "
        "all else of the training are alike. What decides is the area under the curve: the mean "
        "mIoU between the pixels of the first round and those of the last.</p>"
    )
    if terms.choice.weights is not None:
        name = escape(terms.choice.weights.name)
        yield f"<p>All begin from the weights of <code>{name}</code>, not from random ones.</p>"
    yield f"<p>{SOURCES}</p>"


def _goals(sets: Sequence[SetFigures]) -> Iterator[str]:
    yield "<h2>What was to be reached</h2><table><tbody>"
    for wanted, found in goals(sets):
        yield (
            f"<tr><td>{escape(wanted)}</td>"
            f'<td style="text-align:left;white-space:normal">{escape(found)}</td></tr>'
        )
    yield "</tbody></table>"


def _verdicts(sets: Sequence[SetFigures], arms: Sequence[Arm]) -> Iterator[str]:
    """Yield a table of ours against each other judged arm."""
    rows = [
        (arm, verdict)
        for arm in arms
        if arm.name in JUDGED and arm.name != OURS
        for verdict in verdicts(sets, arm.name)
    ]
    if not rows:
        return
    yield "<h2>Recommended against the others</h2>"
    yield _table(
        ("against", "on", "pairs", "difference of areas", "seeds won", "p", "corrected", ""),
        [
            (
                arm.title, verdict.set, str(len(verdict.each)), signed(verdict.difference),
                f"{sum(value > 0 for value in verdict.each)} of {len(verdict.each)}",
                f"{verdict.p:.4f}",
                DASH if verdict.corrected is None else f"{verdict.corrected:.4f}", verdict.said,
            )
            for arm, verdict in rows
        ],
    )  # fmt: skip
    yield (
        '<p class="note">p: exact paired sign-flip test over the seeds, two-sided. Corrected '
        "(Holm) for the judged sets; a set that settings were tuned on is not judged.</p>"
    )


def _set(one: SetFigures, arms: Sequence[Arm]) -> Iterator[str]:
    note = ", which the settings were tuned on" if one.tuned else ""
    yield f"<h2>{escape(one.name)}</h2>"
    yield (
        f'<p class="faint">{one.pictures} pictures to choose from{note}; measured on '
        f"{one.judged} others.</p>"
    )
    place = {arm.name: number for number, arm in enumerate(arms)}
    others = [arm.name for arm in arms if arm.name not in (*JUDGED, FULL) and arm.name in one.runs]
    parts = [(OURS, *others)] if others else []
    drawings = [(chart.over_labels, names) for names in (JUDGED, *parts)]
    for draw, names in (*drawings, (chart.over_time, JUDGED)):
        known = [name for name in names if name in place]
        drawn = draw(one, known, [place[name] for name in known])
        if drawn:
            yield (
                f"<figure>{drawn}<figcaption>Means over the seeds, with one standard error, at "
                "the median of what they cost; dashed: all labels.</figcaption></figure>"
            )
    yield f'<div class="wide">{_reached(one, arms, place)}</div>'


HEADS = (
    "", "seeds", "area", "±", "last mIoU", "worst class", "variance", "regions", "labelled",
    "of all labels'", "95 % of it from", "seconds", "× random",
)  # fmt: skip


def _reached(one: SetFigures, arms: Sequence[Arm], place: dict[str, int]) -> str:
    rows = []
    for arm in arms:
        row = one.row(arm)
        if not row["seeds"]:
            continue
        colour = f"var(--c{place[arm.name] % COLOURS})"
        cells = [
            f'<span class="swatch" style="background:{colour}"></span>{escape(arm.title)}',
            str(row["seeds"]), *(_number(row[n]) for n in ("area", "spread", "miou", "worst")),
            _number(row["iou_variance"], ".4f"), _number(row["regions"], ",.0f"),
            _number(row["labelled"], ".2%"),
            _number(row["of_full"], ".1%"), _number(row["enough"], ".1%"),
            _number(row["seconds"], ",.0f"),
            _number(row["time_ratio"], ".2f"),
        ]  # fmt: skip
        rows.append("".join(f"<td>{cell}</td>" for cell in cells))
    return _rows(HEADS, rows)


def _penalties(sets: Sequence[SetFigures], arms: Sequence[Arm]) -> Iterator[str]:
    judged = [one for one in sets if not one.tuned]
    shown = [a for a in arms if a.name in JUDGED and any(a.name in one.runs for one in judged)]
    if len(shown) < 2:
        return
    matrix = penalised(sets, [arm.name for arm in shown])
    yield "<h2>Pairwise penalties</h2>"
    rows = [
        (arm.title, *(f"{value:.2f}" if n != m else "" for m, value in enumerate(matrix[n])))
        for n, arm in enumerate(shown)
    ]
    means = [sum(line[n] for line in matrix) / len(matrix) for n in range(len(shown))]
    rows.append(("penalty (mean of the column)", *(f"{value:.2f}" for value in means)))
    yield f'<div class="wide">{_table(("beats", *(arm.title for arm in shown)), rows)}</div>'
    yield (
        f'<p class="note">How often the arm of a row beats that of a column, of {len(judged)} '
        "judged sets: each gives 1 in all, in equal parts after each round but the first, "
        "where the mIoU differs with p &lt; 0.05 over the seeds. The lower the penalty the "
        "better.</p>"
    )


def _foot(
    sets: Sequence[SetFigures], arms: Sequence[Arm], failed: Sequence[Failure], command: str
) -> Iterator[str]:
    yield (
        '<h2>How to read this</h2><p class="note">mIoU: intersection over union, mean over the '
        "classes of the reference, one confusion matrix over all pictures that are measured on. "
        "Variance: over the classes' IoUs, 0 to 1. Labelled: of all pixels that there were to "
        "label, those of the pictures set aside with their labels among them. Of all labels': last "
        "mIoU as a part of what one training with all labels and as many steps as all rounds "
        "together reaches. Seconds: training with export, and choosing with all that was looked at "
        "for it; × random: median over the seeds, of all rounds."
    )
    held = sets[0].terms.held
    yield (
        f"For each seed {held} pictures are set aside with their labels, of which no arm learns: "
        "the temperature of every model is found on them.</p>"
        if held
        else "</p>"
    )
    if failed:
        yield "<h2>Left out</h2><ul>"
        yield from (f"<li>{escape(f.path)}: {escape(f.reason)}</li>" for f in failed)
        yield "</ul>"
    yield "<details><summary>Settings, and how to make it again</summary>"
    yield f"<p><code>{escape(command)}</code></p>"
    settings = sets[0].terms.to_json()
    for name, value in settings.pop("choice").items():
        settings[name] = value
    for name, value in settings.items():
        yield f"<p>{escape(name)}: <code>{escape(str(value))}</code></p>"
    for arm in arms:
        yield f"<p>{escape(arm.title)}: <code>{escape(repr(arm))}</code></p>"
    yield "</details><details><summary>Raw numbers</summary><pre>"
    yield escape("\n".join(_raw(sets)))
    yield "</pre></details>"


def _raw(sets: Sequence[SetFigures]) -> Iterator[str]:
    yield "set\tarm\tseed\tround\tregions\tpixels\tmIoU\tworst\tvariance\ttraining s\tlooking s"
    for one in sets:
        for name, curves in one.runs.items():
            for seed, rounds in sorted(curves.items()):
                for r in rounds:
                    yield "\t".join(
                        map(str, (one.name, name, seed, r.round, r.regions, r.pixels,
                                  _number(r.miou, ".4f"), _number(r.worst, ".4f"),
                                  _number(r.variance, ".5f"), f"{r.training:.1f}",
                                  f"{r.looking:.1f}"))
                    )  # fmt: skip


def _number(value: float | None, form: str = ".3f") -> str:
    return DASH if value is None else format(value, form)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return _rows(heads, ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows])


def _rows(heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
