"""What the person looks at and paints with: nothing of it is part of the project."""

from PySide6.QtCore import QObject, Signal

BRUSH_LARGEST = 1000


class ViewState(QObject):
    """The tool, its class and size, and what lies over the picture."""

    tool_changed = Signal(str)
    class_changed = Signal(int)
    brush_changed = Signal(int)
    overlay_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tool = "brush"
        self.active_class = 0
        self.last_class = 0
        self.brush = 40
        self._steps = 0
        self._stepped_from = 40
        self.solo: int | None = None
        self.overlay = True
        self.outlines = False
        self.hatch = False
        self.uncertainty = False
        self.peeking = False
        self.opacity = 0.45

    def choose_tool(self, name: str) -> None:
        if name != self.tool:
            self.tool = name
            self.tool_changed.emit(name)

    def choose_class(self, id: int) -> None:
        if id != self.active_class:
            self.last_class, self.active_class = self.active_class, id
            self.class_changed.emit(id)

    def swap_with_first(self, first: int) -> None:
        """Switch between the first class (the background) and the one used before."""
        self.choose_class(self.last_class if self.active_class == first else first)

    def set_brush(self, diameter: int) -> None:
        diameter = max(1, min(BRUSH_LARGEST, diameter))
        if diameter != self.brush:
            self._steps, self._stepped_from = 0, diameter
            self._take_brush(diameter)

    def _take_brush(self, diameter: int) -> None:
        self.brush = diameter
        self.brush_changed.emit(diameter)

    def step_brush(self, steps: int) -> None:
        """Make the brush about a tenth larger or smaller a step, one pixel at least.

        Steps are counted from the size that was set last, so that as many back end there.
        """
        towards = 1 if steps > 0 else -1
        count = self._steps
        for _ in range(abs(steps)):
            if stepped(self._stepped_from, count + towards) == stepped(self._stepped_from, count):
                break
            count += towards
        size = stepped(self._stepped_from, count)
        self._steps = count
        if size != self.brush:
            self._take_brush(size)

    def set_solo(self, id: int | None) -> None:
        """Show only one class; None shows all that are visible."""
        if id != self.solo:
            self.solo = id
            self.overlay_changed.emit()

    def set_overlay(
        self,
        *,
        overlay: bool | None = None,
        outlines: bool | None = None,
        hatch: bool | None = None,
        uncertainty: bool | None = None,
        peeking: bool | None = None,
        opacity: float | None = None,
    ) -> None:
        """Change what lies over the picture; what is not named stays."""
        wanted = {
            "overlay": overlay,
            "outlines": outlines,
            "hatch": hatch,
            "uncertainty": uncertainty,
            "peeking": peeking,
            "opacity": opacity,
        }
        before = [getattr(self, name) for name in wanted]
        for name, value in wanted.items():
            if value is not None:
                setattr(self, name, value)
        if before != [getattr(self, name) for name in wanted]:
            self.overlay_changed.emit()


def stepped(size: int, steps: int) -> int:
    """Return a brush size so many tenths larger or smaller, within what a brush can be."""
    for _ in range(abs(steps)):
        by = max(1, size // 10)
        size = size + by if steps > 0 else size - by
    return max(1, min(BRUSH_LARGEST, size))
