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
        self.overlay = True
        self.outlines = False
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
            self.brush = diameter
            self.brush_changed.emit(diameter)

    def step_brush(self, steps: int) -> None:
        """Make the brush about a tenth larger or smaller a step, one pixel at least."""
        size = self.brush
        for _ in range(abs(steps)):
            size = size + max(1, size // 10) if steps > 0 else size - max(1, size // 10)
        self.set_brush(size)

    def set_overlay(
        self,
        *,
        overlay: bool | None = None,
        outlines: bool | None = None,
        uncertainty: bool | None = None,
        peeking: bool | None = None,
        opacity: float | None = None,
    ) -> None:
        """Change what lies over the picture; what is not named stays."""
        wanted = {
            "overlay": overlay,
            "outlines": outlines,
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
