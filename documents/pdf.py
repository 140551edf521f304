"""PDF documents with the shop's letterhead. Loads reportlab: import it in the function that makes a document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph, Spacer
from reportlab.platypus.tables import Table, TableStyle

from documents.letterhead import letterhead
from documents.printable import printable

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
INK, MUTED, RULE = HexColor("#1c1917"), HexColor("#57534e"), HexColor("#a8a29e")
MARGIN = 20 * mm
HEAD_HEIGHT, FOOT_HEIGHT = 42 * mm, 18 * mm
WIDTH = A4[0] - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: its heading.
        share: its width, in relation to the other columns.
        numeric: whether it is aligned to the right.
    """

    title: str
    share: int = 1
    numeric: bool = False


class PdfDocument:
    """A document of A4 pages, which is filled from top to bottom and rendered at the end.

    Texts may be anybody's: markup in them is shown as it is, long words are broken, and what the fonts lack is written
    in Latin letters.

    Parameters:
        title: its heading, and its title in a reader.
        subject: what it is about, for a reader and an archive.
    """

    def __init__(self, title: str, *, subject: str) -> None:
        _load_fonts()
        self._title = title
        self._subject = subject
        # Made anew for each pass: reportlab's parts can be laid out once.
        self._parts: list[Callable[[], Flowable]] = []

    def add_address(self, lines: Sequence[str]) -> None:
        """Add the recipient, a line each."""
        self._add(lambda: Paragraph("<br/>".join(map(_shown, lines)), _style("address", space=6 * mm)))

    def add_facts(self, facts: Mapping[str, str]) -> None:
        """Add labelled values, one below the other, such as number and date."""

        def part() -> Flowable:
            rows = [
                [Paragraph(_shown(label), _style("label", colour=MUTED)), Paragraph(_shown(value), _style("value"))]
                for label, value in facts.items()
            ]
            table = Table(rows, colWidths=[WIDTH * 0.25, WIDTH * 0.75], hAlign="LEFT", spaceAfter=6 * mm)
            table.setStyle(_table_style(*_NO_PADDING))
            return table

        self._add(part)

    def add_paragraph(self, text: str) -> None:
        """Add a paragraph."""
        self._add(lambda: Paragraph(_shown(text), _style("paragraph", space=4 * mm)))

    def add_table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Add a table, whose headings are repeated on each page that it goes on to.

        Parameters:
            columns: from left to right.
            rows: a text for each column.
        """

        def part() -> Flowable:
            heads = [Paragraph(_shown(column.title), _style("head", column.numeric, font=BOLD)) for column in columns]
            cells = [
                [
                    Paragraph(_shown(text), _style("cell", column.numeric))
                    for column, text in zip(columns, row, strict=True)
                ]
                for row in rows
            ]
            shares = sum(column.share for column in columns)
            widths = [WIDTH * column.share / shares for column in columns]
            table = Table([heads, *cells], colWidths=widths, repeatRows=1, spaceAfter=3 * mm)
            table.setStyle(
                _table_style(("LINEBELOW", (0, 0), (-1, 0), 0.8, INK), ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE))
            )
            return table

        self._add(part)

    def add_totals(self, totals: Mapping[str, str]) -> None:
        """Add amounts below a table, to the right; the last one is the grand total. They stay on one page."""

        def part() -> Flowable:
            last = len(totals) - 1
            rows = [
                [
                    Paragraph(_shown(label), _style("total", font=BOLD if row == last else REGULAR)),
                    Paragraph(_shown(amount), _style("total", True, font=BOLD if row == last else REGULAR)),
                ]
                for row, (label, amount) in enumerate(totals.items())
            ]
            table = Table(rows, colWidths=[WIDTH * 0.25, WIDTH * 0.2], hAlign="RIGHT", spaceAfter=8 * mm)
            table.setStyle(_table_style(("LINEABOVE", (0, last), (-1, last), 0.8, INK)))
            return KeepTogether(table)

        self._add(part)

    def add_space(self, height: float) -> None:
        """Add room, such as for a signature.

        Parameters:
            height: in millimetres.
        """
        self._add(lambda: Spacer(WIDTH, height * mm))

    def render(self) -> bytes:
        """Return the PDF. The same contents give the same bytes."""
        _, pages = self._build(None)
        return self._build(pages)[0]

    def _add(self, part: Callable[[], Flowable]) -> None:
        self._parts.append(part)

    def _build(self, pages: int | None) -> tuple[bytes, int]:
        """Return the PDF and the number of its pages, which it names where it is known."""
        target = BytesIO()
        template = BaseDocTemplate(
            target,
            pagesize=A4,
            title=printable(self._title, _has_glyph),
            subject=printable(self._subject, _has_glyph),
            author=letterhead().company,
            lang="en-US",
            displayDocTitle=True,
            invariant=True,
        )
        bottom = FOOT_HEIGHT + 6 * mm
        frame = Frame(MARGIN, bottom, WIDTH, A4[1] - HEAD_HEIGHT - bottom, 0, 0, 0, 0)
        template.addPageTemplates(
            [PageTemplate(frames=[frame], onPage=lambda canvas, document: _furnish(canvas, document.page, pages))]
        )
        heading = Paragraph(_shown(self._title), _style("title", font=BOLD, size=16, space=6 * mm))
        template.build([heading, *(part() for part in self._parts)])
        return target.getvalue(), template.page


_NO_PADDING = (("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0))


def _furnish(canvas: Canvas, page: int, pages: int | None) -> None:
    """Draw what each page has: the letterhead above, registration and page number below."""
    head = letterhead()
    top = A4[1] - 16 * mm
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 12)
    canvas.drawString(MARGIN, top, head.company)
    canvas.setFillColor(MUTED)
    canvas.setFont(REGULAR, 7.5)
    canvas.drawString(MARGIN, top - 5 * mm, " · ".join(head.address))
    for row, line in enumerate(head.contact):
        canvas.drawString(MARGIN, top - (9 + 4 * row) * mm, line)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, FOOT_HEIGHT, MARGIN + WIDTH, FOOT_HEIGHT)
    canvas.drawString(MARGIN, FOOT_HEIGHT - 5 * mm, " ".join(head.registration))
    canvas.drawRightString(MARGIN + WIDTH, FOOT_HEIGHT - 9 * mm, f"Page {page} of {pages}" if pages else f"Page {page}")


@cache
def _load_fonts() -> dict[str, TTFont]:
    fonts = {name: TTFont(name, str(FONTS / f"{name}.ttf")) for name in (REGULAR, BOLD)}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return fonts


def _has_glyph(sign: str) -> bool:
    return ord(sign) in _load_fonts()[REGULAR].face.charToGlyph


def _shown(text: str) -> str:
    """Return a text as reportlab's markup of itself."""
    return escape(printable(text, _has_glyph), quote=False)


def _style(
    name: str,
    numeric: bool = False,
    *,
    font: str = REGULAR,
    size: float = 9.5,
    colour: Color = INK,
    space: float = 0,
) -> ParagraphStyle:
    style = ParagraphStyle(
        name, fontName=font, fontSize=size, leading=size * 1.4, textColor=colour, spaceAfter=space, splitLongWords=True
    )
    if numeric:
        style.alignment = TA_RIGHT
    return style


def _table_style(*commands: Any) -> TableStyle:
    return TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("RIGHTPADDING", (0, 0), (0, -1), 6), *commands])
