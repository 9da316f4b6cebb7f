"""Everything that a training needs before its first step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from segstudio import __version__
from segstudio.domain.card import Card, CardClass
from segstudio.domain.classes import LabelClass
from segstudio.domain.task import Task
from segstudio.learning.augment import Augmentation
from segstudio.learning.crops import Crops
from segstudio.learning.dataset import (
    Cache,
    Example,
    Survey,
    channel_table,
    check_labels,
    input_spec,
    survey,
)
from segstudio.learning.evaluation import Evaluation
from segstudio.learning.losses.loss import Sum, build_loss, class_weights, given_weights
from segstudio.learning.networks.network import networks
from segstudio.learning.settings import TrainSettings
from segstudio.learning.unlabelled import Unlabelled
from segstudio.settings import build


@dataclass(frozen=True)
class Prepared:
    """A network on its device, what it learns from, and what it is measured by.

    ``weights`` is one factor a class for the loss; ``precision`` the type that the network
    computes in where it is not float32. ``unlabelled`` is None where nothing is learned from
    pictures without labels.
    """

    settings: TrainSettings
    device: torch.device
    precision: torch.dtype | None
    found: Survey
    module: nn.Module
    card: Card
    crops: Crops
    unlabelled: Unlabelled | None
    evaluation: Evaluation
    loss: Sum
    weights: Tensor

    @property
    def names(self) -> list[str]:
        return [c.name for c in self.card.classes]

    @property
    def counts(self) -> list[int]:
        """Labelled pixels of each class."""
        return [int(count) for count in self.found.counts.sum(0)]


def prepare(
    examples: Sequence[Example],
    holdout: Sequence[Example],
    classes: Sequence[LabelClass],
    settings: TrainSettings,
    network_settings: Mapping[str, Any],
    loss_settings: Mapping[str, Any],
    task: Task,
    device: torch.device,
    unlabelled: Sequence[Example] = (),
) -> Prepared:
    """Read the labels and build the network, its first weights drawn from the seed.

    Raises `UserError` where settings do not fit, or the labels do not suffice.
    """
    network = build(networks[settings.network], network_settings)
    loss = build_loss(settings.loss, loss_settings)
    names, ids = [c.name for c in classes], [c.id for c in classes]
    cache = Cache(examples)
    found = survey(examples, ids, settings.seed, task)
    check_labels(found, names)
    weights = class_weights(found.counts.sum(0), settings.balance)
    if settings.class_weights:
        weights = given_weights(settings.class_weights, names)
    spec = input_spec(cache, len(examples), unit=getattr(network, "unit", False))
    torch.manual_seed(settings.seed)
    module = network.build(spec.bands, len(classes)).to(device)
    # Channels last is a tenth faster on processors, and more on GPUs.
    module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    card = Card(
        tuple(CardClass.of(c) for c in classes),
        settings.network,
        {"network": _plain(network), "training": _plain(settings), "loss": dict(loss_settings)},
        spec,
        network.stride,
        parameters=sum(p.numel() for p in module.parameters()),
        training_data=found.fingerprint,
        program=f"segstudio {__version__}",
    )
    side = _crop_side(settings.crop, found, network.stride)
    crops = Crops(
        cache, found, channel_table(ids), spec, settings.augmentation, side, settings.seed,
        settings.fresh, tuple(n for n, example in enumerate(examples) if example.fresh),
    )  # fmt: skip
    more = None
    if settings.unlabelled and unlabelled:
        more = Unlabelled.of(unlabelled, crops, Augmentation.read(settings.harder))
    return Prepared(
        settings, device, _precision(device, settings.mixed), found, module, card, crops, more,
        Evaluation(card, holdout, Cache(holdout)), loss, torch.from_numpy(weights).to(device),
    )  # fmt: skip


def _plain(settings: Any) -> dict[str, Any]:
    """Return settings as they come back from JSON, which knows no tuples."""
    values = asdict(settings).items()
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values}


def _crop_side(wanted: int, found: Survey, stride: int) -> int:
    """Return the side of the crops: no larger than small pictures need."""
    return min(wanted, -(-found.largest_side // stride) * stride)


def _precision(device: torch.device, mixed: bool) -> torch.dtype | None:
    """Return the type of half the size that a GPU computes fast in; None where there is none."""
    if not mixed or device.type != "cuda":
        return None
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
