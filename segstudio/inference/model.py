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
from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError
from segstudio.inference.answers import Logits, logits_of
from segstudio.inference.foreign import TOLD, card_of, fitted_to
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
            card = read_card(path / "card.json")
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
        """A session that gives the encoder's deepest map after the answer; None: there is none.

        It is another one, so that those who ask for no features pay nothing for them.
        """
        if self.card.features is None or self._took.size is not None:
            return None
        try:
            session = open_session(self._file, self._threads, self.card.features)
        except UserError:  # a graph without a tensor of that name: it was made anew elsewhere
            return None
        entry = session.get_outputs()[-1]
        return session if entry.type == "tensor(float)" and len(entry.shape) == 4 else None

    def logits_and_features(self, pixels: Pixels) -> tuple[Logits, FeatureMap]:
        """Return `logits` and what the encoder says, of one run of a model that gives features."""
        self.card.input.check(pixels)
        maps: list[FeatureMap] = []
        logits = self._answer(pixels.reshape(*pixels.shape[:2], -1), maps)
        return logits, maps[-1]

    def logits(self, pixels: Pixels) -> Logits:
        """Return C × H × W logits of H × W × bands pixels, as numbers of the file."""
        height, width = pixels.shape[:2]
        self.card.input.check(pixels)
        pixels = pixels.reshape(height, width, -1)
        if self.whole is not None:
            answer = self._answer(stretched(pixels, *self.whole))
            return drawn(answer, Box(0, 0, height, width), (height, width))
        side = self.card.tile + 2 * self.card.halo
        if self._took.size is None or max(height, width) <= side:
            return self._answer(pixels)
        out = np.empty((len(self.card.classes), height, width), np.float32)
        for window in tiling.windows(height, width, self.card.tile, self.card.halo):
            answer = self._answer(pixels[window.read.slices])
            out[(..., *window.core.slices)] = tiling.core(window, answer)
        return out

    def probabilities(self, pixels: Pixels) -> Logits:
        """Return C × H × W shares that sum to 1 over the classes."""
        return self.shares(self.logits(pixels))

    def shares(self, logits: Logits) -> Logits:
        """Return the probabilities of C × H × W logits, at the temperature of the card."""
        return softmax(logits / np.float32(self.card.temperature))

    def _answer(self, pixels: Pixels, maps: list[FeatureMap] | None = None) -> Logits:
        """Return the logits of pixels that fit into one run of the network.

        Features go into ``maps``, if it is given, as its last.
        """
        height, width = pixels.shape[:2]
        while True:
            padded, answer = self._run(pixels, maps)
            margin = margin_of(padded, (answer.shape[1], answer.shape[2]))
            if margin <= self._margin:
                break
            self._margin = margin  # of a network of any size it shows only now
        margin = self._margin
        inner = padded[0] - 2 * margin, padded[1] - 2 * margin
        if answer.shape[1:] != inner:
            answer = drawn(answer, Box(0, 0, *inner), inner)
        return answer[:, :height, :width]

    def _run(self, pixels: Pixels, maps: list[FeatureMap] | None) -> tuple[tuple[int, int], Logits]:
        """Run the network on pixels, padded by repetition; return the padded size and logits."""
        margin, stride = self._margin, self.card.stride
        height, width = (side + 2 * margin for side in pixels.shape[:2])
        full = self._took.size or (-(-height // stride) * stride, -(-width // stride) * stride)
        below, right = full[0] - height + margin, full[1] - width + margin
        if margin or below or right:
            sides = ((margin, below), (margin, right), (0, 0))
            pixels = np.pad(pixels, sides, mode="edge")
        x = self.card.input.prepare(pixels).astype(self._took.dtype, copy=False)
        if maps is None:
            answers = self._session.run(self._names, {self._took.name: x})
        else:
            names = [*self._names, self.card.features]
            *answers, given = self._deeper.run(names, {self._took.name: x})
            maps.append(_map_of(given[0], full, margin))
        return full, logits_of(answers, self.card.output, self._layout, len(self.card.classes))


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities of C × H × W logits."""
    powers: NDArray[np.float32] = np.exp(logits - logits.max(0, keepdims=True))
    powers /= powers.sum(0, keepdims=True)
    return powers


def _map_of(values: NDArray[np.float32], size: tuple[int, int], margin: int) -> FeatureMap:
    """Return a map, F × h × w, of a padded picture as one of the picture without its margin."""
    tall, wide = size[0] / values.shape[1], size[1] / values.shape[2]
    return FeatureMap(values[:, round(margin / tall) :, round(margin / wide) :], (tall, wide))


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
    kept = read_card(sidecar)
    if not said:
        return kept
    return card_of(session, file, kept.settings.get(TOLD, {}) | dict(said))


def read_card(file: Path) -> Card:
    """Read the card of a model; raise `UserError` where the file holds something else."""
    try:
        return Card.from_json(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{file} is not the card of a model", "export the model again") from error
