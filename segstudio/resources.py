"""Where the files shipped beside the code lie: icons and models."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file, as in ``resource("icons", "brush.svg")``."""
    return _folder("resources").joinpath(*parts)


def models_folder() -> Path:
    """Return the folder of the model bundles that come with the program."""
    return _folder("models")


def _folder(name: str) -> Path:
    # The wheel's copy is asked first: beside an installed package, site-packages may
    # hold somebody else's folder called resources or models.
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name
