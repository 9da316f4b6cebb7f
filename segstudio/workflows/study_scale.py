"""Networks of one kind at three scales (Ran 2024, S3)."""

from segstudio.store.project import Project
from segstudio.workflows.study_arms import Group, Maker, Plan, Wanted

PRINTED = {
    "scale_cnn_s": ("Small: 16, 32, 64 channels", "181,027", "lowest"),
    "scale_cnn_m": ("Middle: 32, 64, 128 channels", "721,475", "between"),
    "scale_cnn_l": ("Large: 64, 128, 256 channels", "2,880,643", "highest"),
}
"""Parameters with 3 classes, and the order of the accuracy, which the paper gives no number of."""

COLUMNS = ("parameters, 3 classes", "accuracy")


def plan(project: Project, wanted: Wanted) -> Plan:
    """Compare the three at an equal number of steps."""
    maker = Maker(wanted, {"augment": ("none",), "optimiser": "adam", "weight_decay": 0.0})
    arms = tuple(
        maker.arm(name, title, name, {}, dict(zip(COLUMNS, figures, strict=True)))
        for name, (title, *figures) in PRINTED.items()
    )
    return Plan(
        "scale",
        "One network at three scales",
        "Ran 2024, Oxford-IIIT Pets, 3 classes, 200 × 200, 50 epochs",
        (
            "The widths are the paper's on every machine. As in the paper: cross-entropy, Adam, no "
            "augmentation, pixels of 0…1.",
            "Unlike the paper's, these have batch normalisation (without parameters): without it "
            "they learn far more slowly (--set norm=false takes it away).",
        ),
        (Group("At an equal number of steps", arms),),
    )
