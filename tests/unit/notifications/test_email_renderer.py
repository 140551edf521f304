"""Rendered e-mails: both formats say the same, and nothing that came from outside is more than text."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from documents.formatting import format_money, single_line
from schemas.commands import ShippingAddress
from schemas.event import Event
from schemas.order_number import order_number
from services.notifications.delivery_addresses import OrderDelivery
from services.notifications.domain import Email
from services.notifications.email_renderer import MAX_SUBJECT_LENGTH, RenderedEmail, render_email
from tests.unit.notifications.conftest import email_of

SHOP = "https://shop.example"
Events = Callable[..., list[Event]]
KINDS = range(10)


class Page(HTMLParser):
    """What a mail program sees in the HTML of an e-mail."""

    VOID = frozenset(["meta", "br", "img", "hr", "link", "input"])

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.roles: list[str | None] = []
        self.language: str | None = None
        self._open: list[str] = []
        self._words: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.append(tag)
        if tag not in self.VOID:
            self._open.append(tag)
        if tag == "a":
            self.links.append(held["href"] or "")
        if tag == "html":
            self.language = held["lang"]
        assert not any(name.startswith("on") for name in held)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self._words.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split())


def written(event: Event, name: str | None = "Ada") -> tuple[Email, RenderedEmail]:
    mail = email_of(event)
    return mail, render_email(mail, name, SHOP)


@pytest.mark.parametrize("kind", KINDS)
def test_both_formats_say_all_that_the_mail_says(events: Events, kind: int) -> None:
    mail, rendered = written(events("Cup & <saucer>")[kind])
    page = Page(rendered.html)

    heading, greeting, first_paragraph, *_ = rendered.text.split("\n\n")
    said = [heading, greeting, first_paragraph, mail.link.label]
    said += [*mail.facts, *mail.facts.values(), *mail.totals, *map(format_money, mail.totals.values())]
    for line in mail.lines:
        said += [
            line.name,
            f"{line.quantity} × {format_money(line.unit_price)}",
            format_money(line.unit_price * line.quantity),
        ]
    assert greeting == "Hello Ada,"
    for each in said:
        assert each in page.words
        assert each in rendered.text
    withdrawal = {f"{SHOP}/withdraw"} if mail.offers_withdrawal else set()
    assert set(page.links) == {SHOP, SHOP + mail.link.path} | withdrawal
    assert f"{mail.link.label}: {SHOP}{mail.link.path}\n" in rendered.text


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_from_outside_becomes_markup_or_a_line_or_a_header(events: Events, hostile: str, kind: int) -> None:
    _, harmless = written(events("harmless")[kind], name="Ada")
    _, rendered = written(events(hostile)[kind], name=hostile)

    assert Page(rendered.html).tags == Page(harmless.html).tags
    assert "<script" not in rendered.html
    assert "script" not in Page(rendered.html).tags
    assert len(rendered.text.splitlines()) == len(harmless.text.splitlines())
    assert rendered.subject == single_line(rendered.subject)
    assert "\u202e" not in rendered.html + rendered.text + rendered.subject
    assert single_line(hostile) in rendered.text
    assert single_line(hostile) in Page(rendered.html).words


@pytest.mark.parametrize("kind", KINDS)
def test_no_placeholder_is_left_open(events: Events, kind: int) -> None:
    _, rendered = written(events("Cup")[kind])

    for sign in ("${", "$o", "$w", "$r", "$n", "$l"):
        assert sign not in rendered.subject + rendered.html + rendered.text


@pytest.mark.parametrize("kind", KINDS)
def test_an_email_is_accessible_and_small(events: Events, kind: int) -> None:
    _, rendered = written(events("Cup")[kind])
    page = Page(rendered.html)

    assert page.language == "en"
    assert page.tags.count("h1") == 1
    assert "title" in page.tags
    assert "img" not in page.tags
    assert len(rendered.html) < 20_000  # far below the 102 kB at which Gmail cuts a mail off


def test_the_confirmation_of_an_order(events: Events) -> None:
    _, rendered = written(events("Kettle")[0], name=None)

    assert rendered.subject == f"Your order {order_number('k7f3q2m')} is confirmed"
    assert rendered.text == (
        "Thank you for your order\n"
        "\n"
        "Hello,\n"
        "\n"
        "We have your payment and are packing your parcel now. There is nothing more you need to do.\n"
        "\n"
        "We write again as soon as it is on its way.\n"
        "\n"
        f"Order: {order_number('k7f3q2m')}\n"
        "Placed: March 1, 2026 at 7:00 AM EST\n"
        "\n"
        "- Kettle: 2 × $64.50 = $129.00\n"
        "- Cup: 1 × $10.50 = $10.50\n"
        "\n"
        "Goods: $139.50\n"
        "Delivery: $5.99\n"
        "Total: $145.49\n"
        "\n"
        "See your order: https://shop.example/orders/k7f3q2m\n"
        "Withdraw from the contract here: https://shop.example/withdraw\n"
        "\n"
        "--\n"
        "You get this e-mail because of what you did at e-com67: https://shop.example\n"
    )


def test_an_address_is_one_line_and_no_markup(events: Events) -> None:
    mail = email_of(events("Cup")[0])
    address = ShippingAddress(
        name="Ada <b>&", line1="1 Quay", line2="Flat 2", city="Riga", postal_code="97", country="LV"
    )

    rendered = render_email(mail, "Ada", SHOP, OrderDelivery(address, link_path=None))

    assert (
        "Placed: March 1, 2026 at 7:00 AM EST\nDelivery address: Ada <b>&, 1 Quay, Flat 2, 97 Riga, LV\n"
        in rendered.text
    )
    assert "Ada <b>&, 1 Quay, Flat 2, 97 Riga, LV" in Page(rendered.html).words
    assert "<b>" not in rendered.html


def test_a_subject_stays_short(events: Events) -> None:
    mail = email_of(events("Cup")[0]).model_copy(update={"words": {"order": "x" * 500}})

    assert len(render_email(mail, None, SHOP).subject) == MAX_SUBJECT_LENGTH
