"""A trained model as ONNX Runtime runs it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import Card
from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError
from segstudio.inference.foreign import card_from_metadata, fitted_to


class Model:
    """A session and the card that says how to feed it."""

    def __init__(self, session: Any, card: Card) -> None:
        self._session = session
        self.card = card
        self.input_names = tuple(entry.name for entry in session.get_inputs())

    @classmethod
    def open(cls, path: Path, threads: int | None = None) -> "Model":
        """Open a bundle's folder, or an ``.onnx`` file that says in its metadata what it is.

        Raises `UserError` where it is neither.
        """
        file = path / "model.onnx" if path.is_dir() else path
        if not file.is_file():
            raise UserError(
                f"there is no model at {path}",
                "give the folder of a bundle (with model.onnx and card.json) or an .onnx file",
            )
        session = open_session(file, threads)
        sidecar = path / "card.json" if path.is_dir() else path.with_suffix(".card.json")
        if path.is_dir() and not sidecar.is_file():
            raise UserError(f"the model in {path} has no card.json", "export it again")
        if sidecar.is_file():
            card = _read_card(sidecar)
        else:
            card = card_from_metadata(session.get_modelmeta().custom_metadata_map, file)
        return cls(session, fitted_to(card, session, file))

    def logits(self, pixels: Pixels) -> NDArray[np.float32]:
        """Return C × H × W logits of H × W × bands pixels, as numbers of the file."""
        height, width = pixels.shape[:2]
        x = self.card.input.prepare(pixels, self.card.stride)
        (found, *_) = self._session.run(None, {self.input_names[0]: x})
        logits: NDArray[np.float32] = found[0, :, :height, :width]
        return logits

    def probabilities(self, pixels: Pixels) -> NDArray[np.float32]:
        """Return C × H × W shares that sum to 1 over the classes."""
        return softmax(self.logits(pixels))


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities of C × H × W logits."""
    powers: NDArray[np.float32] = np.exp(logits - logits.max(0, keepdims=True))
    powers /= powers.sum(0, keepdims=True)
    return powers


def open_session(file: Path, threads: int | None) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # its warnings are about graphs, not about anything to mend
    if threads is not None:
        options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(
            file.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        first = str(error).strip().partition("\n")[0]
        raise UserError(
            f"{file.name} is not a model that ONNX Runtime can load: {first}",
            "choose another model, or export it again",
        ) from error


def _read_card(file: Path) -> Card:
    try:
        return Card.from_json(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{file} is not the card of a model", "export the model again") from error
