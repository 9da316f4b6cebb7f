"""What stands between the camera and the wall: trees, wires, posts. Their pixels are background."""

from dataclasses import dataclass

import numpy as np

from segstudio.scenes.noise import Image, Rng
from segstudio.scenes.street.paint import hsv, scaled
from segstudio.scenes.street.surface import BACKGROUND, Colour
from segstudio.scenes.street.view import View

SUB = 3
"""Binary places after the point in drawing coordinates (``shift`` of the drawing functions)."""


@dataclass
class Scenery:
    """A picture and its mask while things are drawn before the wall."""

    view: View
    picture: Image
    ids: Image
    brightness: float

    def line(self, points: np.ndarray, colour: Colour, thickness: float) -> None:
        """Draw a line through picture points, N×2; the mask takes exactly what it covers."""
        import cv2

        path = [np.round(points * 2**SUB).astype(np.int32)]
        wide = max(1, round(thickness))
        tone = scaled(colour, self.brightness)
        cv2.polylines(self.picture, path, False, tone, wide, cv2.LINE_AA, SUB)
        cv2.polylines(self.ids, path, False, BACKGROUND, wide, cv2.LINE_8, SUB)

    def polygons(self, outlines: np.ndarray, colour: Colour) -> None:
        """Fill polygons of one colour, K×N×2 picture points."""
        import cv2

        shapes = list(np.round(outlines * 2**SUB).astype(np.int32))
        cv2.fillPoly(self.picture, shapes, scaled(colour, self.brightness), cv2.LINE_AA, SUB)
        cv2.fillPoly(self.ids, shapes, BACKGROUND, cv2.LINE_8, SUB)


def tree(rng: Rng, scene: Scenery, x: float, out: float) -> None:
    """Grow a street tree: trunk, branches, and (but for winter) leaves in clumps lit from above."""
    foot = np.array(scene.view.project(x, 0, out))
    top = np.array(scene.view.project(x, 1, out))
    metre = float(np.hypot(*(top - foot)))
    bark = hsv(rng.uniform(0.05, 0.12), 0.25, rng.uniform(0.22, 0.38))
    trunk = rng.uniform(2.3, 3.4) * metre
    tips = _branches(rng, scene, foot, trunk, rng.uniform(0.16, 0.26) * metre, bark)
    if rng.random() < 0.15:
        return
    green = rng.uniform(0.22, 0.33), rng.uniform(0.4, 0.58), rng.uniform(0.42, 0.6)
    _leaves(rng, scene, tips, metre, green)


def _branches(
    rng: Rng, scene: Scenery, foot: np.ndarray, length: float, thick: float, bark: Colour
) -> np.ndarray:
    """Draw trunk and boughs, each forking; return where twigs end, N×2."""
    grown = [(foot, -np.pi / 2 + rng.normal(0, 0.05), length, thick, 0)]
    tips = []
    while grown:
        start, angle, reach, wide, depth = grown.pop()
        bend = angle + rng.normal(0, 0.12)
        middle = start + reach / 2 * np.array([np.cos(angle), np.sin(angle)])
        end = middle + reach / 2 * np.array([np.cos(bend), np.sin(bend)])
        scene.line(np.stack([start, middle, end]), scaled(bark, 0.85 + 0.06 * depth), wide)
        if depth == 0 and wide > 4:
            lit = np.stack([start, middle, end]) - (wide / 5, 0)
            scene.line(lit, scaled(bark, 1.3), wide / 3)
        if depth >= 2:
            tips.append(end)
        if depth < 4:
            forks = 3 if depth < 2 else 2
            for fork in range(forks):
                lean = bend + (fork - (forks - 1) / 2) * rng.uniform(0.5, 0.8) + rng.normal(0, 0.12)
                shorter = reach * (rng.uniform(0.4, 0.54) if depth == 0 else 0.76)
                grown.append((end, lean, shorter, wide * 0.6, depth + 1))
    return np.array(tips)


