"""What augmentation and a better encoder bring (Valishin et al. 2025, S1)."""

from segstudio.store.project import Project
from segstudio.workflows.study_arms import Group, Maker, Plan, Wanted, width_said

PARTS = {"rot90": "quarter turns", "noise": "noise", "hsv": "colour shift"}
"""The paper's augmentations, at its strengths, by the names of ours."""

MIOU, HOURS = "mIoU, %", "training, h"

TWICE = 2
"""How much wider the wide U-Net is: its work is four times that of EfficientUNet-b0 here."""


def plan(project: Project, wanted: Wanted) -> Plan:
    """Compare all parts, each left out, and none; then EfficientUNet-b0 with plain U-Nets."""
    usual = {"loss": "focal", "balance": 1.0, "optimiser": "adam", "weight_decay": 0.0}
    maker = Maker(wanted, usual, ("augment", "base", "width"))
    everything = tuple(PARTS)
    unet = {"base": wanted.base}
    parts = [
        maker.arm(
            "all", "U-Net, all parts", "unet_baseline", {**unet, "augment": everything},
            {MIOU: "38.7", HOURS: "5.5"},
        )
    ]  # fmt: skip
    for name, text in PARTS.items():
        rest = tuple(part for part in everything if part != name)
        own = {**unet, "augment": rest}
        parts.append(
            maker.arm(f"without_{name}", f"U-Net without {text}", "unet_baseline", own, {})
        )
    parts.append(
        maker.arm(
            "none", "U-Net, no augmentation", "unet_baseline", {**unet, "augment": ("none",)},
            {MIOU: "36.0"},
        )
    )  # fmt: skip
    encoders = [
        maker.arm(
            "efficientunet_b0", "EfficientUNet-b0, all parts", "efficientunet_b0",
            {"width": 1.0, "augment": everything}, {MIOU: "44.6", HOURS: "2.5"},
        )
    ]  # fmt: skip
    if not wanted.full:
        wide = {"base": TWICE * wanted.base, "augment": everything}
        title = f"U-Net of {wide['base']} channels, all parts"
        encoders.append(maker.arm("unet_wide", title, "unet_baseline", wide, {}))
    return Plan(
        "augmentation",
        "Augmentation part by part, and an EfficientNet encoder",
        "Valishin et al. 2025, OpenEarthMap, 8 classes, tiles of 256 × 256, 100 epochs",
        (
            width_said(wanted),
            "As in the paper: focal loss with γ = 2 and class weights, Adam, and its three "
            "augmentations: turns by 0, 90, 180 or 270°, noise of a variance up to 0.04, hue "
            "± 30° with saturation and value ± 0.15. Not its learning rate of 5 · 10⁻⁵, with which "
            "so few steps would not leave the beginning.",
            _encoders_said(wanted),
        ),
        (
            Group("Augmentation", tuple(parts)),
            Group("Encoder, against the U-Net with all parts", tuple(encoders)),
        ),
    )


def _encoders_said(wanted: Wanted) -> str:
    if wanted.full:
        return "EfficientUNet-b0 stands against the U-Net with all parts, as in the paper."
    return (
        "EfficientUNet-b0 keeps its full width: its multiplications are about those of the U-Net "
        "here. The U-Net of twice the channels does four times as many."
    )
