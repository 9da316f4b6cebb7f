"""A trained model as ONNX Runtime runs it."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain import tiling
from segstudio.domain.card import Card
from segstudio.domain.features import FeatureMap
from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Pixels, Window
from segstudio.errors import UserError
from segstudio.inference.answers import Logits, logits_of
from segstudio.inference.foreign import TOLD, card_of, fitted_to
from segstudio.inference.gathering import Gathered
from segstudio.inference.graph import further_output
from segstudio.inference.ports import Given, Taken, margin_of
from segstudio.inference.whole import drawn, stretched


class Model:
    """A session and the card that says how to feed it."""

    def __init__(
        self,
        session: Any,
        card: Card,
        took: Taken,
        gave: Given,
        file: Path,
        threads: int | None = None,
    ) -> None:
        self._session, self._took = session, took
        self._file, self._threads = file, threads
        self._names = [*(card.output.names or gave.names[:1])]
        self._layout = gave.layout
        self._margin = margin_of(took.size, gave.size) if took.size and gave.size else 0
        self.card = card
        self.input_names = (took.name,)

    @classmethod
    def open(
        cls,
        path: Path,
        threads: int | None = None,
        sidecar: Path | None = None,
        said: Mapping[str, Any] | None = None,
    ) -> "Model":
        """Open a bundle's folder, or an ``.onnx`` file.

        What must be known of a file stands in a card beside it (or in ``sidecar``), in its
        metadata, or in its graph; ``said`` are fields of `Facts` that a person gave. Raises
        `UserError` where it is no model, and `Unsaid` where too little is known.
        """
        file = path / "model.onnx" if path.is_dir() else path
        if not file.is_file():
            raise UserError(
                f"there is no model at {path}",
                "give the folder of a bundle (with model.onnx and card.json) or an .onnx file",
            )
        session = open_session(file, threads)
        if path.is_dir():
            if not (path / "card.json").is_file():
                raise UserError(f"the model in {path} has no card.json", "export it again")
            card = _read_card(path / "card.json")
        else:
            card = _card_of_file(session, file, sidecar or sidecar_of(file), said)
        return cls(session, *fitted_to(card, session, file), file, threads)

    @property
    def whole(self) -> tuple[int, int] | None:
        """The size in which the model sees whole pictures; None where it sees them in windows."""
        if self._took.size is None or self.card.view == "tiles":
            return None
        height, width = self._took.size
        return height - 2 * self._margin, width - 2 * self._margin

    @property
    def doubts(self) -> bool:
        """Whether the model says how sure it is, and not only which class."""
        return self.card.output.form != "ids"

    @property
    def gives_features(self) -> bool:
        """Whether the encoder's features are to be had of it; the first time this takes long."""
        return self._deeper is not None

    @cached_property
    def _deeper(self) -> Any:
        """A session that gives the encoder's deepest map beside the answer; None: there is none.

        It is another one, so that those who ask for no features pay nothing for them.
        """
        if self.card.features is None or self.whole is not None:
            return None
        try:
            session = open_session(self._file, self._threads, self.card.features)
        except UserError:  # a graph without a tensor of that name: it was made anew elsewhere
            return None
        entry = session.get_outputs()[-1]
        return session if entry.type == "tensor(float)" and len(entry.shape) == 4 else None

    def logits(self, pixels: Pixels) -> Logits:
        """Return C × H × W logits of H × W × bands pixels, as numbers of the file."""
        return self._logits(pixels, None)

    def logits_and_features(self, pixels: Pixels) -> tuple[Logits, FeatureMap]:
        """Return logits, and what the encoder says, of one run of a model that gives features."""
        gathered = Gathered(pixels.shape[0], pixels.shape[1])
        return self._logits(pixels, gathered), gathered.map

    def _logits(self, pixels: Pixels, gathered: Gathered | None) -> Logits:
        height, width = pixels.shape[:2]
        self.card.input.check(pixels)
        pixels = pixels.reshape(height, width, -1)
        if self.whole is not None:
            size = Box(0, 0, *self.whole)
            answer = self._answer(stretched(pixels, *self.whole), Window(size, size), gathered)
            return drawn(answer, Box(0, 0, height, width), (height, width))
        side = self.card.tile + 2 * self.card.halo
        if self._took.size is None or max(height, width) <= side:
            size = Box(0, 0, height, width)
            return self._answer(pixels, Window(size, size), gathered)
        out = np.empty((len(self.card.classes), height, width), np.float32)
        for window in tiling.windows(height, width, self.card.tile, self.card.halo):
            answer = self._answer(pixels[window.read.slices], window, gathered)
            out[(..., *window.core.slices)] = tiling.core(window, answer)
        return out

    def probabilities(self, pixels: Pixels) -> Logits:
        """Return C × H × W shares that sum to 1 over the classes."""
        return self.shares(self.logits(pixels))

    def shares(self, logits: Logits) -> Logits:
        """Return the probabilities of C × H × W logits, at the temperature of the card."""
        return softmax(logits / np.float32(self.card.temperature))

    def _answer(self, pixels: Pixels, window: Window, gathered: Gathered | None) -> Logits:
        """Return the logits of pixels, those of a window, that fit into one run of the network."""
        height, width = pixels.shape[:2]
        while True:
            padded, answer, maps = self._run(pixels, gathered is not None)
            margin = margin_of(padded, (answer.shape[1], answer.shape[2]))
            if margin <= self._margin:
                break
            self._margin = margin  # of a network of any size it shows only now
        margin = self._margin
        if gathered is not None:
            top, left = window.read.top - margin, window.read.left - margin
            seen = Box(top, left, top + padded[0], left + padded[1])
            gathered.put(maps[0], seen, window.core)
        inner = padded[0] - 2 * margin, padded[1] - 2 * margin
        if answer.shape[1:] != inner:
            answer = drawn(answer, Box(0, 0, *inner), inner)
        return answer[:, :height, :width]

    def _run(
        self, pixels: Pixels, deep: bool
    ) -> tuple[tuple[int, int], Logits, list[NDArray[Any]]]:
        """Run the network on pixels, padded by repetition.

        Return the padded size, logits and, where it goes ``deep``, the encoder's map.
        """
        margin, stride = self._margin, self.card.stride
        height, width = (side + 2 * margin for side in pixels.shape[:2])
        full = self._took.size or (-(-height // stride) * stride, -(-width // stride) * stride)
        below, right = full[0] - height + margin, full[1] - width + margin
        if margin or below or right:
            sides = ((margin, below), (margin, right), (0, 0))
            pixels = np.pad(pixels, sides, mode="edge")
        x = self.card.input.prepare(pixels).astype(self._took.dtype, copy=False)
        session = self._deeper if deep else self._session
        names = [*self._names, self.card.features] if deep else self._names
        answers = session.run(names, {self._took.name: x})
        count, classes = len(self._names), len(self.card.classes)
        logits = logits_of(answers[:count], self.card.output, self._layout, classes)
        return full, logits, answers[count:]


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities of C × H × W logits."""
    powers: NDArray[np.float32] = np.exp(logits - logits.max(0, keepdims=True))
    powers /= powers.sum(0, keepdims=True)
    return powers


def open_session(file: Path, threads: int | None, also: str = "") -> Any:
    """Open a graph; the tensor named ``also`` becomes an output of it, the last.

    Raises `UserError` where that cannot be.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # its warnings are about graphs, not about anything to mend
    if threads is not None:
        options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(
            file.read_bytes() + (further_output(also) if also else b""),
            options,
            providers=["CPUExecutionProvider"],
        )
    except Exception as error:
        first = str(error).strip().partition("\n")[0]
        raise UserError(
            f"{file.name} is not a model that ONNX Runtime can load: {first}",
            "choose another model, or export it again",
        ) from error


def sidecar_of(file: Path) -> Path:
    """Return where the card of a bare ``.onnx`` file lies beside it."""
    return file.with_suffix(".card.json")


def _card_of_file(session: Any, file: Path, sidecar: Path, said: Mapping[str, Any] | None) -> Card:
    """Return the card of a bare file: the one that is kept, with what is now said anew."""
    if not sidecar.is_file():
        return card_of(session, file, said)
    kept = _read_card(sidecar)
    if not said:
        return kept
    return card_of(session, file, kept.settings.get(TOLD, {}) | dict(said))


def _read_card(file: Path) -> Card:
    try:
        return Card.from_json(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{file} is not the card of a model", "export the model again") from error
