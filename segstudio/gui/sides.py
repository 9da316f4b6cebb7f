"""What can stand on a side of a comparison, and how it is brought."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from segstudio.domain.tiles import Layer, SparseLayer
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.store.formats import Picture

LANE = "compare"


@dataclass(frozen=True)
class Side:
    """One of the two that are compared. A run's model, a bundle or a file has a number or path."""

    kind: Literal["mask", "proposal", "model", "run", "bundle", "file"]
    run: int = 0
    path: Path | None = None

    @property
    def layer(self) -> Layer | None:
        """The layer of the session that it is; None for what must be fetched."""
        return {"mask": Layer.MASK, "proposal": Layer.PROPOSAL}.get(self.kind)


MASK, PROPOSAL, MODEL = Side("mask"), Side("proposal"), Side("model")


def fetch(session: Session, side: Side, title: str, picture: "Picture | None") -> Job | None:
    """Start bringing a side that is no layer of the session; its result is a `SparseLayer`.

    Only a mask file needs no picture.
    """
    from segstudio.store.pictures import open_picture
    from segstudio.workflows.models import Found, in_use, of_run
    from segstudio.workflows.two_masks import predicted_layer, reference_layer

    project, image = session.project, session.image
    if project is None or image is None:
        return None
    classes, size = list(session.classes), (image.height, image.width)
    path = project.path_of(image)

    def work(job: Job) -> SparseLayer:
        if side.kind == "file":
            assert side.path is not None
            return reference_layer(side.path, size, classes, job)
        if side.path is not None:
            found = Found(side.path)
        else:
            found = in_use(project) if side.kind == "model" else of_run(project, side.run)
        assert picture is not None
        if picture.nbytes:
            return predicted_layer(found, project, picture, job, threads=1)
        # One that is read in windows may be opened anew, by its overviews, at any time.
        with closing(open_picture(path)) as own:
            return predicted_layer(found, project, own, job, threads=1)

    return session.jobs.start(f"Comparing with {title}", work, LANE)
