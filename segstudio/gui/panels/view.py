"""The panel of what is seen: the masks over the picture, and the picture's bands and tones."""

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.bands import BandCombinations
from segstudio.gui.loading import PictureLoader
from segstudio.gui.overviews import SETTING, wanted
from segstudio.gui.panels.view_bands import BandsView
from segstudio.gui.panels.view_tones import TonesView
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label, with_key
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.value_row import ValueRow
from segstudio.store.display import Look, usual_look


def switch(text: str, name: str, tip: str, key: str = "") -> QCheckBox:
    """Return a check box with a name and a tool tip."""
    made = QCheckBox(text)
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setToolTip(with_key(tip, key))
    return made


class MasksView(QWidget):
    """How the masks lie over the picture."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        view = self._view = session.view
        self.shown = switch("Show masks", "view_masks", "Show masks over the picture", "V")
        self.outlines = switch("Outlines", "view_outlines", "Draw the edges of the masks", "O")
        self.hatch = switch(
            "Hatching", "view_hatch", "Draw a pattern for each class beside its colour", "Shift+O"
        )
        self.opacity = ValueRow(
            "Opacity", "view_opacity", (0, 1),
            "How much the masks cover the picture", lambda v: f"{v:.0%}".replace("%", " %"), 0.01,
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        for widget in (self.shown, self.opacity, self.outlines, self.hatch):
            column.addWidget(widget)
        self.shown.toggled.connect(lambda on: view.set_overlay(overlay=on))
        self.outlines.toggled.connect(lambda on: view.set_overlay(outlines=on))
        self.hatch.toggled.connect(lambda on: view.set_overlay(hatch=on))
        self.opacity.moved.connect(lambda value: view.set_overlay(opacity=value))
        view.overlay_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        view = self._view
        for check, on in (
            (self.shown, view.overlay),
            (self.outlines, view.outlines),
            (self.hatch, view.hatch),
        ):
            quietly(check, lambda check=check, on=on: check.setChecked(on))  # type: ignore[misc]
        self.opacity.set_number(view.opacity)


class ViewPanel(QWidget):
    """Masks, bands and tones; what is changed here is no part of the project."""

    def __init__(
        self, session: Session, loader: PictureLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("view_panel")
        self._session, self._loader = session, loader
        self.masks = MasksView(session)
        self.combinations = BandCombinations(session)
        self.bands = BandsView(self.combinations)
        self.tones = TonesView()
        self.empty = label("Open a picture, and its bands and tones appear here.", "secondary",
                           "view_empty")  # fmt: skip
        self.empty.setWordWrap(True)
        self.reset = button("Reset", "view_reset", tip="Show the picture as it was at first")
        self.overviews = switch(
            "Overviews for large rasters", "view_overviews",
            "Make small versions of large rasters in the background, kept beside the file,"
            " so that they are shown at once from then on",
        )  # fmt: skip
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.GAP, theme.EDGE, theme.EDGE)
        column.setSpacing(theme.GAP)
        column.addWidget(SectionHeader("Masks", "view_masks"))
        column.addWidget(self.masks)
        self.header = SectionHeader("Picture", "view_picture")
        column.addSpacing(theme.GRID)
        column.addWidget(self.header)
        column.addWidget(self.empty)
        column.addWidget(self.bands)
        column.addWidget(self.tones)
        column.addWidget(self.reset)
        column.addSpacing(theme.GRID)
        column.addWidget(SectionHeader("Reading", "view_reading"))
        column.addWidget(self.overviews)
        column.addStretch(1)

    def _connect(self) -> None:
        loader, session = self._loader, self._session
        for signal in (loader.picture_ready, loader.display_changed, session.image_closed):
            signal.connect(self._show)
        self.bands.chosen.connect(lambda bands: self._change(bands=bands))
        self.tones.changed.connect(lambda values: self._change(**values))
        self.reset.clicked.connect(self._reset)
        self.overviews.setChecked(wanted())
        self.overviews.toggled.connect(
            lambda on: QSettings("segstudio", "segstudio").setValue(SETTING, on)
        )

    def _show(self, *_: object) -> None:
        picture, look = self._loader.picture, self._loader.look
        known = picture is not None and look is not None
        for widget in (self.tones, self.reset):
            widget.setVisible(known)
        self.empty.setVisible(not known)
        self.bands.setVisible(picture is not None and known and picture.info.bands > 1)
        if picture is None or look is None:
            self.header.set_note("")
            return
        info = picture.info
        count = f"{info.bands} bands" if info.bands > 1 else "1 band"
        self.header.set_note(f"{count} · {info.dtype}")
        self.bands.show_bands(info.bands, look.bands)
        self.tones.show_look(look)
        self.reset.setEnabled(look != usual_look(info))

    def _change(self, **values: object) -> None:
        look = self._loader.look
        if look is not None:
            self._set(Look(**{**vars(look), **values}))

    def _reset(self) -> None:
        if self._loader.picture is not None:
            self._set(usual_look(self._loader.picture.info))

    def _set(self, look: Look) -> None:
        self._loader.set_look(look)
        self._show()
