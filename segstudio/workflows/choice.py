"""How to train: what a person chooses, by preset or by name."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from segstudio.errors import UserError
from segstudio.learning.losses.loss import build_loss, loss_kinds
from segstudio.learning.networks.network import networks
from segstudio.learning.presets import preset
from segstudio.learning.settings import TrainSettings
from segstudio.settings import build, settings_of


@dataclass(frozen=True)
class Choice:
    """How to train: settings of the training, of the network, and of the loss.

    A ``careful`` one leaves the model in use in its place where the new one is clearly worse.
    """

    training: TrainSettings = field(default_factory=TrainSettings)
    network: Mapping[str, Any] = field(default_factory=dict)
    weights: Path | None = None
    loss: Mapping[str, Any] = field(default_factory=dict)
    careful: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the settings by part; of the weights only how they are called."""
        return {
            "training": asdict(self.training),
            "network": dict(self.network),
            "loss": dict(self.loss),
            "weights": self.weights.name if self.weights else None,
            **({"careful": True} if self.careful else {}),
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "Choice":
        """Read what `to_json` returned, or an older version wrote; the weights are left out."""
        training = build(TrainSettings, saved["training"])
        careful = bool(saved.get("careful"))
        return cls(training, saved["network"], None, saved.get("loss", {}), careful)


def choose(
    preset_name: str = "default",
    network: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> Choice:
    """Take a preset, another network where one is named, and settings by name.

    They are those of the training, the network and the loss; where network and loss have one of
    the same name, both get it. Raises `UserError` for names and values that do not exist.
    """
    settings = preset(preset_name)
    known = {f.name for f in fields(TrainSettings)}
    chosen = dict(values or {})
    training = {name: value for name, value in chosen.items() if name in known}
    if network is not None:
        training["network"] = network
    settings = build(TrainSettings, asdict(settings) | training)
    rest = {name: value for name, value in chosen.items() if name not in known}
    network_part, loss_parts = networks[settings.network], loss_kinds(settings.loss)
    of_network = _taken(rest, [network_part])
    of_loss = _taken(rest, loss_parts)
    for name in rest:
        if name not in of_network and name not in of_loss:
            own = [s.name for part in (network_part, *loss_parts) for s in settings_of(part)]
            hint = f"there are: {', '.join(sorted({*known, *own}))}"
            raise UserError(f"there is no setting called {name!r}", hint)
    parts = build_loss(settings.loss, of_loss).parts
    given = {n: v for part in parts for n, v in asdict(part).items() if n in of_loss}
    return Choice(settings, asdict(build(network_part, of_network)), None, given)


def _taken(values: Mapping[str, Any], parts: Sequence[type[Any]]) -> dict[str, Any]:
    """Return the values that are settings of any of the parts."""
    own = {setting.name for part in parts for setting in settings_of(part)}
    return {name: value for name, value in values.items() if name in own}
