"""Models that segment what a person clicks on: the family of SAM, as two ONNX files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.domain.task import Cancelled, Task
from segstudio.errors import UserError
from segstudio.inference.model import open_session
from segstudio.inference.patience import run_patiently
from segstudio.inference.prompt_decoder import (
    CORNER,
    NEGATIVE,
    OTHER_CORNER,
    POSITIVE,
    Answer,
    Decoder,
    Floats,
)
from segstudio.inference.prompt_encoder import Encoder, Frame, Rgb

Click = tuple[float, float, bool]
"""x and y in pixels of the picture, and whether what lies there belongs to the object."""


@dataclass(frozen=True, eq=False)
class Embedding:
    """A picture as the encoder understood it: made once, asked for masks many times."""

    frame: Frame
    features: dict[str, NDArray[Any]]

    @property
    def image(self) -> Box:
        """The whole picture."""
        return Box(0, 0, *self.frame.picture)

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return sum(array.nbytes for array in self.features.values())


@dataclass(frozen=True, eq=False)
class Candidate:
    """A mask that a model proposes."""

    region: Region
    """Of the whole picture."""

    score: float
    """How good the model thinks it is; an estimate of its IoU."""

    low_res: Floats | None
    """What to give back to the model with the next click; None where it takes nothing."""


class PromptModel:
    """An encoder and a decoder that belong together."""

    def __init__(self, encoder: Encoder, decoder: Decoder) -> None:
        self._encoder, self._decoder = encoder, decoder

    @classmethod
    def open(
        cls, path: Path, decoder: Path | None = None, threads: int | None = None
    ) -> "PromptModel":
        """Open a folder with an encoder and a decoder, or the two files.

        Raises `UserError` that says what is wrong, and with which file.
        """
        first, second = _pair(path) if decoder is None else (path, decoder)
        for file in (first, second):
            if not file.is_file():
                raise UserError(f"there is no file {file}", "choose another file")
        encoder = Encoder.of(open_session(first, threads), first)
        session = open_session(second, threads)
        return cls(encoder, Decoder(session, second, encoder.outputs))

    def embed(self, rgb: Rgb, task: Task) -> Embedding:
        """Run the encoder on a picture of 8 bits, height × width × 3. Takes seconds.

        Raises `UserError` where the model cannot be run.
        """
        encoder = self._encoder
        height, width = rgb.shape[:2]
        if not rgb.size:
            raise UserError("the picture is empty", "choose another picture")
        frame = Frame.of((height, width), encoder.whole, self._decoder.stretches)
        feeds = {encoder.name: encoder.prepared(rgb, frame)}
        try:
            found = run_patiently(encoder.session, feeds, task, "Understanding the picture")
        except (Cancelled, UserError):
            raise
        except Exception as error:
            raise _unrunnable(encoder.file, error) from error
        names = (entry.name for entry in encoder.outputs)
        return Embedding(frame, dict(zip(names, found, strict=True)))

    def masks(
        self,
        embedding: Embedding,
        clicks: Sequence[Click] = (),
        box: Box | None = None,
        low_res: Floats | None = None,
    ) -> list[Candidate]:
        """Return what clicks, a box or both may mean, the best first; equal ones once.

        ``low_res`` is that of the candidate which the clicks correct. Raises `UserError` for
        clicks outside the picture, and where the model cannot be run.
        """
        marks = _marks(embedding, clicks, box)
        try:
            answer = self._decoder.answer(embedding.features, embedding.frame, marks, low_res)
        except UserError:
            raise
        except Exception as error:
            raise _unrunnable(self._decoder.file, error) from error
        return _candidates(answer, embedding.frame)


def _pair(folder: Path) -> tuple[Path, Path]:
    """Find the encoder and the decoder in a folder."""
    files = sorted(folder.glob("*.onnx")) if folder.is_dir() else []
    found = [
        [file for file in files if part in file.stem.lower()] for part in ("encoder", "decoder")
    ]
    if all(len(part) == 1 for part in found):
        return found[0][0], found[1][0]
    there = ", ".join(file.name for file in files) or "no .onnx file"
    raise UserError(
        f"{folder} has {there}, not one encoder and one decoder",
        "name the files so that one has encoder in its name and one decoder",
    )


def _marks(
    embedding: Embedding, clicks: Sequence[Click], box: Box | None
) -> list[tuple[float, float, int]]:
    """Return clicks and box as SAM's points."""
    image, seen = embedding.image, embedding.frame.seen
    inside = box.clipped(image) if box is not None else None
    if any(not (0 <= x <= image.right and 0 <= y <= image.bottom) for x, y, _ in clicks):
        raise UserError("the click lies outside the picture", "click inside it")
    if inside is not None and not inside:
        raise UserError("the box lies outside the picture", "draw it inside the picture")
    if not clicks and inside is None:
        raise UserError("there is neither a click nor a box", "click on what is meant")
    marks = [(*seen((x, y)), POSITIVE if good else NEGATIVE) for x, y, good in clicks]
    if inside is not None:
        marks.append((*seen((inside.left, inside.top)), CORNER))
        marks.append((*seen((inside.right, inside.bottom)), OTHER_CORNER))
    return marks


def _candidates(answer: Answer, frame: Frame) -> list[Candidate]:
    found: list[Candidate] = []
    for n in np.argsort(-answer.scores[: len(answer.masks)], kind="stable"):
        region = _full_size(answer.masks[n], answer.fills_picture, frame)
        if region.any() and not any((region == other.region).all() for other in found):
            low_res = None if answer.low_res is None else answer.low_res[n]
            found.append(Candidate(region, float(answer.scores[n]), low_res))
    return found


def _full_size(mask: Floats, fills_picture: bool, frame: Frame) -> Region:
    """Scale a mask to the picture, leaving out the padding."""
    import cv2

    if not fills_picture:
        mask = cv2.resize(mask, frame.whole[::-1], interpolation=cv2.INTER_LINEAR)
        mask = mask[: frame.filled[0], : frame.filled[1]]
    height, width = frame.picture
    full = cv2.resize(np.ascontiguousarray(mask), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full > 0)


def _unrunnable(file: Path, error: Exception) -> UserError:
    first = str(error).strip().partition("\n")[0]
    return UserError(f"{file.name} cannot be run: {first}", "choose another model")
