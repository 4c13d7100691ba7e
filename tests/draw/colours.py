"""How colours look to people who see colours differently, and how far two colours are apart.

Simulation: Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color
vision deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), table of matrices at
severity 1.0, applied to linear RGB. Distance: CIEDE2000 (Sharma, Wu and Dalal 2005). Contrast: WCAG 2.1.
"""

import numpy as np
from matplotlib.colors import to_rgb

from tests.cases import beside

COLOURS = beside(__file__, "colours.yml")
SEEN = {"everybody": np.eye(3)} | {name: np.array(rows) for name, rows in COLOURS["seen"].items()}
TO_XYZ = np.array(COLOURS["to_xyz"])
D65 = TO_XYZ.sum(axis=1)


def linear(colour) -> np.ndarray:
    """Return linear RGB of a colour of sRGB."""
    c = np.array(to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(colour, seen: str = "everybody") -> np.ndarray:
    """Return a colour in CIELAB, as some people see it."""
    xyz = TO_XYZ @ np.clip(SEEN[seen] @ linear(colour), 0, 1) / D65
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(first: np.ndarray, second: np.ndarray) -> float:
    """Return the distance of two colours in CIELAB by CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    more = 1 + 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25**7)))
    c1, c2 = np.hypot(more * a1, b1), np.hypot(more * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, more * a)) % 360 if a or b else 0.0 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    at = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    waves = np.cos(np.radians([at - 30, 2 * at, 3 * at + 6, 4 * at - 63]))
    t = 1 + np.array([-0.17, 0.24, 0.32, -0.20]) @ waves
    s_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    bend = np.exp(-(((at - 275) / 25) ** 2))
    r = -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * np.sin(np.radians(60 * bend))
    parts = (l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h
    return float(np.sqrt(sum(p**2 for p in parts) + r * parts[1] * parts[2]))


def contrast(first, second) -> float:
    """Return the contrast of two colours by WCAG."""
    high, low = sorted((float(TO_XYZ[1] @ linear(c)) for c in (first, second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
