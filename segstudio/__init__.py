"""From a folder of pictures to a small, measured segmentation model."""

__version__ = "0.1.0"
