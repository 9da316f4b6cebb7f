"""Working out planes over a tile with NumPy and OpenCV."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.domain.tiling import Valid
from segstudio.methods.features.plane import LARGEST, UNIT, Plane, order_of

Numbers = NDArray[np.float32]
"""Height × width."""

TEXT = "Looking at the surroundings of pixels"

ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "round": np.rint,
    "root": np.sqrt,
}


def worked_out(
    planes: Sequence[Plane], codes: NDArray[np.uint8], valid: Valid | None, task: Task
) -> list[Numbers]:
    """Return the numbers of planes over height × width × bands codes.

    Reports before every operation. What is no longer needed is let go.
    """
    order = order_of(planes)
    uses = Counter(id(plane) for node in order for plane in node.of)
    uses.update(id(plane) for plane in planes)
    work = _Work(codes, valid)
    found: dict[int, Any] = {}
    for done, plane in enumerate(order):
        task.report(done, len(order), TEXT)
        found[id(plane)] = work.do(plane, [found[id(part)] for part in plane.of])
        for part in plane.of:
            uses[id(part)] -= 1
            if not uses[id(part)]:
                del found[id(part)]
    return [found[id(plane)] for plane in planes]


class _Work:
    """One tile, and the operations on its planes."""

    def __init__(self, codes: NDArray[np.uint8], valid: Valid | None) -> None:
        self._codes = codes
        self._valid = None if valid is None else valid.astype(np.float32)
        self._shares: dict[bytes, Numbers] = {}

    def do(self, plane: Plane, parts: list[Any]) -> Any:
        """Return the numbers of a plane, made from those of its parts."""
        if plane.op == "band":
            return self._codes[..., int(plane.value[0])].astype(np.float32)
        if plane.op == "constant":
            return plane.value[0]
        if plane.op == "equal":
            return np.equal(*parts).astype(np.float32)
        if plane.op == "take":
            return plane.value[parts[0].astype(np.intp)]
        if plane.op == "moved":
            return _moved(parts[0], *(int(step) for step in plane.value))
        if plane.op == "smooth":
            return self._smooth(parts[0], plane.value)
        if plane.op == "total":
            return self._total(parts[0], int(plane.value[0]))
        return ELEMENTWISE[plane.op](*parts)

    def _smooth(self, numbers: Numbers, kernel: Numbers) -> Numbers:
        if self._valid is None:
            return _smoothed(numbers, kernel)
        # Of each place's surroundings only the valid part counts (Knutsson and Westin 1993).
        # Far from invalid pixels the share is 1, and nothing changes.
        name = kernel.tobytes()
        if name not in self._shares:
            self._shares[name] = _smoothed(self._valid, kernel)
        share = self._shares[name]
        summed = _smoothed(numbers * self._valid, kernel)
        mean = np.divide(summed, share, out=np.zeros_like(summed), where=share > 0)
        return _fixed(np.clip(mean, -LARGEST, LARGEST, out=mean))

    def _total(self, numbers: Numbers, radius: int) -> Numbers:
        import cv2

        if self._valid is not None:
            numbers = numbers * self._valid
        size = (2 * radius + 1, 2 * radius + 1)
        return np.asarray(
            cv2.boxFilter(numbers, -1, size, normalize=False, borderType=cv2.BORDER_REPLICATE)
        )


def _smoothed(numbers: Numbers, kernel: Numbers) -> Numbers:
    """Smooth along rows, then along columns, each time rounded to multiples of 1/UNIT."""
    import cv2

    one = np.ones(1, np.float32)
    edge = cv2.BORDER_REPLICATE
    once = _fixed(np.asarray(cv2.sepFilter2D(numbers, -1, kernel, one, borderType=edge)))
    return _fixed(np.asarray(cv2.sepFilter2D(once, -1, one, kernel, borderType=edge)))


def _fixed(numbers: Numbers) -> Numbers:
    numbers *= UNIT
    np.rint(numbers, out=numbers)
    numbers *= np.float32(1 / UNIT)
    return numbers


def _moved(numbers: Numbers, down: int, right: int) -> Numbers:
    height, width = numbers.shape
    above, below = max(-down, 0), max(down, 0)
    before, after = max(-right, 0), max(right, 0)
    import cv2

    wider = cv2.copyMakeBorder(numbers, above, below, before, after, cv2.BORDER_REPLICATE)
    return np.asarray(wider)[below : below + height, after : after + width]
