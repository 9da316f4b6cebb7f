"""What the stories share: nothing but strokes where they have to be."""

import numpy as np
import pytest

from segstudio.domain.stroke import capsule


@pytest.fixture
def way(studio):
    """Return where a stroke through points goes, as an array of the open picture."""

    def way(*points, diameter):
        box = studio.session.image.box
        where = np.zeros(box.shape, bool)
        for start, end in zip(points, points[1:] or points, strict=False):
            part, region = capsule(start, end, diameter, box)
            where[part.slices] |= region
        return where

    return way
