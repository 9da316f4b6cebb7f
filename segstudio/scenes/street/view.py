"""Where the camera stands before the wall, and how wall, ground and sky fall into the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.scenes.noise import Image, Rng
from segstudio.scenes.street.surface import Surface

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """A pinhole camera. Metres: right, up, and out of the wall; the wall's foot is the origin line.

    ``projection`` is 3×4: from (right, up, out, 1) to picture pixels times their depth.
    """

    height: int
    width: int
    projection: Matrix

    @classmethod
    def chosen(cls, rng: Rng, height: int, width: int) -> "View":
        """Stand somewhere on the other pavement and look at the wall, at an angle, slightly up."""
        scale = rng.uniform(46, 60) * max(height / 480, width / 640)
        distance = rng.uniform(11, 18)
        yaw, pitch, roll = np.deg2rad(rng.normal((0, 4, 0), (11, 3, 0.9)))
        yaw = float(np.clip(yaw, -0.38, 0.38))
        turn = _rotation(yaw, 1) @ _rotation(-pitch, 0) @ _rotation(roll, 2)
        axes = turn @ np.diag([1.0, -1.0, -1.0])
        eye = np.array([-np.tan(yaw) * distance, 1.7, distance])
        outer = axes @ np.column_stack([np.eye(3), -eye])
        focal = scale * distance / np.cos(yaw)
        foot = outer @ (0, 0, 0, 1)
        ground = height * rng.uniform(0.84, 0.94)
        middle = width / 2 - focal * foot[0] / foot[2], ground - focal * foot[1] / foot[2]
        inner = np.array([[focal, 0, middle[0]], [0, focal, middle[1]], [0, 0, 1]])
        return cls(height, width, inner @ outer)

    @property
    def wall(self) -> Matrix:
        """From (right, up) on the wall to the picture, homogeneous."""
        return np.asarray(self.projection[:, [0, 1, 3]])

    @property
    def ground(self) -> Matrix:
        """From (right, out) on the ground to the picture, homogeneous."""
        return np.asarray(self.projection[:, [0, 2, 3]])

    def reach(self) -> tuple[float, float, float]:
        """Return how far left, right and up the wall is seen, in metres."""
        edge = np.linspace(0, 1, 9)
        border = [(x, y) for x in edge for y in edge]
        picture = np.array([(x * self.width, y * self.height, 1) for x, y in border]).T
        place = np.linalg.inv(self.wall) @ picture
        right, up = place[:2] / place[2]
        return float(right.min()), float(right.max()), float(up.max())

    def scale_at(self, right: float, up: float) -> float:
        """Return pixels per metre at a place on the wall."""
        one, other = (self.wall @ (right + step, up, 1) for step in (-0.5, 0.5))
        return float(np.hypot(*(other[:2] / other[2] - one[:2] / one[2])))

    def from_surface(self, surface: Surface) -> Matrix:
        """From the pixels of a surface to the picture."""
        step = 1 / surface.scale
        metres = np.array([[step, 0, surface.left], [0, -step, surface.top], [0, 0, 1]])
        return np.asarray(self.wall @ metres)

    def project(self, right: float, up: float, out: float) -> tuple[float, float]:
        x, y, depth = self.projection @ (right, up, out, 1)
        return float(x / depth), float(y / depth)

    def warp(self, image: Image, matrix: Matrix, nearest: bool = False) -> Image:
        """Carry an image into the picture; outside it is 0."""
        import cv2

        method = cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR
        return np.asarray(
            cv2.warpPerspective(image, matrix, (self.width, self.height), flags=method)
        )


def _rotation(angle: float, axis: int) -> Matrix:
    one, other = [i for i in range(3) if i != axis]
    turn = np.eye(3)
    turn[one, one] = turn[other, other] = np.cos(angle)
    turn[one, other], turn[other, one] = -np.sin(angle), np.sin(angle)
    return turn
