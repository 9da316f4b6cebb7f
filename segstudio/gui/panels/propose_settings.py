"""The settings of the method that proposes."""

from typing import Any

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from segstudio.gui.forms import SettingsForm
from segstudio.gui.panels.propose_colours import PREFIX as COLOURS
from segstudio.gui.panels.propose_colours import ColourRangeForm
from segstudio.gui.picking import ColourPicking
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.gui.widgets.channel_field import ChannelField
from segstudio.gui.widgets.field import Field
from segstudio.methods.channels import channels_of
from segstudio.methods.segmenter import segmenters
from segstudio.settings import Setting


class MethodSettings(QWidget):
    """A form for the method of the plan, made anew with each method; it follows the picture."""

    def __init__(
        self, session: Session, proposing: Proposing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("propose_settings")
        self._session, self._proposing = session, proposing
        self._picking: ColourPicking | None = None
        self._made_for = (0, 0.0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.form = self._make()
        proposing.plan_changed.connect(self._renew)
        proposing.settings_changed.connect(self._show)
        session.image_opened.connect(self._follow_picture)
        session.image_closed.connect(self._stop_picking)

    def pick_colours(self, picking: ColourPicking) -> None:
        """Let colours be taken from the picture."""
        self._picking = picking
        if isinstance(self.form, ColourRangeForm):
            self._renew()

    def _renew(self) -> None:
        self._stop_picking()
        old = self.form
        self.form = self._make()
        if isinstance(old, SettingsForm) and isinstance(self.form, SettingsForm):
            self.form.show_more(old.shows_more)
        old.setParent(None)
        old.deleteLater()

    def _make(self) -> SettingsForm[Any] | ColourRangeForm:
        plan = self._proposing.plan
        form: SettingsForm[Any] | ColourRangeForm
        if plan.method == COLOURS:
            form = self._colour_form()
        else:
            form = SettingsForm(
                segmenters[plan.method], self, prefix=plan.method,
                editors={"channel": self._channel_field},
            )  # fmt: skip
        form.set_value(plan.settings)
        form.changed.connect(lambda: self._proposing.set_settings(form.value()))
        self._made_for = (self._bands, self._light)
        self._column.addWidget(form)
        self.setVisible(bool(form.fields))
        self._enable(form)
        return form

    def _colour_form(self) -> ColourRangeForm:
        form, picking = ColourRangeForm(self._light, self._bands, self), self._picking
        form.pick.setEnabled(picking is not None and self._session.image is not None)
        if picking is not None:
            form.pick_asked.connect(picking.arm)
            picking.picked.connect(form.take_colour)
            picking.armed.connect(form.set_picking)
        return form

    def _stop_picking(self) -> None:
        if self._picking is not None:
            self._picking.arm(False)

    def _channel_field(self, setting: Setting, name: str) -> Field:
        return ChannelField(setting, name, lambda: channels_of(self._bands), lambda: self._bands)

    @property
    def _bands(self) -> int:
        image = self._session.image
        return 3 if image is None else image.bands

    @property
    def _light(self) -> float:
        """Full light in the numbers of the open picture; 1 where those are not whole."""
        image = self._session.image
        dtype = np.dtype(np.uint8 if image is None else image.dtype)
        return float(np.iinfo(dtype).max) if dtype.kind in "iu" else 1.0

    def _follow_picture(self) -> None:
        """Another picture has other channels and other numbers."""
        form = self.form
        if isinstance(form, ColourRangeForm):
            if self._made_for != (self._bands, self._light) or not form.pick.isEnabled():
                self._renew()
        else:
            for field in form.fields.values():
                if isinstance(field, ChannelField):
                    field.refresh()

    def _show(self) -> None:
        settings = self._proposing.plan.settings
        if self.form.value() != settings:
            self.form.set_value(settings)
        self._enable(self.form)

    def _enable(self, form: SettingsForm[Any] | ColourRangeForm) -> None:
        """Only what has a say can be changed: of k-means, how its number is chosen decides."""
        choose = getattr(self._proposing.plan.settings, "choose", None)
        if choose is not None:
            form.fields["clusters"].setEnabled(choose == "by hand")
