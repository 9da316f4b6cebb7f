"""What is measured on: a photograph."""

import numpy as np

from segstudio.domain.tiling import Pixels

WIDTH, HEIGHT = 4000, 3000


def photograph(height: int = HEIGHT, width: int = WIDTH) -> Pixels:
    """Return the photograph of a palace that comes with scikit-learn, enlarged, with grain."""
    import cv2
    from sklearn.datasets import load_sample_image

    small = np.asarray(load_sample_image("china.jpg"))
    pixels = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    rng = np.random.default_rng(0)
    grain = rng.normal(0, 3, (-(-height // 4), -(-width // 4), 3)).astype(np.int16)
    grainy = pixels + np.tile(grain, (4, 4, 1))[:height, :width]
    whole: Pixels = np.clip(grainy, 0, 255).astype(np.uint8)
    return whole
