"""Scaling a U-Net in width, depth and resolution (Hmyria & Kravets 2024, S0)."""

from segstudio.store.project import Project
from segstudio.workflows.study_arms import (
    Group,
    Maker,
    Plan,
    Wanted,
    macs_of,
    width_said,
    with_steps,
)

PRINTED = {
    "unet_baseline": ("Baseline", "80.0", "31.0", "430"),
    "unet_w": ("W: width × 1.4", "82.5", "61.3", "786"),
    "unet_d": ("D: depth × 2", "83.6", "62.4", "786"),
    "unet_r": ("R: resolution × 1.4", "82.9", "31.0", "910"),
    "unet_wdr": ("WDR: all three", "84.7", "62.8", "1585"),
    "unet_awdr": ("AWDR: encoder only", "84.8", "55.2", "1134"),
}
"""Accuracy in per cent, millions of parameters and milliseconds a step; on Cityscapes."""

COLUMNS = ("accuracy, %", "parameters, M", "ms a step")


def plan(project: Project, wanted: Wanted) -> Plan:
    """Compare the six networks at an equal number of steps, and at equal multiplications."""
    maker = Maker(wanted, {"loss": "focal", "balance": 1.0, "augment": ("flip",)}, ("base",))
    own = {"base": wanted.base}
    steps = tuple(
        maker.arm(name, title, name, own, dict(zip(COLUMNS, figures, strict=True)))
        for name, (title, *figures) in PRINTED.items()
    )
    macs = [macs_of(arm, project) for arm in steps]
    work = tuple(
        with_steps(
            arm, f"{arm.name}_equal_macs", f"{arm.title}, equal MACs",
            round(wanted.steps * macs[0] / each),
        )
        for arm, each in zip(steps[1:], macs[1:], strict=True)
    )  # fmt: skip
    return Plan(
        "scaling",
        "Scaling a U-Net: width, depth, resolution",
        "Hmyria & Kravets 2024, Cityscapes, 8 classes, 50 epochs",
        (
            width_said(wanted),
            "As in the paper: ELU, He initialisation, batch normalisation, focal loss with class "
            "weights from inverse frequency, random crops and mirroring.",
            "The paper trains all networks for as many epochs. At equal multiplications a heavier "
            "network takes fewer steps, each schedule running to its own end.",
        ),
        (
            Group("At an equal number of steps", steps),
            Group("At equal multiplications (steps × MACs)", work, by_work=True),
        ),
    )
