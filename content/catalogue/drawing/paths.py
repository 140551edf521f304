"""Outlines as SVG path data. All lengths are units of the 800 by 800 sheet."""

import math
from collections.abc import Sequence

Point = tuple[float, ...]  # (x, y), or (x, y, radius of the corner)


def num(value: float) -> str:
    """Return a number as short text: in tenths if it is below 12, otherwise in whole units."""
    text = f"{value:.1f}".rstrip("0").rstrip(".") if abs(value) < 12 else f"{value:.0f}"
    return "0" if text == "-0" else text


def at(x: float, y: float) -> str:
    """Return a coordinate pair as path data."""
    return f"{num(x)} {num(y)}"


def rect(x: float, y: float, width: float, height: float, r: float = 0) -> str:
    """Return a rectangle from its upper left corner, with rounded corners of radius r."""
    return poly([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], r)


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None) -> str:
    """Return an ellipse about its centre; a circle if ry is omitted."""
    ry = rx if ry is None else ry
    half = f"A{num(rx)} {num(ry)} 0 0 1"
    return f"M{at(cx - rx, cy)}{half} {at(cx + rx, cy)}{half} {at(cx - rx, cy)}Z"


def poly(points: Sequence[Point], r: float = 0, closed: bool = True) -> str:
    """Return a polygon whose corners are rounded by r, or by a point's own radius."""
    count = len(points)
    parts: list[str] = []
    for i, point in enumerate(points):
        x, y = point[0], point[1]
        radius = point[2] if len(point) > 2 else r
        if (not closed and i in {0, count - 1}) or radius == 0:
            parts.append(("L" if parts else "M") + at(x, y))
            continue
        before, after = points[i - 1], points[(i + 1) % count]
        start = _towards(x, y, before, radius)
        end = _towards(x, y, after, radius)
        parts.append(("L" if parts else "M") + start + f"Q{at(x, y)} {end}")
    return "".join(parts) + ("Z" if closed else "")


def _towards(x: float, y: float, other: Point, distance: float) -> str:
    dx, dy = other[0] - x, other[1] - y
    length = math.hypot(dx, dy) or 1
    share = min(distance / length, 0.5)
    return at(x + dx * share, y + dy * share)


def lathe(cx: float, profile: Sequence[Point], r: float = 0) -> str:
    """Return an outline that is symmetric about x = cx, from (half width, y[, radius]) points, top to bottom."""
    right = [(cx + p[0], *p[1:]) for p in profile]
    left = [(cx - p[0], *p[1:]) for p in reversed(profile)]
    return poly([*right, *left], r)


def smooth(points: Sequence[Point], closed: bool = False) -> str:
    """Return a curve through all points (Catmull-Rom, written as cubic Béziers)."""
    count = len(points)
    last = count if closed else count - 1

    def pick(i: int) -> Point:
        return points[i % count] if closed else points[max(0, min(count - 1, i))]

    parts = [f"M{at(*points[0][:2])}"]
    for i in range(last):
        a, b, c, d = pick(i - 1), pick(i), pick(i + 1), pick(i + 2)
        first = at(b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6)
        second = at(c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6)
        parts.append(f"C{first} {second} {at(c[0], c[1])}")
    return "".join(parts) + ("Z" if closed else "")


def leaf(x: float, y: float, length: float, width: float, degrees: float) -> str:
    """Return a pointed leaf that starts at (x, y) and grows towards degrees (0 is right, 90 is up)."""
    turn = math.radians(degrees)
    along, across = (math.cos(turn), -math.sin(turn)), (math.sin(turn), math.cos(turn))

    def point(s: float, t: float) -> str:
        return at(x + along[0] * s + across[0] * t, y + along[1] * s + across[1] * t)

    one = f"C{point(length * 0.25, width)} {point(length * 0.7, width)} {point(length, 0)}"
    two = f"C{point(length * 0.7, -width)} {point(length * 0.25, -width)} {point(0, 0)}"
    return f"M{point(0, 0)}{one}{two}Z"


def around(cx: float, cy: float, radius: float, degrees: float) -> tuple[float, float]:
    """Return the point of a circle at an angle (0 is right, 90 is up)."""
    turn = math.radians(degrees)
    return cx + radius * math.cos(turn), cy - radius * math.sin(turn)
