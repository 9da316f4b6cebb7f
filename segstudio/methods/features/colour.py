"""Other ways to say a colour: CIELAB, and hue with saturation, of sRGB in 8 bits."""

import numpy as np

from segstudio.methods.features.plane import Plane, constant

TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)
"""sRGB to CIEXYZ, and its white, D65 (IEC 61966-2-1)."""

STEPS = 4096
"""In how many steps the shares of X, Y and Z are looked up."""

NEARLY_NOTHING = 1e-3


def lab(red: Plane, green: Plane, blue: Plane) -> tuple[Plane, Plane, Plane]:
    """Return L (0…100), a and b."""
    codes = np.arange(256) / 255
    linear = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
    light = [plane.looked_up(linear.astype(np.float32)) for plane in (red, green, blue)]
    shares = np.arange(STEPS + 1) / STEPS
    small = (6 / 29) ** 3
    root = np.where(shares > small, np.cbrt(shares), shares / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = (
        (light[0] * (row[0] / white) + light[1] * (row[1] / white) + light[2] * (row[2] / white))
        for row, white in zip(TO_XYZ, WHITE, strict=True)
    )
    fx, fy, fz = (
        (plane * float(STEPS)).rounded().within(0, STEPS).looked_up(root.astype(np.float32))
        for plane in (x, y, z)
    )
    return fy * 116.0 - 16.0, (fx - fy) * 500.0, (fy - fz) * 200.0


def hue_saturation(red: Plane, green: Plane, blue: Plane) -> tuple[Plane, Plane]:
    """Return hue (0…6, starting at red) and saturation (0…1), as HSV has them."""
    most = red.at_least(green).at_least(blue)
    least = red.at_most(green).at_most(blue)
    span = most - least
    # Where there is no colour all the differences are 0, whatever they are divided by.
    some = span.at_least(NEARLY_NOTHING)
    is_red = most.equals(red)
    is_green = most.equals(green) * (constant(1.0) - is_red)
    is_blue = constant(1.0) - is_red - is_green
    # Red's part lies around 0: the turn is closed by adding 6 where it is below.
    by_red = (green - blue) / some
    wrapped = by_red + (by_red.at_most(0.0).equals(0.0) * -6.0 + 6.0)
    by_green = (blue - red) / some + 2.0
    by_blue = (red - green) / some + 4.0
    hue = is_red * wrapped + is_green * by_green + is_blue * by_blue
    return hue, span / most.at_least(1.0)
