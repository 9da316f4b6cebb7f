"""Where clutter goes on a front: each kind where it is usual and there is room."""

from segstudio.scenes.noise import Rng
from segstudio.scenes.street.clutter import air_conditioner, banner, posters, sign, vent
from segstudio.scenes.street.graffiti import graffiti
from segstudio.scenes.street.surface import Rect, Surface


def dress(rng: Rng, surface: Surface, storey: float) -> None:
    """Hang, paste and spray; ``storey`` is the height of the ground floor in metres."""
    _paste_posters(rng, surface)
    _hang_banners(rng, surface, storey)
    _hang_signs(rng, surface, storey)
    for _ in range(int(rng.integers(2, 7))):
        at = _beside_window(rng, surface) or surface.spot(
            rng, rng.uniform(0.8, 1.05), rng.uniform(0.58, 0.75), _zone(surface, 0.4, 99)
        )
        if at is not None:
            air_conditioner(rng, surface, at)
    for _ in range(int(rng.integers(3, 7))):
        high = rng.uniform(0.35, 0.65)
        wide = high * rng.choice([1.0, 1.0, 1.4, 2.0])
        at = surface.spot(rng, wide, high, _zone(surface, 0.3, 99))
        if at is not None:
            vent(rng, surface, at)
    for _ in range(int(rng.choice([1, 1, 2, 2, 3]))):
        size = rng.uniform(1.4, 3.6), rng.uniform(0.8, 1.35)
        left = rng.uniform(surface.left, max(surface.whole.right - size[0], surface.left + 0.1))
        graffiti(rng, surface, Rect(left, rng.uniform(0.15, 1.1), *size))


def _zone(surface: Surface, bottom: float, top: float) -> Rect:
    """Return the wall between two heights, as far as it is seen."""
    top = min(top, surface.top - 0.2)
    return Rect(surface.left + 0.1, bottom, surface.width - 0.2, max(top - bottom, 0))


def _paste_posters(rng: Rng, surface: Surface) -> None:
    """Cover free wall at eye level; where it is scarce, narrow groups."""
    for wide in rng.uniform(0.8, 2.8, int(rng.integers(2, 5))):
        for size in (wide, 0.75):
            at = surface.spot(rng, size, rng.uniform(1.1, 1.6), _zone(surface, 0.4, 2.8))
            if at is not None:
                posters(rng, surface, at)
                break


def _hang_banners(rng: Rng, surface: Surface, storey: float) -> None:
    for _ in range(int(rng.integers(1, 4))):
        tall = rng.random() < 0.55
        short, long = rng.uniform(0.8, 1.2), rng.uniform(2.0, 3.6)
        size = (short, long) if tall else (long, short)
        zone = _zone(surface, storey + 0.2, 99) if tall else _zone(surface, 0.6, 99)
        at = surface.spot(rng, *size, zone)
        if at is not None:
            banner(rng, surface, at)


def _hang_signs(rng: Rng, surface: Surface, storey: float) -> None:
    """Long boards above the doors, upright and round ones anywhere."""
    for _ in range(int(rng.integers(1, 4))):
        kind = rng.random()
        zone = _zone(surface, 1.2, 99)
        if kind < 0.5:
            size, zone = (rng.uniform(1.6, 3.4), rng.uniform(0.5, 0.8)), _zone(surface, 2.5, storey)
        elif kind < 0.8:
            size = rng.uniform(0.5, 0.75), rng.uniform(1.3, 2.2)
        else:
            size = (rng.uniform(0.8, 1.1),) * 2
        at = surface.spot(rng, *size, zone)
        if at is not None:
            sign(rng, surface, at)


def _beside_window(rng: Rng, surface: Surface) -> Rect | None:
    """Return a free place for an air conditioner under or next to a window, and take it."""
    if not surface.windows or rng.random() < 0.3:
        return None
    for choice in rng.integers(len(surface.windows), size=4):
        window = surface.windows[int(choice)]
        wide, high = rng.uniform(0.8, 1.0), rng.uniform(0.58, 0.7)
        left = window.left + rng.choice([0.0, (window.width - wide) / 2, window.width - wide])
        under = Rect(float(left), window.bottom - high - 0.2, wide, high)
        beside = Rect(window.right + 0.22, window.bottom + 0.05, wide, high)
        for at in (under, beside):
            inside = at.bottom > 0.3 and at.right < surface.whole.right
            if inside and not any(at.meets(other) for other in surface.taken):
                surface.taken.append(at)
                return at
    return None
