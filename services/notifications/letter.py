"""Writes a mail out as a letter: its subject, its HTML, and the same in plain text.

The words are in ``templates/words/<template>.txt``: the subject, an empty line, the heading, an empty
line, paragraphs. HTML and text are two forms of the same words, facts, lines and totals, so neither
can say what the other does not.
"""

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from schemas.contract import Line
from services.notifications.domain import Mail
from services.notifications.wording import amount, one_line

FOLDER = Path(__file__).parent / "templates"
MAX_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is sent."""

    subject: str
    html: str
    text: str


class Written(str):
    """Text that is in its form already, and is not to be escaped again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a letter: the parts in a folder of templates, and how a value is put into them."""

    folder: str
    suffix: str
    escape: Callable[[str], str]

    def part(self, name: str, /, **values: str) -> Written:
        """Return a part with its values, escaped unless they are Written; raises KeyError where one is missing."""
        safe = {key: value if isinstance(value, Written) else self.escape(value) for key, value in values.items()}
        return Written(_template(f"{self.folder}/{name}.{self.suffix}").substitute(safe))

    def parts(self, name: str, rows: Iterable[dict[str, str]]) -> Written:
        """Return one part after the other."""
        return Written("".join(self.part(name, **row) for row in rows))

    def section(self, name: str, rows: Written) -> Written:
        """Return the part around rows, or nothing where there are none."""
        return self.part(name, rows=rows) if rows else rows


HTML = Form("html", "html", lambda value: html.escape(one_line(value)))
TEXT = Form("text", "txt", one_line)


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text(encoding="utf-8"))


def letter_of(mail: Mail, name: str | None, shop_url: str) -> Letter:
    """Write a mail out.

    Parameters:
        mail: what it says.
        name: the recipient's, if it is known.
        shop_url: where the shop is, without a slash at its end.
    """
    words = {key: one_line(value) for key, value in mail.words.items()}
    subject, heading, *paragraphs = _template(f"words/{mail.template}.txt").substitute(words).strip().split("\n\n")
    greeting = f"Hello {one_line(name)}," if name else "Hello,"

    def written(form: Form) -> Written:
        return form.part(
            "layout",
            subject=subject,
            preview=paragraphs[0],
            heading=heading,
            greeting=greeting,
            paragraphs=form.parts("paragraph", ({"words": paragraph} for paragraph in paragraphs)),
            facts=form.section(
                "facts", form.parts("fact", ({"label": label, "value": value} for label, value in mail.facts.items()))
            ),
            lines=form.section("lines", form.parts("line", (_line(line) for line in mail.lines))),
            totals=form.section("totals", _totals(form, mail)),
            label=mail.link.label,
            url=shop_url + mail.link.path,
            shop=shop_url,
        )

    return Letter(subject=one_line(subject)[:MAX_SUBJECT], html=written(HTML), text=written(TEXT))


def _line(line: Line) -> dict[str, str]:
    # Without its picture: ours are SVG, which mail programs do not show.
    return {
        "quantity": str(line.quantity),
        "name": line.name,
        "price": amount(line.unit_price),
        "amount": amount(line.unit_price * line.quantity),
    }


def _totals(form: Form, mail: Mail) -> Written:
    rows = [{"label": label, "amount": amount(money)} for label, money in mail.totals.items()]
    return Written(form.parts("total", rows[:-1]) + form.parts("grand-total", rows[-1:]))
