"""A method with its settings and the clean-up after it, kept in a project under a name."""

import difflib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from segstudio.domain.records import Row
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Key, Packed
from segstudio.errors import UserError
from segstudio.interactive.cleanup import Cleanup, cleanups
from segstudio.methods.segmenter import Segmenter, segmenters
from segstudio.settings import build
from segstudio.store.pictures import Picture
from segstudio.store.project import Project
from segstudio.store.reading import Reading, facts_json
from segstudio.workflows.items import Item
from segstudio.workflows.preview import proposal_tiles
from segstudio.workflows.segment import Proposed, cleaned_tiles, plan_segment

FACT = "pipelines"

LONGEST = 80
"""Characters of a name."""


@dataclass(frozen=True)
class Pipeline:
    """How to propose masks: parts by their names, with settings as JSON holds them.

    ``places`` are class ids by region, where not the i-th class belongs to region i; for a
    region that gets none, 255. ``together`` says that the method learns from all pictures of
    the project at once.
    """

    name: str
    method: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    cleanups: Sequence[tuple[str, Mapping[str, Any]]] = ()
    places: Mapping[int, int] = field(default_factory=dict)
    together: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        segmenter: Segmenter,
        steps: Sequence[Cleanup] = (),
        places: Mapping[int, int] | None = None,
        together: bool = False,
    ) -> "Pipeline":
        """Describe what a segmenter and steps do; raise `UserError` for a name that is none."""
        cleaning = [(cleanups.name_of(step), asdict(step)) for step in steps]
        return cls(
            checked_name(name), segmenters.name_of(segmenter), asdict(segmenter),
            cleaning, dict(places or {}), together,
        )  # fmt: skip

    @property
    def segmenter(self) -> Segmenter:
        """The method with its settings; `UserError` where this program has no such thing."""
        made: Segmenter = build(segmenters[self.method], self.settings)
        return made

    @property
    def steps(self) -> list[Cleanup]:
        """The clean-up, in its order; `UserError` as in `segmenter`."""
        return [build(cleanups[name], settings) for name, settings in self.cleanups]

    def row(self) -> Row:
        return asdict(self)

    @classmethod
    def from_row(cls, row: Row) -> "Pipeline":
        # JSON knows texts as keys only, and no tuples.
        places = {int(region): id for region, id in row["places"].items()}
        cleaning = [(name, settings) for name, settings in row["cleanups"]]
        return cls(**{**row, "places": places, "cleanups": cleaning})


# -- in the project ------------------------------------------------------------------


def read_pipelines(project: Reading) -> list[Pipeline]:
    """Return the pipelines of a project by their names, as they are committed."""
    found = [Pipeline.from_row(row) for row in facts_json(project, FACT) or []]
    return sorted(found, key=lambda pipeline: pipeline.name.casefold())


def find_pipeline(project: Reading, name: str) -> Pipeline:
    """Return a pipeline by its name; raise `UserError` where there is none."""
    known = {pipeline.name.casefold(): pipeline for pipeline in read_pipelines(project)}
    wanted = " ".join(name.split()).casefold()
    if wanted in known:
        return known[wanted]
    close = difflib.get_close_matches(wanted, known, 1)
    names = ", ".join(pipeline.name for pipeline in known.values())
    hint = f"there are: {names}" if known else "save one with: segstudio segment … --save-as NAME"
    if close:
        hint = f"did you mean {known[close[0]].name}?"
    raise UserError(f"there is no pipeline called {name.strip()!r}", hint)


def save_pipeline(project: Project, pipeline: Pipeline) -> "Future[None]":
    """Keep a pipeline in the project, in the place of one of the same name.

    The future is done once it is committed; before, none may be saved or deleted.
    """
    others = _others(project, pipeline.name)
    return _write(project, [*others, pipeline])


def delete_pipeline(project: Project, name: str) -> "Future[None]":
    """Take a pipeline out of the project; see `save_pipeline`."""
    return _write(project, _others(project, find_pipeline(project, name).name))


def checked_name(name: str) -> str:
    """Return a name without needless blanks; raise `UserError` where it is empty or too long."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST or not plain.isprintable():
        raise UserError(
            "this is no name for a pipeline", f"write a few words, up to {LONGEST} characters"
        )
    return plain


def _others(project: Reading, name: str) -> list[Pipeline]:
    return [p for p in read_pipelines(project) if p.name.casefold() != name.casefold()]


def _write(project: Project, pipelines: Sequence[Pipeline]) -> "Future[None]":
    return project.set_fact(FACT, json.dumps([pipeline.row() for pipeline in pipelines]))


# -- at work -------------------------------------------------------------------------


def plan_pipeline(
    project: Project, items: Sequence[Item], pipeline: Pipeline, task: Task, accept: bool = False
) -> Proposed:
    """Plan the proposals of a pipeline for pictures of its project, as one edit.

    Raises `UserError` where a part of it is not there any more. Items that cannot be done are
    left out with the reason; the edit of a batch that was cancelled does what was done.
    """
    planned = plan_segment(
        project, items, pipeline.segmenter, task, pipeline.places, accept,
        pipeline.together, pipeline.steps,
    )  # fmt: skip
    return replace(planned, edit=replace(planned.edit, text=f"Pipeline {pipeline.name}"))


def pipeline_tiles(
    segmenter: Segmenter,
    state: Any,
    picture: Picture,
    mapping: Mapping[int, int],
    steps: Sequence[Cleanup],
    task: Task,
) -> dict[Key, Packed]:
    """Segment a whole picture by what was learned, and clean up; return the proposal's tiles.

    ``mapping`` gives regions their classes; a region without one stays unlabelled.
    """
    if not steps:
        return proposal_tiles(segmenter, state, picture, mapping, task)
    tiles = proposal_tiles(segmenter, state, picture, mapping, Part(task, 0, 2))
    return cleaned_tiles(picture.info.box, tiles, steps, Part(task, 1, 2))
