"""Parts that several shapes share: rims, wood grain, flames, bulbs, leaves, stitches."""

from collections.abc import Iterable

from content.catalogue.drawing.colour import darker, lighter
from content.catalogue.drawing.paths import at, ellipse, lathe, leaf, poly, rect, smooth
from content.catalogue.drawing.sheet import Sheet


def segment(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a straight line as path data."""
    return f"M{at(x1, y1)}L{at(x2, y2)}"


def segments(lines: Iterable[tuple[float, float, float, float]]) -> str:
    """Return several straight lines as one path."""
    return "".join(segment(*line) for line in lines)


def scatter(count: int, x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    """Return points that are spread evenly but irregularly over a rectangle; the same points on every run."""
    return [(x + width * (i * 0.7548777 % 1), y + height * (i * 0.5698403 % 1)) for i in range(1, count + 1)]


def rim(sheet: Sheet, cx: float, y: float, half: float, colour: str, content: str = "", lip: float = 9) -> None:
    """Draw the open mouth of a vessel, `half` wide to each side, with its content if it has any."""
    flat = half * 0.17
    sheet.fill(ellipse(cx, y, half, flat), lighter(colour, 0.28))
    hole = ellipse(cx, y, half - lip, flat - lip * 0.45)
    sheet.fill(hole, darker(colour, 0.34))
    if content:
        with sheet.within(hole):
            sheet.fill(ellipse(cx, y + flat * 0.45, half - lip, flat - lip * 0.4), content)


def grain(sheet: Sheet, d: str, colour: str, ys: Iterable[float], x1: float = 0, x2: float = 800) -> None:
    """Draw lines of wood grain across an outline."""
    step = (x2 - x1) / 3
    with sheet.within(d):
        for i, y in enumerate(ys):
            bend = 8 if i % 2 else -6
            points = [(x1, y), (x1 + step, y + bend), (x1 + 2 * step, y - bend * 0.6), (x2, y + bend * 0.4)]
            sheet.line(smooth(points), darker(colour, 0.14), 3, 0.75)


def flame(sheet: Sheet, x: float, y: float, height: float = 60) -> None:
    """Draw a candle's flame standing on (x, y)."""
    sheet.glow(x, y - height * 0.5, height * 2.6)
    sheet.line(segment(x, y + 8, x, y - height * 0.2), "charcoal", 5)
    sheet.fill(leaf(x, y, height, height * 0.36, 90), "flame")
    sheet.fill(leaf(x, y - 2, height * 0.55, height * 0.2, 90), "glow")


def bulb(sheet: Sheet, x: float, y: float, size: float, cap: str = "brass", up: bool = False) -> None:
    """Draw a lit bulb of diameter `size` whose cap is at (x, y), hanging down, or standing up."""
    way = -1 if up else 1
    ends = sorted((y, y + way * size * 0.34))
    middle = y + way * size * 0.82
    sheet.glow(x, middle, size * 1.5)
    neck = [(x - size * 0.2, y + way * size * 0.3), (x + size * 0.2, y + way * size * 0.3),
            (x + size * 0.36, middle), (x - size * 0.36, middle)]  # fmt: skip
    sheet.fill(poly(neck, size * 0.06), "glow")
    sheet.fill(ellipse(x, middle, size * 0.5), "glow")
    sheet.fill(rect(x - size * 0.2, ends[0], size * 0.4, ends[1] - ends[0], size * 0.06), cap)


def sprig(sheet: Sheet, x: float, y: float, height: float, lean: float, colour: str, pairs: int = 4) -> None:
    """Draw a stem with pairs of leaves, growing from (x, y)."""
    top = (x + lean, y - height)
    mid = (x + lean * 0.3, y - height * 0.5)
    sheet.line(smooth([(x, y), mid, top]), darker(colour, 0.2), 6)
    for i in range(pairs):
        t = 0.35 + 0.55 * i / max(1, pairs - 1)
        px, py = x + lean * t * t, y - height * t
        size = height * (0.36 - 0.05 * i)
        sheet.fill(leaf(px, py, size, size * 0.3, 90 - 55), colour)
        sheet.fill(leaf(px, py, size, size * 0.3, 90 + 55), darker(colour, 0.16))
    sheet.fill(leaf(*top, height * 0.22, height * 0.07, 90 - lean * 0.3), colour)


def stand(sheet: Sheet, cx: float, y: float, half: float, colour: str, height: float = 22) -> None:
    """Draw a round foot that rests on y."""
    foot = lathe(cx, [(half * 0.82, y - height, 8), (half, y - 6, 8), (half * 0.96, y, 6)])
    sheet.form(foot, colour, half * 0.2)


def loop(cx: float, cy: float, rx: float, ry: float, thick: float) -> str:
    """Return a ring of the given thickness as an outline with a hole."""
    return ellipse(cx, cy, rx, ry) + ellipse(cx, cy, rx - thick, ry - thick)
