"""The drawing surface of one picture, and its drawing operations.

Light falls from the upper left. A form has two tones: its colour, and a shaded edge on the right. A standing object
has a soft shadow on the ground; a lying or hanging one has a shadow of its own outline.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape

from content.catalogue.drawing.colour import INK, darker, hex_of, mix
from content.catalogue.drawing.paths import at, ellipse, num


class Sheet:
    """Collects the SVG elements of one picture from back to front. Lengths are units of the 800 by 800 view box."""

    def __init__(self, backdrop: str) -> None:
        self.backdrop = backdrop
        self._elements: list[str] = []
        self._clips = 0
        self._glows = False

    def fill(self, d: str, colour: str, opacity: float = 1) -> None:
        """Fill an outline with one colour."""
        self._elements.append(f'<path d="{d}" fill="{hex_of(colour)}"{_opacity(opacity)}/>')

    def line(self, d: str, colour: str, width: float, opacity: float = 1, dash: str = "") -> None:
        """Draw a line of the given width with round ends."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._elements.append(
            f'<path d="{d}" fill="none" stroke="{hex_of(colour)}" stroke-width="{num(width)}"'
            f"{dashes}{_opacity(opacity)}/>"
        )

    def dots(self, centres: Iterable[tuple[float, float]], radius: float, colour: str, opacity: float = 1) -> None:
        """Draw round dots."""
        self.line("".join(f"M{at(x, y)}h0" for x, y in centres), colour, 2 * radius, opacity)

    def form(self, d: str, colour: str, shade: float = 26, drop: float = 4, depth: float = 0.16) -> None:
        """Fill an outline and shade its right edge, `shade` wide, and its lower edge, `drop` high."""
        with self.within(d):
            self.fill("M-800-800h2400v2400h-2400z", darker(colour, depth))
            move = f'transform="translate({num(-shade)} {num(-drop)})"'
            self._elements.append(f'<path {move} d="{d}" fill="{hex_of(colour)}"/>')

    @contextmanager
    def within(self, d: str) -> Iterator[None]:
        """Clip what is drawn inside the block to the outline."""
        self._clips += 1
        name = f"c{self._clips}"
        self._elements.append(f'<clipPath id="{name}"><path d="{d}"/></clipPath><g clip-path="url(#{name})">')
        yield
        self._elements.append("</g>")

    @contextmanager
    def turned(self, degrees: float, cx: float = 400, cy: float = 400) -> Iterator[None]:
        """Rotate what is drawn inside the block clockwise about a point."""
        self._elements.append(f'<g transform="rotate({num(degrees)} {num(cx)} {num(cy)})">')
        yield
        self._elements.append("</g>")

    @contextmanager
    def moved(self, dx: float, dy: float, scale: float = 1) -> Iterator[None]:
        """Scale what is drawn inside the block about the upper left corner, then move it."""
        size = "" if scale == 1 else f" scale({scale:g})"
        self._elements.append(f'<g transform="translate({num(dx)} {num(dy)}){size}">')
        yield
        self._elements.append("</g>")

    def ground(self, half: float, y: float = 640, cx: float = 400) -> None:
        """Draw the soft shadow of a standing object, `half` wide to each side."""
        d = ellipse(cx + half * 0.1, y, half * 1.2, max(16, half * 0.14))
        self._elements.append(f'<path d="{d}" fill="url(#shadow)"/>')

    def cast(self, d: str, dx: float = 14, dy: float = 20) -> None:
        """Draw the soft shadow of the outline of a lying or hanging object."""
        for share in (1.0, 0.5):
            move = f"translate({num(dx * share)} {num(dy * share)})"
            self._elements.append(f'<path transform="{move}" d="{d}" fill="{INK}" opacity=".08"/>')

    def cast_line(self, d: str, width: float, dx: float = 12, dy: float = 18) -> None:
        """Draw the soft shadow of a line."""
        for share in (1.0, 0.5):
            move = f"translate({num(dx * share)} {num(dy * share)})"
            self._elements.append(
                f'<path transform="{move}" d="{d}" fill="none" stroke="{INK}" stroke-width="{num(width)}"'
                ' opacity=".07"/>'
            )

    def shine(self, d: str, opacity: float = 0.35) -> None:
        """Draw a pale reflection."""
        self.fill(d, "chalk", opacity)

    def glow(self, cx: float, cy: float, radius: float) -> None:
        """Draw warm light around a lamp."""
        self._glows = True
        self._elements.append(f'<path d="{ellipse(cx, cy, radius)}" fill="url(#glow)"/>')

    def svg(self, title: str, zoom: tuple[float, float, float] | None = None) -> str:
        """Return the picture as an SVG document; `zoom` magnifies it: (centre x, centre y, scale)."""
        light = mix(self.backdrop, "#ffffff", 0.42)
        defs = (
            f'<radialGradient id="wall" cy=".42" r=".75"><stop stop-color="{light}"/>'
            f'<stop offset="1" stop-color="{self.backdrop}"/></radialGradient>'
            f'<radialGradient id="shadow"><stop stop-color="{INK}" stop-opacity=".34"/>'
            f'<stop offset=".55" stop-color="{INK}" stop-opacity=".2"/>'
            f'<stop offset="1" stop-color="{INK}" stop-opacity="0"/></radialGradient>'
        )
        if self._glows:
            defs += (
                '<radialGradient id="glow"><stop stop-color="#fff3c9" stop-opacity=".95"/>'
                '<stop offset=".45" stop-color="#ffefbd" stop-opacity=".42"/>'
                '<stop offset="1" stop-color="#ffefbd" stop-opacity="0"/></radialGradient>'
            )
        body = "".join(self._elements)
        if zoom:
            x, y, scale = zoom
            move = f"translate({num(400 - x * scale)} {num(400 - y * scale)}) scale({scale:g})"
            body = f'<g transform="{move}">{body}</g>'
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" role="img" clip-rule="evenodd"'
            ' fill-rule="evenodd" stroke-linecap="round" stroke-linejoin="round">'
            f'<title>{escape(title)}</title><defs>{defs}</defs><path fill="url(#wall)" d="M0 0h800v800H0z"/>'
            f"{body}</svg>\n"
        )


def _opacity(opacity: float) -> str:
    return "" if opacity == 1 else f' opacity="{opacity:g}"'
