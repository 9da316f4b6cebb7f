"""Training of segmentation networks. The only package that imports torch."""
