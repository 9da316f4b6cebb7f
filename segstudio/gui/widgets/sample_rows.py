"""Sample pictures with what a network says of them, and where it is wrong."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from segstudio.domain.classes import UNLABELLED, Colour
from segstudio.domain.tiles import Ids
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
        self._images = [(laid_over(each, colours), errors(each, colours)) for each in samples]
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


def laid_over(sample: "Sample", colours: Mapping[int, Colour]) -> QImage:
    """Return the prediction in its colours over the picture."""
    # Painted by Qt: while a network learns, NumPy would have to wait for its turn at each step.
    made = as_image(sample.picture)
    painter = QPainter(made)
    painter.drawImage(0, 0, _coloured(sample.predicted, colours, OPACITY))
    painter.end()
    return made


def errors(sample: "Sample", colours: Mapping[int, Colour]) -> QImage:
    """Return the faded picture, with the class that it should have been where it is wrong."""
    right = sample.reference == sample.predicted
    wrong = np.where(right, np.uint8(UNLABELLED), sample.reference)
    picture = as_image(sample.picture)
    made = QImage(picture.size(), QImage.Format.Format_RGB888)
    made.fill(QColor("black"))
    painter = QPainter(made)
    painter.setOpacity(FADED)
    painter.drawImage(0, 0, picture)
    painter.setOpacity(1.0)
    painter.drawImage(0, 0, _coloured(wrong, colours, 1.0))
    painter.end()
    return made


def as_image(pixels: NDArray[np.uint8]) -> QImage:
    """Return H × W × 3 as an image of its own."""
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    made = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return made.copy()


def _coloured(ids: Ids, colours: Mapping[int, Colour], opacity: float) -> QImage:
    """Return class ids in their colours; where there is no class nothing is seen."""
    height, width = ids.shape
    data = np.ascontiguousarray(ids)
    made = QImage(data.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    table = [QColor.fromRgbF(0.5, 0.5, 0.5, opacity).rgba()] * 256
    for id, colour in colours.items():
        table[id] = QColor(*colour, round(255 * opacity)).rgba()
    table[UNLABELLED] = 0
    made.setColorTable(table)
    return made
