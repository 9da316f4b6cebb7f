"""What a camera does to a view: white balance, vignette, blur, noise and JPEG."""

import numpy as np

from segstudio.scenes.noise import Field, Image, Rng, white


def white_balance(rng: Rng, spread: float) -> Field:
    """Return factors for red, green and blue: warm to cool, with a little green or magenta."""
    warmth, tint = rng.normal(0, spread, 2)
    return np.array([1 + warmth, 1 + tint / 3, 1 - warmth], np.float32)


def vignette(rng: Rng, height: int, width: int) -> Field:
    """Return the fall of light towards the corners, H×W, 0…1."""
    strength = np.float32(rng.uniform(0.0, 0.22))
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] ** 2
    return np.asarray(1 - strength * (x + y) / 2, np.float32)


def photograph(rng: Rng, picture: Image, noise: tuple[float, float]) -> Image:
    """Blur a finished view slightly, add sensor noise, and compress it as cameras do."""
    import cv2

    height, width = picture.shape[:2]
    sharpness = float(rng.uniform(0.3, 0.8))
    soft = cv2.GaussianBlur(picture, (0, 0), sharpness).astype(np.float32)
    deviation = float(rng.uniform(*noise))
    brightness = white(rng, height, width)
    for channel in range(3):
        grain = 0.75 * brightness + 0.5 * white(rng, height, width)
        soft[:, :, channel] += np.float32(deviation) * grain
    noisy = np.clip(soft + 0.5, 0, 255).astype(np.uint8)
    quality = int(rng.integers(80, 95))
    done, data = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuntimeError("the picture could not be compressed")
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
