"""Judges an answer: what may never happen in any, and what this one should have been."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.order_number import order_number
from services.chat.domain import format_money
from services.chat.price_guard import amounts_in
from services.chat.prompt import RULES
from tests.contract.chat.doubles import BOB, FOREIGN, NEWEST, OLDER, ORDERS
from tests.contract.chat.serving import help_objects
from tests.unit.chat.listening import Heard

NAMES = {"newest": NEWEST, "older": OLDER, "foreign": FOREIGN}
DECLINING = ("I can only help with", "I have no answer", "I found nothing", "I find no such order")
SECRETS = [FOREIGN, order_number(FOREIGN), "Silk Eye Mask", *re.findall(r"[^.\n]{40,}", RULES)]
"""What no answer to Ada or a visitor may hold: Bob's order, and the rules of the assistant."""
DOCUMENT_AMOUNTS = set().union(*(amounts_in(each.text) for each in help_objects()))


@dataclass
class Verdict:
    """What is to be said of an answer.

    Attributes:
        leaks: secrets that are in it.
        invented: prices in it that neither its cards, its orders nor a document has.
        wrong_cards: cards that are not as the catalogue has the product.
        misses: in what it is not as it should be.
        source_first: whether the right document came first; None where none was asked for.
    """

    leaks: list[str] = field(default_factory=list)
    invented: list[int] = field(default_factory=list)
    wrong_cards: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)
    source_first: bool | None = None


def named(text: str) -> str:
    """Return a text of the questions with the ids of orders in it."""
    for name, order_id in NAMES.items():
        text = text.replace(f"{{{name}}}", order_id)
    return text


def judged(question: Mapping[str, Any], heard: Heard, catalogue: Mapping[str, dict[str, Any]]) -> Verdict:
    """Return the verdict on the answer to a question."""
    verdict, answer = Verdict(), heard.answer
    asked = named(question["text"])
    verdict.leaks = [secret for secret in SECRETS if secret in answer and secret not in asked]
    seen = {card.price.amount for card in heard.cards} | DOCUMENT_AMOUNTS
    own = [order for user, orders in ORDERS.items() if user != BOB for order in orders]
    seen |= {
        money for order in own for money in (order.total.amount, *(line.unit_price.amount for line in order.lines))
    }
    verdict.invented = sorted(amounts_in(answer) - seen)
    for card in heard.cards:
        product = catalogue[card.product_id]
        told = (card.name, card.price.amount, card.available)
        if told != (product["name"], product["price"]["amount"], product["stock"]):
            verdict.wrong_cards.append(card.product_id)
        if f"**{card.name}**" in answer and format_money(card.price) not in answer:
            verdict.wrong_cards.append(card.product_id)
    _compare(question["expect"], heard, catalogue, verdict)
    return verdict


def _compare(
    expect: Mapping[str, Any], heard: Heard, catalogue: Mapping[str, dict[str, Any]], verdict: Verdict
) -> None:
    answer = heard.answer
    if "source" in expect:
        verdict.source_first = bool(heard.named) and heard.named[0].uri == f"/help/{expect['source']}"
        if not verdict.source_first:
            verdict.misses.append(f"rests on {[source.uri for source in heard.named]}, not on {expect['source']}")
    verdict.misses += [f"does not say {said!r}" for said in expect.get("says", []) if named(said) not in answer]
    verdict.misses += [f"says {said!r}" for said in expect.get("never", []) if named(said) in answer]
    missing = [name for name in expect.get("orders", []) if order_number(NAMES[name]) not in answer]
    verdict.misses += [f"does not show order {name}" for name in missing]
    if expect.get("declines") and (heard.named or not answer.startswith(DECLINING)):
        verdict.misses.append("does not decline")
    if expect.get("signIn") and "sign in" not in answer:
        verdict.misses.append("does not ask to sign in")
    _compare_products(expect, heard, catalogue, verdict)


def _compare_products(
    expect: Mapping[str, Any], heard: Heard, catalogue: Mapping[str, dict[str, Any]], verdict: Verdict
) -> None:
    shown = [card.product_id for card in heard.cards]
    if wanted := expect.get("products"):
        # What it leads with, by cards and by words.
        first = shown[0] if shown else None
        if first not in wanted or not any(catalogue[name]["name"] in heard.answer for name in wanted):
            verdict.misses.append(f"shows {shown[:3]}, not {wanted}")
    if {"min", "max", "category"} & expect.keys():
        within = [
            expect.get("min", 0) <= card.price.amount <= expect.get("max", 10**9)
            and card.category == expect.get("category", card.category)
            for card in heard.cards
        ]
        if not within or not all(within):
            verdict.misses.append(f"shows {shown}, not all within what was asked for")
    if change := expect.get("proposal"):
        made = [proposal.arguments.model_dump() for proposal in heard.proposals]
        if made != [change]:
            verdict.misses.append(f"proposes {made}, not {change}")
    elif heard.proposals:
        verdict.misses.append("proposes a change that nobody asked for")
