"""A U-Net with and without an encoder that has learned elsewhere (S4)."""

from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.study_arms import Group, Maker, Plan, Wanted, width_said

TEST, VALIDATION, PARAMETERS = "accuracy on test, %", "on validation, %", "parameters, M"


def plan(project: Project, wanted: Wanted) -> Plan:
    """Compare a plain U-Net with U-Nets on ResNet-50, free and frozen, that begin from weights.

    Raises `UserError` without weights.
    """
    if wanted.weights is None:
        raise UserError(
            "the study needs weights of ResNet-50 to begin from",
            "give --weights FILE, or --weights PROJECT:RUN of a unet_resnet50 of one's own on "
            "other data",
        )
    path, name = wanted.weights
    maker = Maker(wanted, {}, ("base", "width", "frozen"))
    on_encoder = {"width": wanted.width}
    arms = (
        maker.arm(
            "plain", "Plain U-Net", "unet_baseline", {"base": wanted.base},
            {TEST: "36.75", VALIDATION: "37.38", PARAMETERS: "31"},
        ),
        maker.arm(
            "frozen", "U-Net on ResNet-50, frozen", "unet_resnet50",
            {**on_encoder, "frozen": True},
            {TEST: "70", VALIDATION: "58", PARAMETERS: "20, of which 8.5 learn"}, path,
        ),
        maker.arm(
            "free", "U-Net on ResNet-50, free", "unet_resnet50",
            {**on_encoder, "frozen": False}, {}, path,
        ),
        maker.arm(
            "from_nothing", "U-Net on ResNet-50, from random weights", "unet_resnet50",
            {**on_encoder, "frozen": False}, {},
        ),
    )  # fmt: skip
    return Plan(
        "backbone",
        "A U-Net with and without an encoder that has learned elsewhere",
        "S4 (a thesis), ADE20K, 20 epochs, ResNet-50 frozen with weights of ImageNet",
        (
            width_said(wanted),
            f"The encoders of “frozen” and “free” begin from {name}. Where these are of one's own "
            "run on other data and not of ImageNet, the paper's gap is not to be expected.",
            "The paper found its frozen one three times as fast to train, and both overfitted.",
        ),
        (Group("At an equal number of steps", arms),),
    )
