"""The second half of a model that takes clicks: from features and clicks to masks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.errors import UserError
from segstudio.inference.prompt_encoder import Frame

Floats = NDArray[np.float32]

Marks = Sequence[tuple[float, float, int]]
"""x and y as the model sees them, and SAM's label of a point."""

NEGATIVE, POSITIVE, CORNER, OTHER_CORNER, PADDING = 0, 1, 2, 3, -1
"""SAM's labels of points; a box is two of them."""

PROMPTS = ("point_coords", "point_labels", "mask_input", "has_mask_input", "orig_im_size")

WANTED = (
    "a decoder takes the features of its encoder, point_coords and point_labels (perhaps "
    "mask_input, has_mask_input, orig_im_size) and gives masks and iou_predictions"
)

TYPES = {
    "tensor(float)": np.float32,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
}


@dataclass(frozen=True)
class Answer:
    """What a decoder found: M candidates."""

    masks: Floats
    """M × height × width, above 0 inside."""

    scores: Floats
    low_res: Floats | None
    """M × height × width of the decoder's own size, to be given back to it; None if unknown."""

    fills_picture: bool
    """Whether the masks cover just the picture, not the padding too."""


class Decoder:
    """A decoder's session, its inputs and outputs known by name and shape."""

    def __init__(self, session: Any, file: Path, features: Sequence[Any]) -> None:
        """Recognise a decoder for the outputs of an encoder.

        Raises `UserError` that says what was found instead.
        """
        self._session, self.file = session, file
        entries = session.get_inputs()
        self._prompts = {
            name: entry
            for entry in entries
            if (name := entry.name.removeprefix("batched_")) in PROMPTS
        }
        others = [entry for entry in entries if entry not in self._prompts.values()]
        self._check_prompts(entries)
        self._sources = self._matched(others, features)
        self._outputs = self._recognised(session.get_outputs())

    @property
    def stretches(self) -> bool:
        """Whether it belongs to SAM 2, which sees pictures stretched to a square."""
        return any(name.startswith("high_res_feats") for name in self._sources)

    def _check_prompts(self, entries: Sequence[Any]) -> None:
        found = ", ".join(entry.name for entry in entries)
        ranks = {"point_coords": (3, 4), "point_labels": (2, 3)}
        for name, allowed in ranks.items():
            entry = self._prompts.get(name)
            if entry is None:
                raise UserError(f"{self.file.name} takes {found}, but no {name}", WANTED)
            if len(entry.shape) not in allowed:
                shape = " × ".join(map(str, entry.shape))
                raise UserError(f"{self.file.name} takes {entry.name} as {shape}", WANTED)
        for entry in self._prompts.values():
            if entry.type not in TYPES:
                raise UserError(f"{self.file.name} takes {entry.name} as {entry.type}", WANTED)

    def _matched(self, others: Sequence[Any], features: Sequence[Any]) -> dict[str, str]:
        """Return which output of the encoder each remaining input gets: by name, else by shape."""
        left = {entry.name: entry for entry in features}
        matched = {entry.name: entry.name for entry in others if left.pop(entry.name, None)}
        for entry in others:
            if entry.name in matched:
                continue
            source = next((n for n, given in left.items() if _fit(entry, given)), None)
            if source is None:
                given = ", ".join(feature.name for feature in features)
                raise UserError(
                    f"{self.file.name} takes {entry.name}, but its encoder gives {given}", WANTED
                )
            matched[entry.name] = source
            del left[source]
        if not matched:
            raise UserError(f"{self.file.name} takes nothing that its encoder gives", WANTED)
        return matched

    def _recognised(self, outputs: Sequence[Any]) -> dict[str, int]:
        """Return the places of masks, scores and small masks among the outputs."""
        places: dict[str, int] = {}
        for place, entry in enumerate(outputs):
            name = entry.name.lower()
            if "low_res" in name:
                places.setdefault("low_res", place)
            elif "mask" in name:
                places.setdefault("masks", place)
            elif "iou" in name or "score" in name:
                places.setdefault("scores", place)
        if "masks" not in places and "low_res" in places:
            places["masks"] = places["low_res"]
        if not {"masks", "scores"} <= places.keys():
            found = ", ".join(entry.name for entry in outputs)
            raise UserError(f"{self.file.name} gives {found}", WANTED)
        return places

    def answer(
        self, features: Mapping[str, Any], frame: Frame, marks: Marks, low_res: Floats | None
    ) -> Answer:
        """Return the masks for some marks, and the small mask of a candidate before, if any."""
        feeds = {name: features[source] for name, source in self._sources.items()}
        feeds |= self._points(marks)
        feeds |= self._mask(low_res)
        if (entry := self._prompts.get("orig_im_size")) is not None:
            feeds[entry.name] = np.array(frame.filled, TYPES[entry.type])
        found = self._session.run(None, feeds)
        masks = _stack(found[self._outputs["masks"]])
        scores = np.asarray(found[self._outputs["scores"]], np.float32).reshape(-1)
        place = self._outputs.get("low_res")
        small = masks if place is None else _stack(found[place])
        exact = "orig_im_size" in self._prompts and masks.shape[1:] == frame.filled
        fits = small.shape[1:] == self._mask_size()
        return Answer(masks, scores, small if fits else None, exact)

    def _points(self, marks: Marks) -> dict[str, Any]:
        coords, labels = self._prompts["point_coords"], self._prompts["point_labels"]
        places = [(x, y) for x, y, _ in marks]
        kinds = [label for *_, label in marks]
        room = coords.shape[-2] if isinstance(coords.shape[-2], int) else None
        if room is not None and len(places) > room:
            raise UserError(
                f"{self.file.name} takes at most {room} points, a box counts as two",
                "accept the mask as it is, or begin again with fewer clicks",
            )
        # SAM was trained with a point that means nothing wherever there is no box.
        boxed = CORNER in kinds
        missing = (0 if boxed else 1) if room is None else room - len(places)
        places += [(0.0, 0.0)] * missing
        kinds += [PADDING] * missing
        ones = (1,) * (len(coords.shape) - 2)
        return {
            coords.name: np.array(places, TYPES[coords.type]).reshape(*ones, -1, 2),
            labels.name: np.array(kinds, TYPES[labels.type]).reshape(*ones, -1),
        }

    def _mask_size(self) -> tuple[int, int]:
        """Return height and width of the small mask that it takes; 0 × 0 for none."""
        entry = self._prompts.get("mask_input")
        if entry is None:
            return 0, 0
        height, width = (side if isinstance(side, int) else 256 for side in entry.shape[-2:])
        return height, width

    def _mask(self, low_res: Floats | None) -> dict[str, Any]:
        feeds: dict[str, Any] = {}
        size = self._mask_size()
        given = low_res is not None and low_res.shape == size
        if (entry := self._prompts.get("mask_input")) is not None:
            values = low_res if low_res is not None and given else np.zeros(size)
            ones = (1,) * (len(entry.shape) - 2)
            feeds[entry.name] = np.asarray(values, TYPES[entry.type]).reshape(*ones, *size)
        if (entry := self._prompts.get("has_mask_input")) is not None:
            flag: NDArray[Any] = np.array(given, TYPES[entry.type])
            feeds[entry.name] = flag.reshape((1,) * len(entry.shape))
        return feeds


def _stack(masks: NDArray[Any]) -> Floats:
    """Return M × height × width, above 0 inside; yes-or-no masks become ±0.5."""
    values = masks.reshape(-1, *masks.shape[-2:])
    if values.dtype.kind != "f":
        return np.asarray((values > 0) - np.float32(0.5), np.float32)
    return np.asarray(values, np.float32)


def _fit(taken: Any, given: Any) -> bool:
    """Tell whether an output may be an input: same type, same rank, no other fixed sides."""
    return (
        taken.type == given.type
        and len(taken.shape) == len(given.shape)
        and all(
            not (isinstance(a, int) and isinstance(b, int)) or a == b
            for a, b in zip(taken.shape, given.shape, strict=True)
        )
    )