def _leaves(
    rng: Rng, scene: Scenery, tips: np.ndarray, metre: float, green: tuple[float, float, float]
) -> None:
    """Scatter leaves about the twigs, dark ones below and behind first, bright ones last."""
    hue, saturation, value = green
    tones = 8
    size = max(0.05 * metre, 1.3)
    per_tip = int(np.clip(1500 / len(tips), 6, 60))
    spread = rng.uniform(0.2, 0.3) * metre
    for tone in range(tones):
        share = tone / (tones - 1)
        kept = tips[rng.random(len(tips)) < 0.95 - 0.3 * share]
        if not len(kept):
            continue
        centres = np.repeat(kept, per_tip, 0)
        centres = centres + rng.normal(0, spread, centres.shape) * (1.05, 0.9)
        centres -= np.array([0.3, 1.0]) * (share - 0.4) * 0.45 * metre
        turn = rng.uniform(0, np.pi, (len(centres), 1))
        angles = turn + np.array([0, 1.1, np.pi, np.pi + 1.1])
        reach = size * rng.uniform(0.6, 1.4, (len(centres), 1)) * np.array([1.2, 0.6, 1.2, 0.6])
        leaf = np.stack([np.cos(angles), np.sin(angles)], 2) * reach[:, :, None]
        colour = hsv(hue - 0.04 * share, saturation - 0.1 * share, value * (0.3 + 0.8 * share**1.3))
        scene.polygons(centres[:, None, :] + leaf, colour)


def wires(rng: Rng, scene: Scenery) -> None:
    """Hang a bundle of cables across the street or along it."""
    height, width = scene.ids.shape
    across = np.linspace(0, 1, 40)
    start, stop = rng.uniform(0.02, 0.5, 2) * height
    for _ in range(int(rng.integers(1, 5))):
        start, stop = start + rng.normal(0, 0.03) * height, stop + rng.normal(0, 0.03) * height
        sag = rng.uniform(0.01, 0.07) * height
        y = start + (stop - start) * across + 4 * sag * across * (1 - across)
        tone = int(rng.integers(18, 60))
        wide = rng.choice([1, 1.6, 2.4]) * max(1.0, height / 480)
        scene.line(np.stack([across * width, y], 1), (tone, tone, tone + 3), wide)


def post(rng: Rng, scene: Scenery, x: float, out: float) -> None:
    """Stand up a lamp post, with its arm and head."""
    view = scene.view
    tall = rng.uniform(5, 9)
    points = np.array([view.project(x, up, out) for up in np.linspace(0, tall, 6)])
    metre = float(np.hypot(*(points[1] - points[0]))) / (tall / 5)
    tone = int(rng.integers(50, 120))
    colour: Colour = (tone, tone + 3, tone + 4)
    scene.line(points, colour, 0.14 * metre)
    scene.line(points - (0.03 * metre, 0), scaled(colour, 1.4), 0.03 * metre)
    scene.line(points[:2], colour, 0.22 * metre)
    side = 1 if rng.random() < 0.5 else -1
    arm = np.array([points[-1], points[-1] + np.array([side * 0.9, -0.15]) * metre])
    scene.line(arm, colour, 0.08 * metre)
    head = arm[1] + np.array([[-0.1, -0.08], [0.5, -0.05], [0.5, 0.05], [-0.1, 0.1]]) * metre * (
        side,
        1,
    )
    scene.polygons(head[None], scaled(colour, 0.8))


def bollards(rng: Rng, scene: Scenery, left: float, right: float, out: float) -> None:
    """Set a row of short posts along the kerb."""
    colour = hsv(rng.random(), rng.uniform(0, 0.3), rng.uniform(0.2, 0.4))
    step = rng.uniform(1.4, 2.6)
    for x in np.arange(left + rng.uniform(0, step), right, step):
        foot, head = (np.array(scene.view.project(float(x), up, out)) for up in (0, 0.85))
        half = np.array([0.075 * float(np.hypot(*(head - foot))), 0])
        scene.polygons(np.array([[foot - half, head - half, head + half, foot + half]]), colour)
        top, low = head + (foot - head) * 0.1, head + (foot - head) * 0.2
        band = np.array([[top - half, top + half, low + half, low - half]])
        scene.polygons(band, (205, 202, 194))
