"""The settings of the next training: folded away until somebody asks for them."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from segstudio.errors import UserError
from segstudio.gui import theme
from segstudio.gui.forms import SettingsForm
from segstudio.gui.panels.loss_field import LossField, parts_of
from segstudio.gui.panels.tracker_row import TrackerRow
from segstudio.gui.run_tracking import RunTracking
from segstudio.gui.training import Training
from segstudio.gui.widgets.buttons import button
from segstudio.gui.widgets.labels import SectionHeader

if TYPE_CHECKING:
    from segstudio.workflows.choice import Choice

ELSEWHERE = ("network", "augment", "rare", "flip", "turn", "zoom", "colour", "noise")
"""Settings of a training that have places of their own."""


class LearnSettings(QWidget):
    """The forms of the training, its losses and its network; made when they are first unfolded."""

    save_requested = Signal()
    load_requested = Signal()

    def __init__(
        self, training: Training, tracking: RunTracking, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("train_settings_part")
        self._training = training
        self.form: SettingsForm[Any] | None = None
        self.own: SettingsForm[Any] | None = None
        self.losses: dict[str, SettingsForm[Any]] = {}
        self.loss_title = SectionHeader("Loss", "loss_settings")
        self.own_title = SectionHeader("Network", "network_settings")
        self.save = button("Save…", "train_settings_save", "plain", "save",
                           "Write these settings into a TOML file")  # fmt: skip
        self.load = button("Load…", "train_settings_load", "plain", "import",
                           "Take the settings of a TOML file")  # fmt: skip
        self.reset = button("Reset", "train_settings_reset", "plain", "undo",
                            "As the preset has it: take back what was changed here")  # fmt: skip
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for each in (self.save, self.load, self.reset):
            row.addWidget(each)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, theme.GAP)
        self._column.setSpacing(theme.GAP)
        self._column.addLayout(row)
        self._forms = QVBoxLayout()
        self._forms.setSpacing(theme.GAP)
        self._column.addLayout(self._forms)
        self._of_losses = QVBoxLayout()
        self._of_losses.setSpacing(theme.GAP)
        self._forms.addWidget(self.loss_title)
        self._forms.addLayout(self._of_losses)
        self._forms.addWidget(self.own_title)
        self.tracker = TrackerRow(tracking)
        self._column.addWidget(self.tracker)
        self.save.clicked.connect(self.save_requested)
        self.load.clicked.connect(self.load_requested)
        self.reset.clicked.connect(self._reset)
        training.changed.connect(self._show)
        self.hide()

    def unfold(self, open: bool) -> None:
        """Show or hide the settings."""
        self.setVisible(open)
        self._show()

    # -- the forms -------------------------------------------------------------------

    def _show(self) -> None:
        """Show what the next training does, without taking it for a change."""
        if self.isHidden():
            return
        self.tracker.show_chosen()
        from segstudio.learning.settings import TrainSettings

        try:
            choice = self._training.choice()
        except UserError:
            return  # said when it is to begin
        if self.form is None:
            self.form = SettingsForm(
                TrainSettings, prefix="train", editors={"loss": LossField}, leave_out=ELSEWHERE
            )
            self.form.changed.connect(self._take)
            self._forms.insertWidget(0, self.form)
        self.form.set_values(asdict(choice.training))
        self._show_losses(choice)
        self._show_network(choice)

    def _show_losses(self, choice: "Choice") -> None:
        """Have a form for each loss with settings."""
        from segstudio.learning.losses.loss import build_loss, losses

        parts = {losses.name_of(p): p for p in build_loss(choice.training.loss, choice.loss).parts}
        for name in set(self.losses) - set(parts):
            self.losses.pop(name).deleteLater()
        for name, part in parts.items():
            if name not in self.losses:
                made = self.losses[name] = SettingsForm(type(part), prefix=f"loss_{name}")
                made.changed.connect(self._take)
                self._of_losses.addWidget(made)
            self.losses[name].set_value(part)
        self.loss_title.setVisible(any(form.fields for form in self.losses.values()))

    def _show_network(self, choice: "Choice") -> None:
        from segstudio.learning.networks.network import networks

        part = networks[choice.training.network]
        if self.own is None or self.own.part is not part:
            if self.own is not None:
                self.own.deleteLater()
            self.own = SettingsForm(part, prefix="network")
            self.own.changed.connect(self._take)
            self._forms.addWidget(self.own)
            self.own_title.setVisible(bool(self.own.fields))
        self.own.set_values(dict(choice.network))

    def _take(self) -> None:
        """Keep what differs from the preset, and from network and losses as they are themselves.

        Settings of a loss that is no longer taken go with it.
        """
        from segstudio.learning.presets import preset

        training = self._training
        if self.form is None or self.own is None:
            return
        usual, shown, lost = asdict(preset(training.preset)), self.form.values(), set[str]()
        taken = parts_of(shown["loss"])
        lost.update(*(form.fields for name, form in self.losses.items() if name not in taken))
        for form in (*(self.losses[n] for n in taken if n in self.losses), self.own):
            shown |= form.values()
            usual |= {name: field.setting.default for name, field in form.fields.items()}
        kept = {n: v for n, v in training.values.items() if n not in shown and n not in lost}
        training.values = kept | {n: v for n, v in shown.items() if v != usual[n]}
        training.changed.emit()

    def _reset(self) -> None:
        self._training.values, self._training.network = {}, None
        self._training.changed.emit()
