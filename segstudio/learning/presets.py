"""Ready-made ways to train. They fix the number of steps, not the time."""

from segstudio.errors import UserError
from segstudio.learning.settings import TrainSettings

PRESETS: dict[str, TrainSettings] = {
    # A minute on two cores: enough to see whether the labels make sense.
    "quick": TrainSettings(network="fast_scnn", steps=500, evaluations=5),
    # Eight minutes on two cores with 40 pictures of 480 × 360.
    "default": TrainSettings(),
    # Over lunch or over night.
    "long": TrainSettings(steps=12_000, evaluations=20),
}


def preset(name: str) -> TrainSettings:
    """Return the settings of a preset; raise `UserError` for an unknown one."""
    if name not in PRESETS:
        raise UserError(f"there is no preset called {name!r}", f"there are: {', '.join(PRESETS)}")
    return PRESETS[name]
