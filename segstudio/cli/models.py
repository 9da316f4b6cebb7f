"""Naming a model on the command line, and saying of it what its file does not."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segstudio.workflows.models import Found

MODEL = "a bundle's folder, an .onnx file, PROJECT:RUN or PROJECT:"

FACTS = ("classes", "scale", "form", "view", "order", "layout", "mean", "std")
"""The options by the names of the fields of `segstudio.inference.facts.Facts`."""


def add_facts(parser: ArgumentParser) -> None:
    """Add the options that introduce an ``.onnx`` file of others; see `model_of`."""
    group = parser.add_argument_group(
        "of an .onnx file that does not say it itself",
        "Said once: it is kept in a .card.json beside the file.",
    )
    group.add_argument(
        "--classes", metavar="NAME,NAME", help="names in its order, the background too"
    )
    group.add_argument(
        "--scale", metavar="unit|signed|imagenet|raw",
        help="pixels from 0 to 1, from −1 to 1, as ImageNet has them, or as they are",
    )  # fmt: skip
    group.add_argument(
        "--form", metavar="logits|probabilities|sigmoid|ids", help="what its numbers mean"
    )
    group.add_argument(
        "--view", metavar="whole|tiles",
        help="with one fixed size: whether it sees whole pictures in it, or tiles of them",
    )  # fmt: skip
    group.add_argument("--order", metavar="rgb|bgr", help="the order of its bands")
    group.add_argument(
        "--layout", metavar="NCHW|NHWC", help="where its bands stand", type=str.upper
    )
    group.add_argument("--mean", metavar="N,N,N", help="subtracted after scaling")
    group.add_argument("--std", metavar="N,N,N", help="divided by after that")


def model_of(arguments: Namespace) -> "Found":
    """Return the model that is meant; what is said of it is kept first."""
    from segstudio.workflows.models import find_model, introduce

    said = {name: value for name in FACTS if (value := getattr(arguments, name)) is not None}
    if said:
        introduce(find_model(arguments.model).path, said)
    return find_model(arguments.model)
