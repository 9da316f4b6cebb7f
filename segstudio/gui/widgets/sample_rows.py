"""Sample pictures with what a network says of them, and where it is wrong."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from segstudio.domain.classes import UNLABELLED, Colour
from segstudio.gui import theme

if TYPE_CHECKING:
    from segstudio.learning.samples import Sample

OPACITY = 0.5
"""Of the classes over the picture."""

FADED = 0.35
"""How much of the picture is left where the prediction is right, or nobody knows."""

GAP = 4


class SampleRows(QWidget):
    """A row a sample: the prediction over the picture, and its errors in the class they missed."""

    clicked = Signal(int)
    """The picture of the project that a sample shows."""

    def __init__(self, prefix: str = "samples", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_rows")
        self.setAccessibleName("Samples: prediction and errors")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._samples: Sequence[Sample] = ()
        self._colours: Mapping[int, Colour] = {}
        self._images: list[tuple[QImage, QImage]] = []

    def set_samples(self, samples: "Sequence[Sample]", colours: Mapping[int, Colour]) -> None:
        """Show samples in the colours of the classes."""
        if samples is self._samples and colours == self._colours:
            return  # painting them anew takes as long as a step of the brush may
        self._samples, self._colours = samples, dict(colours)
        table = np.full((256, 3), 128, np.float32)
        for id, colour in colours.items():
            table[id] = colour
        self._images = [
            (as_image(laid_over(s, table)), as_image(errors(s, table))) for s in samples
        ]
        names = ", ".join(sample.name for sample in samples)
        self.setAccessibleDescription(names)
        self.updateGeometry()
        self.update()

    # -- where things lie ------------------------------------------------------------

    def _boxes(self, width: float) -> list[tuple[QRectF, QRectF]]:
        """Return the two places of each sample, one below the other."""
        side = max(16.0, (width - GAP) / 2)
        top, found = 0.0, []
        for image, _ in self._images:
            high = min(side * image.height() / max(1, image.width()), side)
            wide = high * image.width() / max(1, image.height())
            left = (side - wide) / 2
            box = QRectF(left, top, wide, high)
            found.append((box, box.translated(side + GAP, 0)))
            top += high + GAP
        return found

    def _height(self, width: float) -> int:
        boxes = self._boxes(width)
        return int(boxes[-1][0].bottom()) + 1 if boxes else 0

    def sizeHint(self) -> QSize:
        return QSize(280, self._height(max(self.width(), 160)))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def sample_at(self, y: float) -> "Sample | None":
        """Return the sample at a height."""
        for sample, (box, _) in zip(self._samples, self._boxes(self.width()), strict=True):
            if box.top() <= y <= box.bottom():
                return sample
        return None

    # -- Qt --------------------------------------------------------------------------

    def resizeEvent(self, event: QEvent) -> None:
        self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            sample = self.sample_at(event.pos().y())
            text = f"{sample.name}: prediction, and where it is wrong" if sample else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        sample = self.sample_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and sample and sample.image is not None:
            self.clicked.emit(sample.image)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for pair, boxes in zip(self._images, self._boxes(self.width()), strict=True):
            for image, box in zip(pair, boxes, strict=True):
                painter.drawImage(box, image)
                painter.setPen(QColor(theme.current().line))
                painter.drawRect(box)


def laid_over(sample: "Sample", table: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the prediction in its colours over the picture, H × W × 3."""
    weight = np.where(sample.predicted == UNLABELLED, 0, OPACITY)[:, :, None]
    mixed = sample.picture * (1 - weight) + table[sample.predicted] * weight
    shown: NDArray[np.uint8] = mixed.round().astype(np.uint8)
    return shown


def errors(sample: "Sample", table: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the faded picture, with the class that it should have been where it is wrong."""
    known = sample.reference != UNLABELLED
    wrong = known & (sample.reference != sample.predicted)
    faded = sample.picture * FADED
    shown: NDArray[np.uint8] = (
        np.where(wrong[:, :, None], table[sample.reference], faded).round().astype(np.uint8)
    )
    return shown


def as_image(pixels: NDArray[np.uint8]) -> QImage:
    """Return H × W × 3 as an image of its own."""
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    made = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return made.copy()
