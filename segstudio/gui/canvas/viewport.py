"""Where the image lies in the widget."""

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF

from segstudio.domain.geometry import Box

LARGEST = 64.0
MARGIN = 24


class Viewport:
    """Zoom (widget pixels an image pixel) and the place of the image's corner."""

    def __init__(self) -> None:
        self.zoom = 1.0
        self.origin = QPointF(0, 0)
        self.size = QSizeF(1, 1)
        self.image = Box(0, 0, 1, 1)
        self.fitted = True

    def show(self, image: Box) -> None:
        """Turn to another image, whole."""
        self.image = image
        self.fit()

    def resize(self, width: float, height: float) -> None:
        """Keep the middle of the view where it is, or the whole image in sight."""
        middle = self.to_image(QPointF(self.size.width() / 2, self.size.height() / 2))
        self.size = QSizeF(max(width, 1), max(height, 1))
        if self.fitted:
            self.fit()
        else:
            self.centre_on(middle)

    @property
    def fit_zoom(self) -> float:
        wide = (self.size.width() - 2 * MARGIN) / max(self.image.width, 1)
        high = (self.size.height() - 2 * MARGIN) / max(self.image.height, 1)
        return max(min(wide, high, LARGEST), 1e-4)

    def fit(self) -> None:
        """Show the whole image."""
        self.zoom = self.fit_zoom
        self.fitted = True
        self.centre_on((self.image.width / 2, self.image.height / 2))
        self.fitted = True

    def centre_on(self, point: tuple[float, float]) -> None:
        x, y = point
        self.origin = QPointF(
            self.size.width() / 2 - x * self.zoom, self.size.height() / 2 - y * self.zoom
        )
        self.fitted = False

    def show_box(self, box: Box) -> None:
        """Zoom so that a box of the image fills about half of the view."""
        wide = self.size.width() / 2 / max(box.width, 1)
        high = self.size.height() / 2 / max(box.height, 1)
        self.zoom = min(max(min(wide, high), self.fit_zoom), LARGEST)
        self.centre_on(((box.left + box.right) / 2, (box.top + box.bottom) / 2))

    def zoom_at(self, point: QPointF, factor: float) -> None:
        """Zoom so that the image stays under the point."""
        x, y = self.to_image(point)
        smallest = min(self.fit_zoom / 4, 1.0)
        self.zoom = min(max(self.zoom * factor, smallest), LARGEST)
        self.origin = QPointF(point.x() - x * self.zoom, point.y() - y * self.zoom)
        self.fitted = False
        self._keep_in_sight()

    def set_zoom(self, zoom: float) -> None:
        """Zoom about the middle of the view."""
        middle = QPointF(self.size.width() / 2, self.size.height() / 2)
        self.zoom_at(middle, zoom / self.zoom)

    def pan(self, by: QPointF) -> None:
        self.origin += by
        self.fitted = False
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """Never let the image leave the view altogether."""
        wide, high = self.image.width * self.zoom, self.image.height * self.zoom
        keep = 48.0
        x = min(max(self.origin.x(), keep - wide), self.size.width() - keep)
        y = min(max(self.origin.y(), keep - high), self.size.height() - keep)
        self.origin = QPointF(x, y)

    def to_image(self, point: QPointF) -> tuple[float, float]:
        """Return x and y in image pixels."""
        return (
            (point.x() - self.origin.x()) / self.zoom,
            (point.y() - self.origin.y()) / self.zoom,
        )

    def to_view(self, x: float, y: float) -> QPointF:
        return QPointF(x * self.zoom + self.origin.x(), y * self.zoom + self.origin.y())

    def rect(self, box: Box, ratio: float = 1.0) -> QRectF:
        """Return where a box lies in the widget, on whole device pixels so that none gape."""

        def even(value: float) -> float:
            return round(value * ratio) / ratio

        left, top = (
            even(box.left * self.zoom + self.origin.x()),
            even(box.top * self.zoom + self.origin.y()),
        )
        right = even(box.right * self.zoom + self.origin.x())
        bottom = even(box.bottom * self.zoom + self.origin.y())
        return QRectF(left, top, right - left, bottom - top)

    def box(self, rect: QRect | QRectF) -> Box:
        """Return the pixels of the image that a part of the widget shows."""
        area = QRectF(rect)
        left, top = self.to_image(area.topLeft())
        right, bottom = self.to_image(area.bottomRight())
        whole = Box(math.floor(top), math.floor(left), math.ceil(bottom) + 1, math.ceil(right) + 1)
        return whole.clipped(self.image)

    def level(self, levels: int) -> int:
        """Return the reduced level (÷2 each) at which to draw: the sharpest not wasted."""
        if self.zoom >= 1:
            return 0
        return min(math.floor(math.log2(1 / self.zoom) + 0.15), levels)
