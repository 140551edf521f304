"""Renders an e-mail: its subject, its HTML, and the same in plain text.

The words are in ``templates/words/<template>.txt``: the subject, an empty line, the heading, an empty line, paragraphs.
HTML and text are made from the same words, facts, lines and totals, so that neither can say what the other does not.
"""

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template

from documents.formatting import format_address, format_money, single_line
from schemas.contract import Line
from services.notifications.delivery_addresses import OrderDelivery
from services.notifications.domain import Email

TEMPLATES = Path(__file__).parent / "templates"
MAX_SUBJECT_LENGTH = 150


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """An e-mail as it is sent; ``headers`` are those that it has besides the usual ones."""

    subject: str
    html: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)


class SafeText(str):
    """Text that was escaped already, and is not escaped again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class EmailFormat:
    """One of the two formats of an e-mail.

    Attributes:
        folder: of its templates.
        suffix: of their files.
        escape: makes a value safe in this format.
    """

    folder: str
    suffix: str
    escape: Callable[[str], str]

    def render(self, name: str, /, **values: str) -> SafeText:
        """Return a template with its values, escaped unless they are SafeText; raises KeyError where one is missing."""
        safe = {key: value if isinstance(value, SafeText) else self.escape(value) for key, value in values.items()}
        return SafeText(_template(f"{self.folder}/{name}.{self.suffix}").substitute(safe))

    def render_each(self, name: str, rows: Iterable[dict[str, str]]) -> SafeText:
        """Return a template once for each row of values."""
        return SafeText("".join(self.render(name, **row) for row in rows))

    def render_section(self, name: str, rows: SafeText) -> SafeText:
        """Return a template around rows, or nothing where there are none."""
        return self.render(name, rows=rows) if rows else rows


HTML = EmailFormat("html", "html", lambda value: html.escape(single_line(value)))
TEXT = EmailFormat("text", "txt", single_line)


@cache
def _template(name: str) -> Template:
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))


def render_email(
    email: Email,
    name: str | None,
    shop_url: str,
    delivery: OrderDelivery | None = None,
    unsubscribe_token: str | None = None,
) -> RenderedEmail:
    """Return an e-mail in both formats.

    Parameters:
        email: its content.
        name: of the recipient, if it is known.
        shop_url: address of the shop, without a slash at its end.
        delivery: where the order goes, for an e-mail that names it, and the link that shows the order.
        unsubscribe_token: by which the recipient gets no more such e-mails, for one that needs their consent.

    Raises KeyError where a template has a placeholder without a value.
    """
    words = {key: single_line(value) for key, value in email.words.items()}
    subject, heading, *paragraphs = _template(f"words/{email.template}.txt").substitute(words).strip().split("\n\n")
    facts_of_delivery = (
        {"Delivery address": format_address(delivery.address)} if delivery and email.names_address else {}
    )
    named = {**email.facts, **facts_of_delivery}
    signed = delivery.link_path if delivery and email.link.signed else None
    greeting = f"Hello {single_line(name)}," if name else "Hello,"

    def render(email_format: EmailFormat) -> SafeText:
        facts = ({"label": label, "value": value} for label, value in named.items())
        return email_format.render(
            "layout",
            subject=subject,
            preview=paragraphs[0],
            heading=heading,
            greeting=greeting,
            paragraphs=email_format.render_each("paragraph", ({"words": paragraph} for paragraph in paragraphs)),
            facts=email_format.render_section("facts", email_format.render_each("fact", facts)),
            lines=email_format.render_section(
                "lines", email_format.render_each("line", map(_line_values, email.lines))
            ),
            totals=email_format.render_section("totals", _render_totals(email_format, email)),
            label=email.link.label,
            url=shop_url + (signed or email.link.path),
            withdrawal=_render_withdrawal(email_format, email, shop_url + (signed or "")),
            unsubscribe=_render_unsubscribe(email_format, shop_url, unsubscribe_token),
            shop=shop_url,
        )

    return RenderedEmail(
        subject=single_line(subject)[:MAX_SUBJECT_LENGTH],
        html=render(HTML),
        text=render(TEXT),
        headers=_unsubscribe_headers(shop_url, unsubscribe_token) if unsubscribe_token else {},
    )


def _unsubscribe_headers(shop_url: str, token: str) -> dict[str, str]:
    """Return the headers by which a mail program offers to unsubscribe with one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{shop_url}/api/mail-preferences/{token}/unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _render_unsubscribe(email_format: EmailFormat, shop_url: str, token: str | None) -> SafeText:
    if token is None:
        return SafeText("")
    return email_format.render("unsubscribe", url=f"{shop_url}/unsubscribe/{token}")


def _line_values(line: Line) -> dict[str, str]:
    # Without its picture: the shop's are SVG, which mail programs do not show.
    return {
        "quantity": str(line.quantity),
        "name": line.name,
        "price": format_money(line.unit_price),
        "amount": format_money(line.unit_price * line.quantity),
    }


def _render_totals(email_format: EmailFormat, email: Email) -> SafeText:
    rows = [{"label": label, "amount": format_money(money)} for label, money in email.totals.items()]
    return SafeText(email_format.render_each("total", rows[:-1]) + email_format.render_each("grand-total", rows[-1:]))


def _render_withdrawal(email_format: EmailFormat, email: Email, address: str) -> SafeText:
    if not email.offers_withdrawal:
        return SafeText("")
    return email_format.render("withdrawal", url=f"{address}/withdraw")
