"""Models for network-assisted correction, trained by the program on the sets' training pictures."""

from pathlib import Path

from command import segstudio
from users_cases import data, names

CLASSES = {
    "nuclei": ("background", "nucleus"),
    "facade": (
        "other", "balcony-fence", "car", "facade", "fence", "infrastructure", "shop", "street",
        "traffic", "vegetation", "window",
    ),
}  # fmt: skip
FOLDERS = {"nuclei": "nuclei_dsb2018", "facade": "facade_street"}


def trained(name: str, folder: Path, preset: str) -> Path:
    """Return the bundle of a model of a set, trained in a project under ``folder``.

    A project that is there already is not trained again. None of the pictures that the
    simulated people work on is in it.
    """
    root = folder / f"{name}.segstudio"
    if not root.exists():
        source = data() / FOLDERS[name]
        learned = [
            next((source / "images").glob(f"{each}.*")) for each in names(source, "train.txt")
        ]
        segstudio("new", root, *(f"--class={each}" for each in CLASSES[name]))
        segstudio("add", root, *learned, "--masks", source / "masks")
        segstudio("train", root, "--preset", preset, "--seed", 0)
    return root / "runs" / "1" / "model"
